package frame

import (
	"fmt"
	"mime"
	"net/http"
	"strings"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/execution"
	"selfhelp/app/procedure"
)

// ResourceFile serves a content that a publication names, to whoever may see
// the publication, and one that a project names to those who write it.
func (s *Site) ResourceFile(w http.ResponseWriter, v *Visit) error {
	hash := v.PathValue("hash")
	for _, h := range s.Hold(v).Holders(hash) {
		v.Enter(h.Domain)
		if v.May(access.SeeProject, PublishedThing(h.Domain, h.Offer)) {
			return s.SendFile(w, v, h.File, shownInPage(h.File.Type))
		}
	}
	return s.writtenFile(w, v, hash)
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
