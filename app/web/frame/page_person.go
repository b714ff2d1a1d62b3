package frame

import (
	"bufio"
	"bytes"
	"cmp"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"selfhelp/app/fault"
	"selfhelp/app/web/legend"
	"selfhelp/views"
)

// A page stays open while somebody else signs in in its browser: what is typed there
// is not theirs. So each says whom it was made for, in its forms and, where a script
// sends them, in a header. The answer that refuses a form because of who is signed in
// says so to the script in the same header.
const (
	PageField    = "page-person"
	PersonHeader = "Page-Person"

	pagePurpose = "page"
	pageHead    = 1 << 10 // of a form in parts: the field comes first
)

// ranMark stands behind the account where its session was one for running
// procedures.
const ranMark = "/run"

// maker is whom a page was made for.
type maker struct {
	user    string // id, "" when the page does not say
	runOnly bool   // in a session for running procedures
}

// Why a page saves nothing for who is there now.
const (
	personKey     = "fault.person"
	personOutKey  = "fault.person.out"
	personElseKey = "fault.person.else"
)

// markPage is what the pages of a visit say of whom they are made for.
func (s *Site) markPage(v *Visit) string {
	of := v.Who.ID
	if v.RunOnly() {
		of += ranMark
	}
	return s.Keys.Sign(pagePurpose, of)
}

// checkPage reads whom the page of a form was made for, and refuses one that was made
// for somebody else than who is signed in, or was last where nobody is. A page that
// does not say is of a guest, or no page.
func (s *Site) checkPage(v *Visit) error {
	if v.Method != http.MethodPost || !v.route.asks() || v.ByToken() {
		return nil
	}
	now := v.Who.ID
	if !v.Who.SignedIn() {
		now = s.Device(v)
	}
	if now == "" {
		return nil
	}
	said, err := v.takePageField()
	if err != nil {
		return Unreadable(err)
	}
	if said = cmp.Or(v.Header.Get(PersonHeader), said); said == "" {
		return nil
	}
	of, ok := s.Keys.Verify(pagePurpose, said)
	if !ok {
		return fault.New(fault.Conflict, personElseKey)
	}
	of, ran := strings.CutSuffix(of, ranMark)
	if v.page = (maker{of, ran}); of == now {
		return nil
	}
	u, err := s.Content.User(v.Context(), of)
	switch {
	case fault.Is(err, fault.NotFound):
		return fault.New(fault.Conflict, personElseKey)
	case err != nil:
		return err
	case v.Who.SignedIn():
		return fault.New(fault.Conflict, personKey, u.Login, v.Who.Login)
	}
	return fault.New(fault.Conflict, personOutKey, u.Login)
}

// takePageField takes the field of the page out of a form: it is nobody's business
// but ours.
func (v *Visit) takePageField() (string, error) {
	switch kind, params, _ := mime.ParseMediaType(v.Header.Get("Content-Type")); {
	case v.forProgram() || v.ContentLength == 0:
		return "", nil
	case kind == "multipart/form-data":
		return v.peekPageField(params["boundary"]), nil
	case kind != "application/x-www-form-urlencoded":
		return "", nil
	}
	if err := v.ParseForm(); err != nil {
		return "", err
	}
	said := v.PostForm.Get(PageField)
	v.dropPageField()
	return said, nil
}

// peekPageField looks at the first part of a form, and leaves the form unread: what
// comes in parts may be large, and is read once it is allowed.
func (v *Visit) peekPageField(boundary string) string {
	body := bufio.NewReaderSize(v.Body, pageHead)
	v.Body = struct {
		io.Reader
		io.Closer
	}{body, v.Body}
	head, _ := body.Peek(pageHead) // what is wrong is met again by who reads it
	part, err := multipart.NewReader(bytes.NewReader(head), boundary).NextPart()
	if err != nil || part.FormName() != PageField {
		return ""
	}
	said, err := io.ReadAll(part)
	if err != nil {
		return ""
	}
	return string(said)
}

// ParseMultipartForm reads a form in parts, without the field of its page.
func (v *Visit) ParseMultipartForm(memory int64) error {
	err := v.Request.ParseMultipartForm(memory)
	v.dropPageField()
	return err
}

func (v *Visit) dropPageField() {
	for _, form := range []url.Values{v.Form, v.PostForm} {
		form.Del(PageField)
	}
	if v.MultipartForm != nil {
		delete(v.MultipartForm.Value, PageField)
	}
}

// Who is there instead of the person of a page, as a script reads it.
const (
	personEnded = "ended" // nobody
	personOther = "other"
)

// isOfPerson reports whether a failure says that a page is of another account than the
// one that is signed in.
func isOfPerson(err error) bool {
	key, _ := fault.TextOf(err)
	return slices.Contains([]string{personKey, personOutKey, personElseKey}, key)
}

// tellScript says to the script of a page that its form was refused because of who is
// signed in now.
func tellScript(w http.ResponseWriter, v *Visit, err error) {
	switch {
	case v.Method != http.MethodPost || !fault.Is(err, fault.Unauthenticated) && !isOfPerson(err):
	case v.Who.SignedIn():
		w.Header().Set(PersonHeader, personOther)
	default:
		w.Header().Set(PersonHeader, personEnded)
	}
}

// tellUnsaved says on the page of a failure what became of a form that was refused
// before anything of it was done. What was typed in it goes back to the browser that
// sent it, in this one answer, where it is work: Back may lead to an empty form.
func (s *Site) tellUnsaved(v *Visit, page *views.Failure) {
	switch {
	case v.stopped == nil || v.Method != http.MethodPost || v.forProgram():
		return
	case isOfPerson(v.stopped): // which says so
		page.Title, page.Do = v.Words.T("fail.person.title"), v.Words.T("fail.person.do")
	case slices.Contains([]fault.Kind{fault.Forbidden, fault.NotFound, fault.Unauthenticated}, fault.KindOf(v.stopped)):
		page.Unsaved = true
	default:
		return
	}
	if kept, fields, _ := v.work(); fields != nil && !kept.Nothing {
		page.Typed = s.typedLines(v, kept, fields)
	}
}

// typedLines are what was typed, by the labels of the page where it stands as who is
// there now is shown it; where they are shown none, the values alone.
func (s *Site) typedLines(v *Visit, kept Kept, fields url.Values) (lines [][2]string) {
	if page := s.Reread(v, kept.Page); page != nil {
		target, _, _ := strings.Cut(v.target(), "?")
		form, err := legend.Read(page, target, fields, nil)
		if err != nil {
			s.Log.Error("labels not read", "request", v.ID, "error", err)
		}
		for _, l := range form.Lines {
			lines = append(lines, [2]string{l.Label, l.Value})
		}
	}
	if lines == nil {
		for _, value := range typed(fields, kept.Inner) {
			lines = append(lines, [2]string{"", value})
		}
	}
	return lines
}

// work is what was typed in the form of a visit, where its route keeps it, and the
// names of what was given and is left out: passwords, secrets and files. Nil fields
// where there is nothing to keep.
func (v *Visit) work() (kept Kept, fields url.Values, left []string) {
	if v.route.Keep == nil || v.ContentLength <= 0 || v.ContentLength > unsentBody || v.ParseForm() != nil {
		return kept, nil, nil
	}
	for _, name := range append(v.PostForm[UnkeptField], UnkeptField) {
		if name != UnkeptField && strings.Join(v.PostForm[name], "") != "" {
			left = append(left, name)
		}
		v.PostForm.Del(name)
	}
	if v.MultipartForm != nil {
		for name, files := range v.MultipartForm.File {
			if slices.ContainsFunc(files, func(f *multipart.FileHeader) bool { return f.Filename != "" }) {
				left = append(left, name)
			}
		}
	}
	return v.route.Keep(v), v.PostForm, left
}

// typed are the values of a form that people gave, in the order of their names.
func typed(fields url.Values, inner func(name string) bool) (all []string) {
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		for _, value := range fields[name] {
			if !inner(name) && strings.TrimSpace(value) != "" {
				all = append(all, value)
			}
		}
	}
	return all
}

var (
	formBegins = []byte("<form ")
	postMethod = []byte(` method="post"`)
)

// addressed writes a page, and into each of its forms that is posted, first, whom the
// page was made for: in one place, so that none is forgotten. Nothing that people
// write can look like a form: it is escaped, and rich text has none.
func addressed(out *bytes.Buffer, page []byte, mark string) {
	for {
		at := bytes.Index(page, formBegins)
		if at < 0 {
			break
		}
		end := at + bytes.IndexByte(page[at:], '>') + 1
		if end <= at {
			break
		}
		out.Write(page[:end])
		if bytes.Contains(page[at:end], postMethod) {
			out.WriteString(`<input type="hidden" name="` + PageField + `" value="` + mark + `"/>`)
		}
		page = page[end:]
	}
	out.Write(page)
}
