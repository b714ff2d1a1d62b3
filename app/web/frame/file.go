package frame

import (
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/execution"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/store"
)

// ResourceFile serves a content that a publication names to whoever may run a
// procedure that shows it, or is in the middle of one; what the project itself
// shows, to whoever may see the project; and any to those who write it.
func (s *Site) ResourceFile(w http.ResponseWriter, v *Visit) error {
	hash := v.PathValue("hash")
	holders := s.Hold(v).Holders(hash)
	for _, may := range []func(*Visit, publication.Holder) (bool, error){s.showsFile, s.runsFile, s.wroteFile} {
		for _, h := range holders {
			v.Enter(h.Domain)
			ok, err := may(v, h)
			if err != nil {
				return err
			}
			if ok {
				return s.SendFile(w, v, h.File, shownInPage(h.File.Type))
			}
		}
	}
	return s.writtenFile(w, v, hash)
}

// showsFile reports whether a publication shows the visitor a file of its own.
func (s *Site) showsFile(v *Visit, h publication.Holder) (bool, error) {
	if h.Open() && v.May(access.SeeProject, PublishedThing(h.Domain, h.Offer)) {
		return true, nil
	}
	entries, err := h.Entries()
	return slices.ContainsFunc(entries, func(l publication.Listed) bool { return v.May(access.RunProcedure, EntryThing(h.Domain, l)) }), err
}

// runsLooked is how many of the executions of a person that go on are looked at.
const runsLooked = 20

// runsFile reports whether the visitor is in the middle of a procedure that shows
// the file: it is theirs to the end, whoever it is for since.
func (s *Site) runsFile(v *Visit, h publication.Holder) (bool, error) {
	if !v.May(access.SignedIn, access.Thing{}) {
		return false, nil
	}
	project, err := s.ProjectID(v, h.Domain, h.Project().UID)
	if err != nil {
		return false, err
	}
	page, err := s.Activity.Executions(v.Context(), store.ExecutionFilter{
		Project: project, Version: h.Manifest().Number.String(), User: v.Who.ID, Open: true, Limit: runsLooked,
	})
	for _, e := range page.Executions {
		shown, err := h.ShownBy(e.Procedure)
		if err != nil || shown {
			return shown, err
		}
	}
	return false, err
}

// wroteFile reports whether the visitor may read the project of a publication in
// the Studio: its versions of before show what it has no more.
func (s *Site) wroteFile(v *Visit, h publication.Holder) (bool, error) {
	if s.Role&Edition == 0 || !v.May(access.EnterStudio, access.Thing{}) {
		return false, nil
	}
	p, err := s.Content.ProjectByUID(v.Context(), h.Domain, h.Project().UID)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	thing, err := s.WrittenThing(v, p)
	return err == nil && v.May(access.ReadProject, thing), err
}

// writtenFile gives writers what no version has yet: they see their pictures
// before anyone else does.
func (s *Site) writtenFile(w http.ResponseWriter, v *Visit, hash string) error {
	if s.Role&Edition == 0 || !v.May(access.EnterStudio, access.Thing{}) {
		return Unknown()
	}
	projects, err := s.Content.ProjectsOfFile(v.Context(), hash)
	if err != nil {
		return err
	}
	for _, p := range projects {
		thing, err := s.WrittenThing(v, p)
		if err != nil {
			return err
		}
		if v.May(access.ReadProject, thing) {
			f, _ := p.Data.FileOf(hash)
			return s.SendFile(w, v, f, shownInPage(f.Type))
		}
	}
	return Unknown()
}

// shownInPage are the types that pages show; all others are given to keep.
func shownInPage(mediaType string) bool {
	family, _, _ := strings.Cut(mediaType, "/")
	return family == "image" || family == "audio" || family == "video" || mediaType == "application/pdf"
}

// SendFile sends a stored file: as it is named, never run, for ever the same.
// What may be seen is decided before; private caches only may keep it.
func (s *Site) SendFile(w http.ResponseWriter, v *Visit, f procedure.File, inline bool) error {
	content, _, err := s.Files.Open(f.Hash)
	if err != nil {
		return fmt.Errorf("open file %s: %w", f.Hash, err)
	}
	defer content.Close()
	h := w.Header()
	h.Set("Content-Type", f.Type)
	h.Set("Content-Security-Policy", filePolicy)
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cache-Control", "private, max-age=31536000, immutable")
	h.Set("ETag", `"`+f.Hash+`"`)
	h.Set("Content-Disposition", disposition(f.Name, inline))
	http.ServeContent(w, v.Request, "", time.Time{}, content)
	return nil
}

// disposition writes a file's name so that no sign in it means anything else
// (RFC 6266).
func disposition(name string, inline bool) string {
	kind := "attachment"
	if inline {
		kind = "inline"
	}
	if written := mime.FormatMediaType(kind, map[string]string{"filename": name}); written != "" {
		return written
	}
	return kind
}

// fileOfResource is the address of a resource's content in the best language.
func fileOfResource(r *procedure.Resource, langs []string) string {
	for _, lang := range append(langs, "") {
		if f, ok := r.Files[lang]; ok {
			return execution.FileURL(f.Hash, f.Name)
		}
	}
	return ""
}
