package signin

import (
	"cmp"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"

	"selfhelp/app/admission"
	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/app/web/admin"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/store/people"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// newMethod shows the form of a way in that is to be added, filled in as most
// need it.
func (s *Room) newMethod(w http.ResponseWriter, v *frame.Visit) error {
	m, err := begin(admission.Kind(v.URL.Query().Get("kind")))
	if err != nil {
		return err
	}
	page, err := s.methodPage(w, v, m)
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

// method shows the page of a way in.
func (s *Room) method(w http.ResponseWriter, v *frame.Visit) error {
	m, err := s.named(v)
	if err != nil {
		return err
	}
	page, err := s.methodPage(w, v, m)
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

// named is the way in that the address names: one that has settings.
func (s *Room) named(v *frame.Visit) (admission.Method, error) {
	settings, _, err := s.Desk.Settings(v.Context())
	if err != nil {
		return admission.Method{}, err
	}
	m, err := settings.Method(v.PathValue("method"))
	if err == nil && m.Kind == admission.Internal {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	return m, err
}

// newID names a way in that is to be added. The addresses that a provider of OpenID
// Connect must know before it gives us a name and a secret have it in them.
func newID() string { return store.NewID()[:8] }

// promised is an ID that a form carries since its page showed such addresses.
var promised = regexp.MustCompile(`^[a-z0-9]{8}$`)

// create adds a way in, turned off until it was tried.
func (s *Room) create(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	m, err := begin(admission.Kind(v.PostFormValue("kind")))
	if err != nil {
		return err
	}
	if like := v.PostFormValue("like"); like != "" {
		return s.likeAnother(w, v, m, like)
	}
	id := v.PostFormValue("promised")
	if !promised.MatchString(id) {
		id = newID()
	}
	if m, err = readMethod(v, m); err != nil {
		return s.refuseMethod(w, v, m, id, err)
	}
	err = s.change(v, func(settings admission.Settings) (admission.Settings, error) {
		if _, err := settings.Method(id); err == nil { // sent twice
			return settings, fault.New(fault.Conflict, "fault.stale")
		}
		m.ID, m.Off = id, true
		settings = settings.Put(m)
		if m.Kind == admission.SAML && len(settings.Pairs) == 0 {
			return settings.WithPair(s.Origin, s.Now())
		}
		return settings, nil
	})
	if err != nil {
		m.ID = ""
		return s.refuseMethod(w, v, m, id, err)
	}
	if m.Kind == admission.SAML || m.Kind == admission.OIDC || m.Kind == admission.Trusted {
		s.Say(w, ui.OK, "admin.method.made.outside")
		return frame.GoTo(w, v, "/admin/sign-in/"+id+"#ours")
	}
	s.Say(w, ui.OK, "admin.method.made")
	return frame.GoTo(w, v, "/admin/sign-in/"+id+"#test")
}

// likeAnother shows the form of a way in that is to be added as it was filled in, with
// what a kind of product needs where nothing else was typed.
func (s *Room) likeAnother(w http.ResponseWriter, v *frame.Visit, m admission.Method, like string) error {
	m, err := readMethod(v, m)
	if err != nil && fault.KindOf(err) != fault.Invalid { // what cannot be read yet is said when it is to be kept
		return err
	}
	page, err := s.methodPage(w, v, resemble(m, like))
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

// save changes a way in.
func (s *Room) save(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	kept, err := s.named(v)
	if err != nil {
		return err
	}
	m, err := readMethod(v, kept)
	if err != nil {
		return s.refuseMethod(w, v, m, m.ID, err)
	}
	err = s.change(v, func(settings admission.Settings) (admission.Settings, error) { return settings.Put(m), nil })
	if err != nil {
		return s.refuseMethod(w, v, m, m.ID, err)
	}
	s.Say(w, ui.OK, "admin.method.saved")
	return frame.GoTo(w, v, "/admin/sign-in/"+m.ID)
}

// refuseMethod shows the form again as it was filled in, with what is wrong.
func (s *Room) refuseMethod(w http.ResponseWriter, v *frame.Visit, m admission.Method, id string, why error) error {
	kind := fault.KindOf(why)
	if kind != fault.Invalid && kind != fault.Conflict {
		return why
	}
	wrong := map[string]string{}
	for field, text := range v.FieldTexts(why) {
		wrong[strings.TrimPrefix(field, id+".")] = text
	}
	page, err := s.filledPage(w, v, m, wrong)
	if err != nil {
		return err
	}
	page.Stale = len(wrong) == 0
	return frame.ShowStatus(w, v, frame.Statuses[kind], page.View())
}

func (s *Room) methodPage(w http.ResponseWriter, v *frame.Visit, m admission.Method) (views.AdminMethod, error) {
	return s.filledPage(w, v, m, nil)
}

// filledPage is the page of a way in with these settings in its form.
func (s *Room) filledPage(w http.ResponseWriter, v *frame.Visit, m admission.Method, wrong map[string]string) (views.AdminMethod, error) {
	title := m.Name
	if m.ID == "" || title == "" {
		title = v.Words.T("admin.method.new." + string(m.Kind))
	}
	page := views.AdminMethod{
		Office: s.Office(w, v, where, title), ID: m.ID, Kind: string(m.Kind), KindName: v.Words.T("method." + string(m.Kind)),
		Wrong: wrong, Testing: m.Kind == admission.LDAP, Syncing: m.Kind == admission.LDAP, On: !m.Off,
	}
	page.Tone, page.State = s.state(v, m)
	settings, version, err := s.Desk.Settings(v.Context())
	if err != nil {
		return page, err
	}
	page.Version = version
	groups, err := s.groups(v)
	if err != nil {
		return page, err
	}
	domains, err := s.Content.Domains(v.Context())
	if err != nil {
		return page, err
	}
	form := former{v: v, wrong: wrong}
	if was, err := settings.Method(m.ID); err == nil && m.ID != "" {
		form.kept = was.LDAP != nil && was.LDAP.Password != "" || was.OIDC != nil && was.OIDC.ClientSecret != ""
	}
	page.Likes, page.Sections = form.sections(m)
	page.Sections = append(page.Sections, form.accounts(m, s.domainTicks(v, domains), groups))
	if m.ID == "" && m.Kind == admission.OIDC {
		page.Promised = v.PostFormValue("promised")
		if !promised.MatchString(page.Promised) {
			page.Promised = newID()
		}
		m.ID = page.Promised
		page.Ours = s.ourSide(v, m, settings)
		page.Ours.Try = ""
		return page, nil
	}
	if m.ID == "" {
		return page, nil
	}
	page.Ours = s.ourSide(v, m, settings)
	if m.Kind == admission.SCIM {
		page.Base = cmp.Or(s.Origin, "https://"+v.Host) + "/scim/v2"
	}
	page.Tried = v.URL.Query().Get("tried") == "yes"
	return page, s.history(v, m, &page)
}

func (s *Room) domainTicks(v *frame.Visit, domains []store.Domain) (list []views.Option) {
	for _, d := range domains {
		list = append(list, views.Option{Value: d.ID, Name: s.DomainName(v, d.ID)})
	}
	return list
}

// history adds what happened at a way in.
func (s *Room) history(v *frame.Visit, m admission.Method, page *views.AdminMethod) error {
	known, err := s.Content.IdentitiesAt(v.Context(), m.ID)
	if err != nil {
		return err
	}
	page.Known = len(known)
	last, err := s.Desk.LastSync(v.Context(), m.ID)
	if err != nil {
		return err
	}
	if !last.At.IsZero() {
		page.Last = &views.SyncFacts{At: last.At, Ago: v.Words.Ago(last.At, s.Now()), Words: countsOf(v, last)}
		if last.Failed != "" {
			page.Last.Failed = v.Words.T(last.Failed)
		}
	}
	s.Desk.Settle() // what was just tried is to be seen
	attempts, err := s.Activity.Attempts(v.Context(), m.ID, 20)
	for _, a := range attempts {
		row := views.AttemptRow{At: a.At, Login: a.Login, Tone: ui.OK, Outcome: v.Words.T("admin.attempt.in")}
		if a.User == "" { // nobody's account was opened
			row.Tone, row.Outcome = ui.Info, v.Words.T("admin.attempt.try")
		}
		if a.Outcome != "" {
			row.Tone, row.Outcome = ui.Warn, v.Words.T(a.Outcome)
		}
		var lines []login.TraceLine
		if json.Unmarshal(a.Trace, &lines) == nil {
			row.Trace = traceRows(v, lines)
		}
		page.Attempts = append(page.Attempts, row)
	}
	return err
}

// traceRows are the lines of a trace as pages show them.
func traceRows(v *frame.Visit, lines []login.TraceLine) []views.TraceRow {
	return admin.TraceRows(v, lines)
}

// test tries a way in with a login and a password, and tells what came of it.
func (s *Room) test(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	m, err := s.named(v)
	if err != nil {
		return err
	}
	name := v.PostFormValue("trial_login")
	tried := s.Desk.Try(v.Context(), m, name, v.PostFormValue("trial_password"))
	if err := s.Content.Audit(v.Context(), v.Who.ID, "method.test", "method:"+m.ID, nil); err != nil {
		return err
	}
	page := views.AdminMethodTest{
		Office: s.Office(w, v, where, v.Words.T("admin.method.test.of", m.Name)), ID: m.ID, Login: name,
		Tone: ui.OK, Outcome: v.Words.T("admin.method.test.in"), Trace: traceRows(v, tried.Trace.Lines),
	}
	if tried.Err != nil {
		key, args := fault.TextOf(tried.Err)
		page.Tone, page.Outcome = ui.Wrong, v.Words.T(key, args...)
		if advice := key + ".do"; v.Words.Has(advice) {
			page.Advice = v.Words.T(advice)
		}
	}
	page.Facts = s.factsOf(v, tried.Who)
	if tried.Err == nil {
		page.Would, err = s.would(v, tried)
	}
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

// factsOf are what the other side told of somebody.
func (s *Room) factsOf(v *frame.Visit, who login.Identity) (facts [][2]string) {
	if who.Subject == "" {
		return nil
	}
	facts = [][2]string{{v.Words.T("admin.told.subject"), who.Subject}, {v.Words.T("field.login"), who.Login}}
	for _, field := range sortedKeys(who.Fields) {
		if who.Fields[field] == "" {
			continue
		}
		facts = append(facts, [2]string{fieldName(v, field), who.Fields[field]})
	}
	groups := strings.Join(who.Groups, ", ")
	if groups == "" {
		groups = v.Words.T("admin.told.no_groups")
	}
	return append(facts, [2]string{v.Words.T("admin.told.groups"), groups})
}

// adviceFor says what to do about somebody who is known and has no account.
var adviceFor = map[string]string{
	people.NoAccount: "fault.sign_in.no_account.do", people.AccountTaken: "fault.sign_in.taken.do", people.AccountAlike: "fault.sign_in.alike.do",
}

// would says what became of the account, had it not been a try.
func (s *Room) would(v *frame.Visit, tried admission.Tried) ([]string, error) {
	var lines []string
	if tried.Account.Err != nil {
		key, args := fault.TextOf(tried.Account.Err)
		lines = append(lines, v.Words.T(key, args...))
		if advice := adviceFor[key]; advice != "" {
			lines = append(lines, v.Words.T(advice))
		}
		return lines, nil
	}
	if tried.Account.Was.ID == "" {
		lines = append(lines, v.Words.T("admin.would.create", tried.Account.User.Login, v.Words.T("role."+string(tried.Account.User.Role))))
	} else {
		lines = append(lines, v.Words.T("admin.would.take", tried.Account.User.Name()))
	}
	if !tried.Account.User.Active {
		lines = append(lines, v.Words.T("admin.would.suspended"))
	}
	more, err := s.changesIn(v, admission.LineOf(tried.Account))
	return append(lines, more...), err
}
