package frame

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"

	"selfhelp/app/execution"
	"selfhelp/app/fault"
	"selfhelp/app/transfer"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// Statuses are the kinds of failure as HTTP says them.
var Statuses = map[fault.Kind]int{
	fault.Internal:        http.StatusInternalServerError,
	fault.Invalid:         http.StatusUnprocessableEntity,
	fault.NotFound:        http.StatusNotFound,
	fault.Conflict:        http.StatusConflict,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.TooLarge:        http.StatusRequestEntityTooLarge,
	fault.Unsupported:     http.StatusUnsupportedMediaType,
	fault.Late:            http.StatusRequestTimeout,
	fault.Limited:         http.StatusTooManyRequests,
	fault.Unavailable:     http.StatusServiceUnavailable,
}

// fail is the one place where an error becomes an answer: a page that says
// what happened and what to do, problem+json for programs, or the way to the
// sign-in page.
func (s *Site) fail(w http.ResponseWriter, v *Visit, err error) {
	err = late(v, tooLarge(v, err))
	kind := fault.KindOf(err)
	s.logFailure(v, kind, err)
	s.noteRefusal(v, kind)
	if kind == fault.Late { // the connection is given up, and the answer goes out before
		w.Header().Set("Connection", "close")
		v.Request = v.Request.WithContext(context.WithoutCancel(v.Context()))
	}
	if kind == fault.TooLarge { // the rest is not waited for: the answer would come when it is late
		w.Header().Set("Connection", "close")
	}
	switch kind {
	case fault.Limited:
		w.Header()["Retry-After"] = waitOf(err).header
	case fault.Unavailable:
		w.Header().Set("Retry-After", "10")
	}
	signIn := ""
	if kind == fault.Unauthenticated && !v.forProgram() {
		signIn = s.keepUnsent(w, v)
	}
	switch {
	case kind == fault.Limited && !v.forProgram() && s.turnAway(w, v, err):
	case v.forProgram():
		s.failProgram(w, v, kind, err)
	case kind == fault.Unauthenticated && v.mayBeAskedToSignIn():
		s.noteRefused(w, v)
		GoTo(w, v, SignInAt(v.URL.RequestURI()))
	case signIn != "":
		GoTo(w, v, signIn)
	case v.owes.Password && kind == fault.Forbidden && v.mayBeAskedToSignIn():
		GoTo(w, v, "/me")
	default:
		s.failPage(w, v, kind, err)
	}
}

// tooLarge recognises a body that went over its route's limit. A form of a few words
// is told by what makes it so long.
func tooLarge(v *Visit, err error) error {
	if over, ok := errors.AsType[*http.MaxBytesError](err); ok && fault.KindOf(err) == fault.Internal {
		if v.route != nil && v.route.TooLong != "" {
			return fault.Because(fault.TooLarge, err, v.route.TooLong)
		}
		return fault.Because(fault.TooLarge, err, "fault.too_large", fault.Bytes(over.Limit))
	}
	return err
}

// logFailure tells operators what they can act on; the rest is in the access
// log by its status.
func (s *Site) logFailure(v *Visit, kind fault.Kind, err error) {
	if kind != fault.Internal && kind != fault.Unavailable {
		return
	}
	if key, _ := fault.TextOf(err); key == nothingKey {
		return // the log says so once, for all who ask
	}
	if v.Context().Err() != nil {
		return // the browser left: what failed because of it is no news
	}
	attrs := []slog.Attr{slog.String("request", v.ID), slog.String("kind", kind.String()), slog.Any("error", err)}
	if e, ok := errors.AsType[*fault.Error](err); ok && e.Hint != "" {
		attrs = append(attrs, slog.String("hint", e.Hint))
	}
	s.Log.LogAttrs(v.Context(), slog.LevelError, "request failed", attrs...)
}

// PasswordTooLong is why a form of a login and a password is refused by its length:
// nothing else that is typed there is long.
const PasswordTooLong = "fault.password.sent"

// crossKey is why a form that another site sends is refused.
const crossKey = "fault.cross_origin"

var ownFailures = map[string]string{crossKey: "fail.cross_origin", PasswordTooLong: "fail.too_long", "fault.store.fenced": "fail.fenced", nothingKey: "fail.nothing_yet"} // said in words of their own

// forProgram reports whether the visit is to an address of programs.
func (v *Visit) forProgram() bool {
	return strings.HasPrefix(v.URL.Path, "/api/") || strings.HasPrefix(v.URL.Path, "/scim/")
}

// mayBeAskedToSignIn holds for pages one can come back to.
func (v *Visit) mayBeAskedToSignIn() bool {
	return v.Method == http.MethodGet || v.Method == http.MethodHead
}

// Problem is a failure as RFC 9457 writes it.
type Problem struct {
	Type     string            `json:"type"`
	Title    string            `json:"title"`
	Status   int               `json:"status"`
	Detail   string            `json:"detail"`
	Instance string            `json:"instance"` // id of the request
	Fields   map[string]string `json:"fields,omitempty"`
}

// MediaProblem is the type of a failure that programs read.
const MediaProblem = "application/problem+json"

// Problem says a failure of a kind to a program.
func (v *Visit) Problem(kind fault.Kind, err error) Problem {
	key, args := fault.TextOf(err)
	return Problem{
		Type: "urn:selfhelp:" + kind.String(), Title: v.Words.T("fail." + kind.String() + ".title"), Status: Statuses[kind],
		Detail: v.Sentence(key, args), Instance: v.ID, Fields: v.FieldTexts(err),
	}
}

func (s *Site) failProgram(w http.ResponseWriter, v *Visit, kind fault.Kind, err error) {
	key, _ := fault.TextOf(err)
	if said := v.challenge(kind, key); said != "" {
		w.Header().Set("WWW-Authenticate", said)
	}
	refuse := Refuse(showProblem)
	if v.route != nil && v.route.Refuse != nil {
		refuse = v.route.Refuse
	}
	if err := refuse(w, v, kind, err); err != nil {
		s.Log.Error("failure not sent", "request", v.ID, "error", err)
	}
}

func showProblem(w http.ResponseWriter, v *Visit, kind fault.Kind, err error) error {
	p := v.Problem(kind, err)
	return ShowJSON(w, p.Status, MediaProblem, p)
}

// Sentence says a failure: in the words of the interface, of what looks into
// files and archives, or of the engine, which have catalogues of their own.
func (v *Visit) Sentence(key string, args []any) string {
	if v.Words.Has(key) {
		return v.Words.T(key, args...)
	}
	if transfer.Messages()[key] != nil {
		return transfer.Problem{Key: key, Args: args}.Sentence(v.Words.Lang())
	}
	return execution.Message{Key: key, Args: args}.In(v.Words.Lang())
}

// Why says a failure of a form of one field: about the field if it is, else as
// a whole.
func (v *Visit) Why(err error) string {
	for _, words := range v.FieldTexts(err) {
		return words
	}
	key, args := fault.TextOf(err)
	return v.Sentence(key, args)
}

// FieldTexts are the sentences about each field of a refused form.
func (v *Visit) FieldTexts(err error) map[string]string {
	keys := fault.FieldsOf(err)
	if keys == nil {
		return nil
	}
	texts := make(map[string]string, len(keys))
	for field := range keys {
		key, args := fault.FieldText(err, field)
		texts[field] = v.Sentence(key, args)
	}
	return texts
}

func (s *Site) failPage(w http.ResponseWriter, v *Visit, kind fault.Kind, err error) {
	key, args := fault.TextOf(err)
	page := views.Failure{
		Chrome: v.Chrome(ui.Portal, v.Words.T("fail."+kind.String()+".title")),
		Kind:   kind.String(), Why: v.Sentence(key, args), Request: v.ID,
	}
	if kind == fault.Unauthenticated {
		page.SignIn = SignInAt(s.formPage(v))
	}
	if own := ownFailures[key]; own != "" {
		page.Title, page.Do = v.Words.T(own+".title"), v.Words.T(own+".do")
	} else if key == runOnlyKey {
		s.narrow(v, &page)
	}
	if key == nothingKey {
		if first, err := s.FirstAwaited(v); err == nil && first != "" { // it may be who sets it up
			page.Do = first
		}
	}
	s.tellUnsaved(v, &page)
	tellScript(w, v, err)
	if err := ShowStatus(w, v, Statuses[kind], page.View()); err != nil {
		s.Log.Error("failure not sent", "request", v.ID, "error", err)
		w.WriteHeader(http.StatusInternalServerError)
	}
}

// NotFound answers every address that no route has, and those whose route
// wants another method.
func (s *Site) NotFound(w http.ResponseWriter, v *Visit) error {
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
			p := Problem{Type: "urn:selfhelp:method", Title: v.Words.T("fail.method.title"), Status: http.StatusMethodNotAllowed, Detail: v.Words.T("fault.method"), Instance: v.ID}
			return ShowJSON(w, p.Status, MediaProblem, p)
		}
		return ShowStatus(w, v, http.StatusMethodNotAllowed, views.Failure{
			Chrome: v.Chrome(ui.Portal, v.Words.T("fail.method.title")), Kind: "method", Why: v.Words.T("fault.method"), Request: v.ID,
		}.View())
	}
	if trimmed := s.withoutSlash(v.Request); trimmed != "" {
		http.Redirect(w, v.Request, trimmed, http.StatusPermanentRedirect)
		return nil
	}
	if v.forProgram() {
		return fault.New(fault.NotFound, "fault.api.address")
	}
	if told, err := s.writtenElsewhere(w, v); told {
		return err
	}
	if s.Role == Presentation && v.URL.Path == "/forgotten" {
		return fault.New(fault.NotFound, "sign_in.help.elsewhere")
	}
	return fault.New(fault.NotFound, "fault.not_found")
}

// withoutSlash is the address without the slash at its end, where a page has
// that one; "" where none has.
func (s *Site) withoutSlash(r *http.Request) string {
	there := *r.URL
	there.Path, there.RawPath = strings.TrimSuffix(there.Path, "/"), ""
	if there.Path == r.URL.Path || there.Path != path.Clean(there.Path) || r.Method != http.MethodGet {
		return ""
	}
	if _, pattern := s.mux.Handler(&http.Request{Method: r.Method, URL: &there, Host: r.Host}); pattern == "" || pattern == "/" {
		return ""
	}
	return (&url.URL{Path: there.Path, RawQuery: there.RawQuery}).String()
}

// Unreadable is the failure of a form that could not be read.
func Unreadable(err error) error {
	if _, over := errors.AsType[*http.MaxBytesError](err); over {
		return err // fail says the limit
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return fault.Because(fault.Late, err, "fault.late")
	}
	return fault.Because(fault.Invalid, err, "fault.form.unreadable")
}
