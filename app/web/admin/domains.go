package admin

import (
	"cmp"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// domainID is how a domain may be called in addresses.
var domainID = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

const maxDomainID = 80

// domains lists the domains.
func (s *Admin) domains(w http.ResponseWriter, v *frame.Visit) error {
	page, err := s.domainsPage(w, v)
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

func (s *Admin) domainsPage(w http.ResponseWriter, v *frame.Visit) (views.AdminDomains, error) {
	page := views.AdminDomains{Office: s.Office(w, v, "domains", v.Words.T("admin.domains"))}
	rows, l, err := s.domainList(v)
	page.Domains, page.List = rows, l
	return page, err
}

var domainOrder = frame.Order[views.DomainRow]{
	"name":     func(a, b views.DomainRow) int { return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) },
	"users":    func(a, b views.DomainRow) int { return cmp.Compare(a.Users, b.Users) },
	"groups":   func(a, b views.DomainRow) int { return cmp.Compare(a.Groups, b.Groups) },
	"projects": func(a, b views.DomainRow) int { return cmp.Compare(a.Projects, b.Projects) },
}

// domainList is the list of domains that the address asks for.
func (s *Admin) domainList(v *frame.Visit) (rows []views.DomainRow, l views.List, err error) {
	l = frame.Listed(v.URL.Query(), "/admin/domains", domainOrder.Columns(), "q")
	domains, err := s.Administered(v)
	if err != nil {
		return nil, l, err
	}
	for _, d := range domains {
		row := views.DomainRow{ID: d.ID, Name: s.TitleOfDomain(v, d)}
		groups, err := s.Content.Groups(v.Context(), d.ID)
		if err != nil {
			return nil, l, err
		}
		projects, err := s.Content.Projects(v.Context(), d.ID)
		if err != nil {
			return nil, l, err
		}
		if row.Users, err = s.Content.CountUsersLike(v.Context(), store.UserFilter{Domain: d.ID, Active: true, Among: Among(v)}); err != nil {
			return nil, l, err
		}
		row.Groups, row.Projects = len(groups), len(projects)
		rows = append(rows, row)
	}
	return frame.Arrange(&l, rows, func(d views.DomainRow) string { return d.Name + " " + d.ID }, domainOrder), l, nil
}

// domainsTable gives the list out.
func (s *Admin) domainsTable(w http.ResponseWriter, v *frame.Visit) error {
	if err := s.Content.Audit(v.Context(), v.Who.ID, "domain.export", "", map[string]string{"filter": v.URL.RawQuery}); err != nil {
		return err
	}
	rows, _, err := s.domainList(v)
	if err != nil {
		return err
	}
	var table [][]string
	for _, d := range rows {
		table = append(table, []string{d.ID, d.Name, strconv.FormatInt(d.Users, 10), strconv.Itoa(d.Groups), strconv.Itoa(d.Projects)})
	}
	return s.SendTable(w, v, frame.Table{Name: "domains", Head: Head(v, "admin.domain.id", "admin.name", "admin.fact.users", "profile.groups", "admin.fact.projects"), Next: Once(table)})
}

// readTitle reads a title in each language of the interface; one is enough.
func readTitle(v *frame.Visit) (procedure.Text, error) {
	title, err := readAnyTitle(v)
	if err == nil && len(title.In) == 0 {
		err = fault.InField("title_"+v.Words.Lang(), "fault.title.none")
	}
	return title, err
}

// readAnyTitle reads a title that may be left out.
func readAnyTitle(v *frame.Visit) (procedure.Text, error) {
	title := procedure.Text{In: map[string]string{}}
	for _, l := range ui.Languages() {
		words := strings.TrimSpace(v.PostFormValue("title_" + l.Tag))
		if len([]rune(words)) > 100 {
			return title, fault.InField("title_"+l.Tag, "fault.title.long")
		}
		if words != "" {
			title.In[l.Tag] = words
		}
	}
	return title, nil
}

// titleFields are the fields of a title, as they were typed or as they are.
func titleFields(v *frame.Visit, title procedure.Text, wrong map[string]string) (fields []ui.Input) {
	for _, l := range ui.Languages() {
		name := "title_" + l.Tag
		value := title.In[l.Tag]
		if v.PostForm.Has(name) {
			value = v.PostFormValue(name)
		}
		field := ui.Input{Name: name, Label: v.Words.T("admin.title.in", l.Name), Value: value, Wrong: wrong[name], Max: 100}
		if l.Tag == v.Words.Lang() { // one's own first
			fields = slices.Insert(fields, 0, field)
		} else {
			fields = append(fields, field)
		}
	}
	return fields
}

// createDomain makes a domain.
func (s *Admin) createDomain(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	id := strings.TrimSpace(v.PostFormValue("id"))
	title, err := readTitle(v)
	if err == nil && (!domainID.MatchString(id) || len(id) > maxDomainID) {
		err = fault.InField("id", "fault.domain.id")
	}
	if err == nil {
		_, err = s.Content.CreateDomain(v.Context(), store.Domain{ID: id, Title: title}, v.Who.ID)
	}
	if wrong := v.FieldTexts(err); wrong != nil {
		page, perr := s.domainsPage(w, v)
		if perr != nil {
			return perr
		}
		page.NewID, page.Wrong, page.Titles = id, wrong, titleFields(v, title, wrong)
		return frame.ShowStatus(w, v, http.StatusUnprocessableEntity, page.View())
	}
	if err != nil {
		return err
	}
	s.Say(w, ui.OK, "admin.domain.made", id)
	return frame.GoTo(w, v, "/admin/domains/"+id)
}

// domain shows a domain and its groups.
func (s *Admin) domain(w http.ResponseWriter, v *frame.Visit) error {
	page, _, err := s.domainPage(w, v, nil)
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

// domainPage is the page of the domain that the address names; wrong is what
// is wrong with the form of it that was sent.
func (s *Admin) domainPage(w http.ResponseWriter, v *frame.Visit, wrong map[string]string) (views.AdminDomain, store.Domain, error) {
	d, err := s.Content.Domain(v.Context(), v.PathValue("domain"))
	if err != nil {
		return views.AdminDomain{}, d, err
	}
	page := views.AdminDomain{
		Office: s.Office(w, v, "domains", s.TitleOfDomain(v, d)), ID: d.ID, Version: d.Version, Wrong: wrong,
		Titles: titleFields(v, d.Title, wrong), GroupName: v.PostFormValue("name"),
	}
	groups, err := s.Content.Groups(v.Context(), d.ID)
	if err != nil {
		return page, d, err
	}
	sizes, err := s.Content.GroupSizes(v.Context(), d.ID)
	for _, g := range groups {
		page.Groups = append(page.Groups, views.GroupRow{ID: g.ID, Name: g.Name, Title: s.GroupTitle(v, g), Members: sizes[g.ID], Shared: len(g.Also) > 0})
	}
	return page, d, err
}

// saveDomain gives a domain another title.
func (s *Admin) saveDomain(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	title, err := readTitle(v)
	if err == nil {
		version, _ := strconv.ParseInt(v.PostFormValue("version"), 10, 64)
		_, err = s.Content.SaveDomain(v.Context(), store.Domain{ID: v.PathValue("domain"), Title: title, Version: version}, v.Who.ID)
	}
	if kind := fault.KindOf(err); err != nil && (kind == fault.Invalid || kind == fault.Conflict) {
		page, d, perr := s.domainPage(w, v, v.FieldTexts(err))
		if perr != nil {
			return perr
		}
		if page.Wrong == nil {
			page.Stale, page.Theirs = true, []views.Difference{{Name: v.Words.T("admin.name"), Theirs: s.TitleOfDomain(v, d)}}
		}
		return frame.ShowStatus(w, v, frame.Statuses[kind], page.View())
	}
	if err != nil {
		return err
	}
	s.Say(w, ui.OK, "admin.saved")
	return frame.GoTo(w, v, "/admin/domains/"+v.PathValue("domain"))
}

// readGroupName reads a group's name: what audiences write, so something that
// can be written. The name that the group has, "" for a new one, may stay: it may be
// older than what is asked of names.
func readGroupName(v *frame.Visit, has string) (string, error) {
	if err := v.ParseForm(); err != nil {
		return "", frame.Unreadable(err)
	}
	name := strings.Join(strings.Fields(v.PostFormValue("name")), " ")
	if wrong := access.WrongGroupName(name); wrong != "" && (has == "" || name != has) {
		return name, fault.InField("name", wrong)
	}
	return name, nil
}

// belongsTo reports whether an account may be in the groups of a domain.
func (s *Admin) belongsTo(v *frame.Visit, u store.User, domain string) (bool, error) {
	if u.Everywhere || v.RulesServer() {
		return true, nil
	}
	m, err := s.Content.Memberships(v.Context(), u.ID)
	if err != nil {
		return false, err
	}
	for _, d := range DomainsOf(m) {
		if d == domain || v.May(access.AdministerDomain, access.Thing{Domain: d}) {
			return true, nil
		}
	}
	return false, nil
}
