package web

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"selfhelp/app/execution"
	"selfhelp/app/fault"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// statuses are the kinds of failure as HTTP says them.
var statuses = map[fault.Kind]int{
	fault.Internal:        http.StatusInternalServerError,
	fault.Invalid:         http.StatusUnprocessableEntity,
	fault.NotFound:        http.StatusNotFound,
	fault.Conflict:        http.StatusConflict,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.TooLarge:        http.StatusRequestEntityTooLarge,
	fault.Limited:         http.StatusTooManyRequests,
	fault.Unavailable:     http.StatusServiceUnavailable,
}

// fail is the one place where an error becomes an answer: a page that says
// what happened and what to do, problem+json for programs, or the way to the
// sign-in page.
func (s *Site) fail(w http.ResponseWriter, v *visit, err error) {
	err = tooLarge(err)
	kind := fault.KindOf(err)
	s.logFailure(v, kind, err)
	if kind == fault.Limited || kind == fault.Unavailable {
		w.Header().Set("Retry-After", "10")
	}
	switch {
	case v.forProgram():
		s.failProgram(w, v, kind, err)
	case kind == fault.Unauthenticated && v.mayBeAskedToSignIn():
		goTo(w, v, "/login?next="+url.QueryEscape(v.URL.RequestURI()))
	case v.renew && kind == fault.Forbidden && v.mayBeAskedToSignIn():
		goTo(w, v, "/me")
	default:
		s.failPage(w, v, kind, err)
	}
}

// tooLarge recognises a body that went over its route's limit.
func tooLarge(err error) error {
	if over, ok := errors.AsType[*http.MaxBytesError](err); ok && fault.KindOf(err) == fault.Internal {
		return fault.Because(fault.TooLarge, err, "fault.too_large", ui.In().Size(over.Limit))
	}
	return err
}

// logFailure tells operators what they can act on; the rest is in the access
// log by its status.
func (s *Site) logFailure(v *visit, kind fault.Kind, err error) {
	if kind != fault.Internal && kind != fault.Unavailable {
		return
	}
	if v.Context().Err() != nil {
		return // the browser left: what failed because of it is no news
	}
	attrs := []slog.Attr{slog.String("request", v.id), slog.String("kind", kind.String()), slog.Any("error", err)}
	if e, ok := errors.AsType[*fault.Error](err); ok && e.Hint != "" {
		attrs = append(attrs, slog.String("hint", e.Hint))
	}
	s.log.LogAttrs(v.Context(), slog.LevelError, "request failed", attrs...)
}

// forProgram reports whether the visit is of the API.
func (v *visit) forProgram() bool { return strings.HasPrefix(v.URL.Path, "/api/") }

// mayBeAskedToSignIn holds for pages one can come back to.
func (v *visit) mayBeAskedToSignIn() bool {
	return v.Method == http.MethodGet || v.Method == http.MethodHead
}

// problem is a failure as RFC 9457 writes it.
type problem struct {
	Type     string            `json:"type"`
	Title    string            `json:"title"`
	Status   int               `json:"status"`
	Detail   string            `json:"detail"`
	Instance string            `json:"instance"` // id of the request
	Fields   map[string]string `json:"fields,omitempty"`
	// Execution is where the execution stands whose page was not answered well.
	Execution *apiState `json:"execution,omitempty"`
}

const mediaProblem = "application/problem+json"

// problem says a failure of a kind to a program.
func (v *visit) problem(kind fault.Kind, err error) problem {
	key, args := fault.TextOf(err)
	return problem{
		Type: "urn:selfhelp:" + kind.String(), Title: v.words.T("fail." + kind.String() + ".title"), Status: statuses[kind],
		Detail: v.sentence(key, args), Instance: v.id, Fields: v.fieldTexts(err),
	}
}

func (s *Site) failProgram(w http.ResponseWriter, v *visit, kind fault.Kind, err error) {
	p := v.problem(kind, err)
	if kind == fault.Unauthenticated {
		w.Header().Set("WWW-Authenticate", `Bearer realm="execution"`)
	}
	if err := showJSON(w, p.Status, mediaProblem, p); err != nil {
		s.log.Error("failure not sent", "request", v.id, "error", err)
	}
}

// sentence says a failure: in the words of the interface, or of the engine,
// which has a catalogue of its own.
func (v *visit) sentence(key string, args []any) string {
	if v.words.Has(key) {
		return v.words.T(key, args...)
	}
	return execution.Message{Key: key, Args: args}.In(v.words.Lang())
}

// why says a failure of a form of one field: about the field if it is, else as
// a whole.
func (v *visit) why(err error) string {
	for _, words := range v.fieldTexts(err) {
		return words
	}
	key, args := fault.TextOf(err)
	return v.sentence(key, args)
}

// fieldTexts are the sentences about each field of a refused form.
func (v *visit) fieldTexts(err error) map[string]string {
	keys := fault.FieldsOf(err)
	if keys == nil {
		return nil
	}
	texts := make(map[string]string, len(keys))
	for field, key := range keys {
		texts[field] = v.sentence(key, nil)
	}
	return texts
}

func (s *Site) failPage(w http.ResponseWriter, v *visit, kind fault.Kind, err error) {
	key, args := fault.TextOf(err)
	page := views.Failure{
		Chrome: v.chrome(ui.Portal, v.words.T("fail."+kind.String()+".title")),
		Kind:   kind.String(), Why: v.sentence(key, args), Request: v.id,
	}
	if err := showStatus(w, v, statuses[kind], page.View()); err != nil {
		s.log.Error("failure not sent", "request", v.id, "error", err)
		w.WriteHeader(http.StatusInternalServerError)
	}
}

// notFound answers every address that no route has, and those whose route
// wants another method.
func (s *Site) notFound(w http.ResponseWriter, v *visit) error {
	var others []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		other := &http.Request{Method: method, URL: v.URL, Host: v.Host}
		if _, pattern := s.mux.Handler(other); pattern != "" && pattern != "/" {
			others = append(others, method)
		}
	}
	if len(others) > 0 {
		w.Header().Set("Allow", strings.Join(others, ", "))
		if v.forProgram() {
			p := problem{Type: "urn:selfhelp:method", Title: v.words.T("fail.method.title"), Status: http.StatusMethodNotAllowed, Detail: v.words.T("fault.method"), Instance: v.id}
			return showJSON(w, p.Status, mediaProblem, p)
		}
		return showStatus(w, v, http.StatusMethodNotAllowed, views.Failure{
			Chrome: v.chrome(ui.Portal, v.words.T("fail.method.title")), Kind: "method", Why: v.words.T("fault.method"), Request: v.id,
		}.View())
	}
	return fault.New(fault.NotFound, "fault.not_found")
}
