package admin

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/store/people"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// userForm is an account as the form sends it: these fields and no other are
// read.
type userForm struct {
	user    store.User
	typed   []views.AttributeRow // attributes as they were typed; nil: those of the account
	domains []string
	groups  []string // ids of those they are in by hand
}

// readUser reads the form over an account.
func readUser(v *frame.Visit, u store.User) (userForm, error) {
	if err := v.ParseForm(); err != nil {
		return userForm{}, frame.Unreadable(err)
	}
	u.Login = strings.TrimSpace(v.PostFormValue("login"))
	u.FirstName = strings.TrimSpace(v.PostFormValue("first_name"))
	u.LastName = strings.TrimSpace(v.PostFormValue("last_name"))
	u.Mail = strings.TrimSpace(v.PostFormValue("mail"))
	u.Language = v.PostFormValue("language")
	u.Role = access.Role(v.PostFormValue("role"))
	u.Everywhere = v.PostFormValue("everywhere") == "yes"
	u.Version, _ = strconv.ParseInt(v.PostFormValue("version"), 10, 64) // none is a version nothing has
	f := readAttributes(v, u)
	f.domains, f.groups = v.PostForm["domain"], v.PostForm["group"]
	return f, nil
}

// check says everything that is wrong with a form at once, and takes out of
// it what the person may not give.
func (s *Admin) checkUser(v *frame.Visit, f *userForm) error {
	wrong := f.user.Wrong()
	if !slices.Contains(access.Roles(), f.user.Role) {
		wrong["role"] = "fault.user.role"
	}
	if f.user.Language != "" && !ui.Speaks(f.user.Language) {
		wrong["language"] = "fault.user.language"
	}
	if f.user.Everywhere && !v.RulesServer() {
		wrong["everywhere"] = "fault.user.everywhere"
	}
	checkAttributes(v.Managed.User, f, wrong)
	if err := s.checkRules(v, v.Managed.User, f.user, wrong); err != nil {
		return err
	}
	if err := s.checkMemberships(v, f, wrong); err != nil {
		return err
	}
	if len(wrong) > 0 {
		return &fault.Error{Kind: fault.Invalid, Key: "fault.form", Fields: wrong}
	}
	return nil
}

// checkMemberships holds what the form gives to what the person administers.
func (s *Admin) checkMemberships(v *frame.Visit, f *userForm, wrong map[string]string) error {
	mine, err := s.Administered(v)
	if err != nil {
		return err
	}
	for _, d := range f.domains {
		if !slices.ContainsFunc(mine, func(m store.Domain) bool { return m.ID == d }) {
			wrong["domain"] = "fault.user.domain"
		}
	}
	for _, id := range f.groups {
		g, err := s.Content.Group(v.Context(), id)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if err != nil || !AdministersAll(v, g) {
			wrong["domain"] = "fault.user.domain"
		}
	}
	if len(f.domains)+len(f.groups) > 0 || f.user.Everywhere {
		return nil
	}
	if !IsToldIn(v.Managed.Belongs) {
		wrong["domain"] = "fault.user.nowhere"
		return nil
	}
	ruled, err := s.Content.RuledGroups(v.Context())
	if f.user.Active && !StaysTold(v.Managed.Belongs, ruled, f.user) && v.PostFormValue("stranded") != "yes" {
		wrong["stranded"] = "fault.user.stranded"
	}
	return err
}

// newUser shows the empty form.
func (s *Admin) newUser(w http.ResponseWriter, v *frame.Visit) error {
	f := userForm{user: store.User{Role: access.User, Active: true}}
	if d := v.URL.Query().Get("domain"); d != "" {
		f.domains = []string{d}
	}
	page, err := s.userPage(w, v, f)
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

// createUser makes an account.
func (s *Admin) createUser(w http.ResponseWriter, v *frame.Visit) error {
	f, err := readUser(v, store.User{Active: true, MustChange: true})
	if err != nil {
		return err
	}
	rule, err := s.Desk.Passwords(v.Context())
	if err != nil {
		return err
	}
	err = s.checkUser(v, &f)
	password := v.PostFormValue("password")
	if bad := rule.Check(password, f.user.Login); bad != nil && (err == nil || fault.FieldsOf(err) != nil) {
		err = withField(err, bad, "password")
	}
	var made store.User
	if err == nil {
		f.user.Password = login.Hash(password)
		made, err = s.Content.CreateAccount(v.Context(), f.user, f.domains, f.groups, v.Who.ID)
	}
	if err != nil {
		return s.refuseUser(w, v, f, err)
	}
	s.Say(w, ui.OK, "admin.user.made", made.Name())
	return frame.GoTo(w, v, "/admin/users/"+made.ID)
}

// withField adds what is wrong with a field, and the values of its sentence, to what is
// wrong with others.
func withField(err, bad error, field string) error {
	all := maps.Clone(fault.FieldsOf(err))
	if all == nil {
		all = map[string]string{}
	}
	all[field] = fault.FieldsOf(bad)[field]
	key, args := fault.TextOf(bad)
	return &fault.Error{Kind: fault.Invalid, Key: key, Args: args, Fields: all}
}

// user shows an account.
func (s *Admin) user(w http.ResponseWriter, v *frame.Visit) error {
	page, err := s.userPage(w, v, managedForm(v))
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

// managedForm is the account of the address as its form would send it.
func managedForm(v *frame.Visit) userForm {
	return userForm{user: v.Managed.User, domains: v.Managed.Belongs.Domains, groups: v.Managed.Belongs.ByHandOnly()}
}

// mayChangeAccount refuses an account that reaches further than the person:
// whoever sets its password could go there.
func mayChangeAccount(v *frame.Visit) error {
	if reachesFurther(v) {
		return fault.New(fault.Forbidden, "fault.user.wider")
	}
	return nil
}

func reachesFurther(v *frame.Visit) bool {
	return !v.RulesServer() && Reaches(v, v.Managed.User, v.Managed.Belongs)
}

// Reaches reports whether an account belongs to domains that the person does not
// administer.
func Reaches(v *frame.Visit, u store.User, m store.Memberships) bool {
	return reachesTo(v, u, DomainsOf(m))
}

func reachesTo(v *frame.Visit, u store.User, domains []string) bool {
	return u.Everywhere || slices.ContainsFunc(domains, func(d string) bool { return !Administers(v, d) })
}

// saveUser changes an account.
func (s *Admin) saveUser(w http.ResponseWriter, v *frame.Visit) error {
	if err := mayChangeAccount(v); err != nil {
		return err
	}
	before := v.Managed.User
	f, err := readUser(v, before)
	if err != nil {
		return err
	}
	err = s.checkUser(v, &f)
	if err == nil && before.ID == v.Who.ID && (f.user.Role != before.Role || f.user.Everywhere != before.Everywhere) {
		err = fault.InField("role", "fault.user.self")
	}
	if err == nil && EndsOwn(v, before.ID, v.Managed.Belongs.Domains, f.domains) {
		err = fault.InField("domain", "fault.user.self")
	}
	if err == nil {
		err = s.saveAccount(v, f)
	}
	if err != nil {
		return s.refuseUser(w, v, f, err)
	}
	s.Say(w, ui.OK, "admin.user.saved", f.user.Name())
	return frame.GoTo(w, v, "/admin/users/"+before.ID)
}

// EndsOwn reports whether somebody takes a domain from themselves: it would end their
// administration of it.
func EndsOwn(v *frame.Visit, user string, before, after []string) bool {
	return user == v.Who.ID && !v.RulesServer() && slices.ContainsFunc(before, func(d string) bool { return !slices.Contains(after, d) })
}

// saveAccount keeps an account, and gives the projects that it cannot own any more to
// whom the form says.
func (s *Admin) saveAccount(v *frame.Visit, f userForm) error {
	heir, _, err := s.heirOf(v, []store.User{v.Managed.User})
	if err == nil {
		_, err = s.Content.SaveAccount(v.Context(), f.user, f.domains, f.groups, heir, v.Who.ID)
		s.Sessions.Forget()
	}
	return err
}

// refuseUser shows the form again as it was filled in, with what is wrong. When
// someone else saved the account meanwhile it also shows what they changed, and
// saving again puts this in place of theirs.
func (s *Admin) refuseUser(w http.ResponseWriter, v *frame.Visit, f userForm, err error) error {
	kind := fault.KindOf(err)
	if kind != fault.Invalid && kind != fault.Conflict {
		return err
	}
	theirs := v.Managed.User
	if key, args := fault.TextOf(err); fault.FieldsOf(err) == nil && key == "fault.stale" {
		f.user.Version = theirs.Version
	} else if fault.FieldsOf(err) == nil {
		err = &fault.Error{Kind: kind, Key: key, Args: args, Fields: map[string]string{"role": key}}
	}
	page, perr := s.userPage(w, v, f)
	if perr != nil {
		return perr
	}
	if page.Lost, perr = s.disowned(v, err); perr != nil {
		return perr
	}
	page.Wrong = v.FieldTexts(err)
	if page.Wrong == nil {
		page.Stale = true
		if page.Theirs, perr = s.differences(v, f, theirs); perr != nil {
			return perr
		}
	}
	return frame.ShowStatus(w, v, frame.Statuses[kind], page.View())
}

// disowned asks who gets the projects that an account could not own any more, where
// that is why it is refused, or where the answer was wrong.
func (s *Admin) disowned(v *frame.Visit, err error) (*views.Disowned, error) {
	lost := v.PostForm["lost"]
	if d := (*people.Disowned)(nil); errors.As(err, &d) {
		lost = d.Domains
	}
	if fault.FieldsOf(err)["heir"] == "" || len(lost) == 0 {
		return nil, nil
	}
	heirs, _, err := s.heirs(v, []store.User{v.Managed.User}, lost)
	return &views.Disowned{Domains: lost, Heirs: heirs}, err
}

// differences lists what someone else keeps otherwise: saving again replaces
// all of it.
func (s *Admin) differences(v *frame.Visit, f userForm, theirs store.User) (list []views.Difference, err error) {
	for _, d := range []struct{ key, mine, theirs string }{
		{"field.login", f.user.Login, theirs.Login}, {"field.title", f.user.Title, theirs.Title}, {"field.first_name", f.user.FirstName, theirs.FirstName},
		{"field.last_name", f.user.LastName, theirs.LastName}, {"field.mail", f.user.Mail, theirs.Mail},
		{"admin.user.language", f.user.Language, theirs.Language}, {"admin.everywhere", v.Words.T(yesNo[f.user.Everywhere]), v.Words.T(yesNo[theirs.Everywhere])},
		{"profile.role", v.Words.T("role." + string(f.user.Role)), v.Words.T("role." + string(theirs.Role))},
	} {
		if d.mine != d.theirs {
			list = append(list, views.Difference{Name: v.Words.T(d.key), Theirs: d.theirs})
		}
	}
	list = append(list, attributeDifferences(f.user.Attributes, theirs.Attributes)...)
	kept := managedForm(v)
	if !sameNames(f.domains, kept.domains) {
		titles, err := s.domainNames(v)
		if err != nil {
			return nil, err
		}
		var names []string
		for _, d := range kept.domains {
			names = append(names, titles[d])
		}
		list = append(list, views.Difference{Name: v.Words.T("profile.domains"), Theirs: strings.Join(names, ", ")})
	}
	if !sameNames(f.groups, kept.groups) {
		var names []string
		for _, g := range v.Managed.Belongs.Groups {
			if slices.Contains(kept.groups, g.ID) {
				names = append(names, s.GroupTitle(v, g))
			}
		}
		list = append(list, views.Difference{Name: v.Words.T("profile.groups"), Theirs: strings.Join(names, ", ")})
	}
	return list, nil
}

// sameNames compares two lists of names whatever their order.
func sameNames(a, b []string) bool {
	return slices.Equal(slices.Compact(slices.Sorted(slices.Values(a))), slices.Compact(slices.Sorted(slices.Values(b))))
}

// userPage is the form of an account.
func (s *Admin) userPage(w http.ResponseWriter, v *frame.Visit, f userForm) (views.AdminUser, error) {
	title := v.Words.T("admin.user.new")
	if f.user.ID != "" {
		title = v.Managed.User.Name()
	}
	page := views.AdminUser{
		Office: s.Office(w, v, "users", title), ID: f.user.ID, Version: f.user.Version,
		Login: f.user.Login, Courtesy: f.user.Title, FirstName: f.user.FirstName, LastName: f.user.LastName, Mail: f.user.Mail,
		Language: f.user.Language, Role: string(f.user.Role), Everywhere: f.user.Everywhere,
		Active: f.user.Active, MustChange: f.user.MustChange, HasPassword: f.user.Password != "",
		Self: f.user.ID != "" && f.user.ID == v.Who.ID, Created: f.user.Created, Changed: f.user.Changed,
		ReadOnly: f.user.ID != "" && reachesFurther(v), Attributes: attributeRows(f),
	}
	rule, err := s.Desk.Passwords(v.Context())
	if err != nil {
		return page, err
	}
	page.Shortest = rule.Length()
	if page.AttributeNames, err = s.attributeNames(v); err != nil {
		return page, err
	}
	domains, err := s.Administered(v)
	if err != nil {
		return page, err
	}
	ways, err := s.WaysIn(v.Context())
	if err != nil {
		return page, err
	}
	shown := map[string]bool{}
	for _, d := range domains {
		o := views.DomainTick{Option: views.Option{Value: d.ID, Name: s.TitleOfDomain(v, d)}, On: slices.Contains(f.domains, d.ID)}
		groups, err := s.Content.Groups(v.Context(), d.ID)
		if err != nil {
			return page, err
		}
		for _, g := range groups {
			if shown[g.ID] || !AdministersAll(v, g) {
				continue // once, in the first of its domains; wider ones are not the person's to give
			}
			shown[g.ID] = true
			o.Groups = append(o.Groups, s.groupTick(v, g, slices.Contains(f.groups, g.ID), ways))
		}
		page.Domains = append(page.Domains, o)
	}
	if f.user.ID != "" {
		if page.Sessions, page.Others, err = s.AllSessionsOf(v, v.Managed.User, "/admin/users/"+f.user.ID); err != nil {
			return page, err
		}
		if page.Holds, err = s.held(v, v.Managed.User); err != nil {
			return page, err
		}
		if page.Heirs, _, err = s.heirs(v, []store.User{v.Managed.User}, nil); err != nil {
			return page, err
		}
		page.Shows, page.Known, err = s.proofs(v, f.user.ID)
	}
	return page, err
}
