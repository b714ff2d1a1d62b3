package recovery

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/post"
	"selfhelp/app/recovery"
	"selfhelp/app/watch"
	"selfhelp/app/web/admin"
	"selfhelp/app/web/frame"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// Guide is the page that leads through the plan.
type Guide struct{ *admin.Admin }

// New returns the page of an administration.
func New(a *admin.Admin) *Guide { return &Guide{a} }

// Routes are those of the page.
func (s *Guide) Routes() []frame.Route {
	return []frame.Route{
		{Pattern: "GET /admin/recovery", Needs: access.AdministerServer, Role: frame.Edition, Do: s.show},
		{Pattern: "POST /admin/recovery/begin", Needs: access.AdministerServer, Role: frame.Edition, Do: s.begin, Body: frame.PlainBody},
		{Pattern: "POST /admin/recovery/phase", Needs: access.AdministerServer, Role: frame.Edition, Do: s.phase, Body: frame.PlainBody},
		{Pattern: "POST /admin/recovery/end", Needs: access.AdministerServer, Role: frame.Edition, Do: s.end, Body: frame.PlainBody},
		{Pattern: "POST /admin/recovery/told", Needs: access.AdministerServer, Role: frame.Edition, Do: s.told, Body: frame.PlainBody},
	}
}

// errLong says that too much is to be noted at once.
var errLong = errors.New("the text is too long")

// textMost is how many letters may be noted at once.
const textMost = 2000

// show shows where the plan stands.
func (s *Guide) show(w http.ResponseWriter, v *frame.Visit) error {
	page, err := s.page(w, v)
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

// page is the plan as it stands. What a command noted meanwhile comes in first.
func (s *Guide) page(w http.ResponseWriter, v *frame.Visit) (page views.AdminRecovery, err error) {
	if _, err := s.Store.TakeRecoveryNotes(v.Context()); err != nil {
		return page, err
	}
	events, err := s.Content.Recovery(v.Context())
	if err != nil {
		return page, err
	}
	page = views.AdminRecovery{Office: s.Office(w, v, "recovery", v.Words.T("plan.title")), TextMost: textMost}
	told, version, err := s.Post.Told(v.Context())
	if err != nil {
		return page, err
	}
	page.Addresses, page.Version = strings.Join(told.Addresses, "\n"), version
	server, _, err := s.Post.Server(v.Context())
	if err != nil {
		return page, err
	}
	page.Mails = server.Host != ""
	page.Copy = admin.CopyFact(watch.ReplicaOf(s.Store))
	ours := s.Watch.Restorable()
	page.Flags, page.Serve, page.Receive = ours.Flags, ours.Serve, ours.Receive
	runs := recovery.Runs(events)
	slices.Reverse(runs)
	known := names{}
	for _, r := range runs {
		if r.Ended.IsZero() {
			page.Run, err = s.run(v, r, known)
		} else {
			var past views.RecoveryRun
			past, err = s.run(v, r, known)
			page.Past = append(page.Past, past)
		}
		if err != nil {
			return page, err
		}
	}
	return page, nil
}

// run is one course through the plan as the page shows it.
func (s *Guide) run(v *frame.Visit, r recovery.Run, known names) (views.RecoveryRun, error) {
	shown := views.RecoveryRun{Drill: r.Drill, Reason: r.Reason, Begun: r.Begun, Ended: r.Ended, Now: int(r.Now()), Away: r.Away()}
	for _, p := range recovery.Phases {
		shown.Phases = append(shown.Phases, views.RecoveryPhase{Number: int(p), Done: r.Done(p), Letter: p.Notified()})
	}
	for _, e := range r.Events {
		by, err := s.by(v, e.By, known)
		if err != nil {
			return shown, err
		}
		shown.Log = append(shown.Log, views.RecoveryEvent{At: e.At, By: by, Kind: string(e.Kind), Phase: int(e.Phase), Text: e.Text})
	}
	return shown, nil
}

// names are how people are called, by id: each is asked for once.
type names map[string]string

// by is how people call who did something: an account, or who ran a command.
func (s *Guide) by(v *frame.Visit, id string, known names) (string, error) {
	if name, is := known[id]; is {
		return name, nil
	}
	u, err := s.Content.User(v.Context(), id)
	switch {
	case fault.Is(err, fault.NotFound):
		known[id] = id
	case err != nil:
		return "", err
	default:
		known[id] = u.Known()
	}
	return known[id], nil
}

// begin begins a run.
func (s *Guide) begin(w http.ResponseWriter, v *frame.Visit) error {
	text, err := readText(v)
	if err != nil {
		return s.unread(w, v, "reason", err)
	}
	if text == "" {
		return s.refuse(w, v, "reason", "fault.recovery.reason")
	}
	kind := v.PostFormValue("kind")
	if kind != "drill" && kind != "real" { // nothing real begins by mistake
		return fault.New(fault.Invalid, "fault.form")
	}
	run, err := s.open(v)
	if err != nil {
		return err
	}
	if run != nil { // somebody else was quicker
		s.Say(w, ui.Info, "plan.begun_already")
		return frame.GoTo(w, v, "/admin/recovery")
	}
	return s.note(w, v, recovery.Event{Kind: recovery.Begun, Drill: kind == "drill", Text: text}, "plan.begun")
}

// open is the run that goes on, nil when none does.
func (s *Guide) open(v *frame.Visit) (*recovery.Run, error) {
	events, err := s.Content.Recovery(v.Context())
	if err != nil {
		return nil, err
	}
	if runs := recovery.Runs(events); len(runs) > 0 && runs[len(runs)-1].Ended.IsZero() {
		return &runs[len(runs)-1], nil
	}
	return nil, nil
}

// phase notes something, that a phase is done, or sends its letter.
func (s *Guide) phase(w http.ResponseWriter, v *frame.Visit) error {
	text, err := readText(v)
	if err != nil {
		return s.unread(w, v, "text", err)
	}
	run, err := s.open(v)
	if err != nil {
		return err
	}
	if run == nil {
		return fault.New(fault.Conflict, "fault.recovery.over")
	}
	n, err := strconv.Atoi(v.PostFormValue("phase"))
	if err != nil || n < 1 || n > len(recovery.Phases) {
		return frame.Unreadable(err)
	}
	p := recovery.Phase(n)
	switch v.PostFormValue("do") {
	case "done":
		return s.note(w, v, recovery.Event{Kind: recovery.Done, Phase: p, Text: text}, "plan.noted")
	case "send":
		return s.send(w, v, *run, p, text)
	}
	if text == "" {
		return s.refuse(w, v, "text", "fault.recovery.text")
	}
	return s.note(w, v, recovery.Event{Kind: recovery.Noted, Phase: p, Text: text}, "plan.noted")
}

// send writes to who is to know, and enters that it was done.
func (s *Guide) send(w http.ResponseWriter, v *frame.Visit, run recovery.Run, p recovery.Phase, text string) error {
	if !p.Notified() {
		return frame.Unreadable(nil)
	}
	n, err := s.Post.TellRecovery(v.Context(), post.Notice{Phase: p, Drill: run.Drill, Text: text}, v.Words.Lang())
	if err != nil {
		return err
	}
	if n == 0 {
		return s.refuse(w, v, "text", "fault.recovery.nobody")
	}
	e := recovery.Event{By: v.Who.ID, Kind: recovery.Done, Phase: p, Text: strings.TrimSpace(v.Words.N("plan.sent_to", n) + " " + text)}
	if err := s.Content.NoteRecovery(v.Context(), e); err != nil {
		return err
	}
	s.Say(w, ui.OK, "plan.sent", strconv.Itoa(n))
	return frame.GoTo(w, v, "/admin/recovery")
}

// end ends the run.
func (s *Guide) end(w http.ResponseWriter, v *frame.Visit) error {
	text, err := readText(v)
	if err != nil {
		return s.unread(w, v, "text", err)
	}
	run, err := s.open(v)
	if err != nil {
		return err
	}
	if run == nil {
		return frame.GoTo(w, v, "/admin/recovery")
	}
	return s.note(w, v, recovery.Event{Kind: recovery.Ended, Text: text}, "plan.ended")
}

// told keeps who is written to beside the administrators.
func (s *Guide) told(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	version, err := strconv.ParseInt(v.PostFormValue("version"), 10, 64)
	if err != nil {
		return frame.Unreadable(err)
	}
	typed := v.PostFormValue("addresses")
	err = s.Post.SaveTold(v.Context(), post.Told{Addresses: strings.Fields(typed)}, version, v.Who.ID)
	kind := fault.KindOf(err)
	switch {
	case err == nil:
		s.Say(w, ui.OK, "plan.told.saved")
		return frame.GoTo(w, v, "/admin/recovery")
	case kind != fault.Invalid && kind != fault.Conflict:
		return err
	}
	page, perr := s.page(w, v)
	if perr != nil {
		return perr
	}
	if page.Wrong, page.Stale = v.FieldTexts(err), kind == fault.Conflict; page.Stale {
		page.Theirs = []views.Difference{{Name: v.Words.T("plan.addresses"), Theirs: page.Addresses}}
	}
	page.Addresses = typed
	return frame.ShowStatus(w, v, frame.Statuses[kind], page.View())
}

// note enters an event of the person and says so.
func (s *Guide) note(w http.ResponseWriter, v *frame.Visit, e recovery.Event, said string) error {
	e.By = v.Who.ID
	if err := s.Content.NoteRecovery(v.Context(), e); err != nil {
		return err
	}
	s.Say(w, ui.OK, said)
	return frame.GoTo(w, v, "/admin/recovery")
}

// readText reads what is to be noted.
func readText(v *frame.Visit) (string, error) {
	if err := v.ParseForm(); err != nil {
		return "", frame.Unreadable(err)
	}
	text := strings.TrimSpace(v.PostFormValue("text"))
	if utf8.RuneCountInString(text) > textMost {
		return text, errLong
	}
	return text, nil
}

// unread shows the page again where a text is too long; another failure stays one.
func (s *Guide) unread(w http.ResponseWriter, v *frame.Visit, field string, err error) error {
	if errors.Is(err, errLong) {
		return s.refuse(w, v, field, "fault.recovery.long")
	}
	return err
}

// refuse shows the page again, with what is missing.
func (s *Guide) refuse(w http.ResponseWriter, v *frame.Visit, field, why string) error {
	page, err := s.page(w, v)
	if err != nil {
		return err
	}
	page.Wrong = map[string]string{field: v.Words.T(why)}
	page.Text = v.PostFormValue("text")
	return frame.ShowStatus(w, v, http.StatusUnprocessableEntity, page.View())
}
