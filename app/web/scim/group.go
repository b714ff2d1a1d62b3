package scim

import (
	"fmt"
	"hash/fnv"
	"net/http"
	"slices"
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/admission"
	"selfhelp/app/fault"
	"selfhelp/app/transfer/scim"
	"selfhelp/app/web/frame"
	"selfhelp/store"
)

// groupResource is a group with those of its members that the program told of.
func groupResource(g store.Group, members []string) resource {
	h := fnv.New64a()
	for _, id := range members {
		fmt.Fprintln(h, id)
	}
	return resource{kind: "Group", id: g.ID, etag: fmt.Sprintf(`W/"%d-%x"`, g.Version, h.Sum64()), body: scim.Group{DisplayName: g.Name, Members: members}.Body()}
}

// withoutMembers reports whether a program does not want to know the members.
func withoutMembers(v *frame.Visit) bool {
	return slices.ContainsFunc(strings.Split(v.URL.Query().Get("excludedAttributes"), ","), func(name string) bool {
		return strings.EqualFold(strings.TrimSpace(name), "members")
	})
}

// asked is a group as a program asks for it.
func (s *Door) asked(v *frame.Visit, m admission.Method, g store.Group) (resource, error) {
	members, err := s.Content.GroupTold(v.Context(), g.ID, m.ID)
	r := groupResource(g, members)
	if withoutMembers(v) {
		delete(r.body, "members")
	}
	return r, err
}

// reached are the groups of the domains that a method is for.
func (s *Door) reached(v *frame.Visit, m admission.Method) (all []store.Group, err error) {
	for _, domain := range m.Accounts.Domains {
		groups, err := s.Content.Groups(v.Context(), domain)
		if err != nil {
			return nil, err
		}
		for _, g := range groups {
			if !slices.ContainsFunc(all, func(o store.Group) bool { return o.ID == g.ID }) {
				all = append(all, g)
			}
		}
	}
	return all, nil
}

// groups lists the groups that the program can fill.
func (s *Door) groups(w http.ResponseWriter, v *frame.Visit, m admission.Method) error {
	f, err := scim.ParseFilter(v.URL.Query().Get("filter"))
	if err == nil && (f.UserName != "" || f.ExternalID != "" || f.Mail != "") {
		err = &scim.Error{Type: scim.InvalidFilter, Detail: "groups are filtered by id or displayName"}
	}
	if err != nil {
		return err
	}
	start, count, err := page(v)
	if err != nil {
		return err
	}
	all, err := s.reached(v, m)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(g store.Group) bool {
		return f.ID != "" && f.ID != g.ID || f.DisplayName != "" && !strings.EqualFold(f.DisplayName, g.Name)
	})
	total, from := len(all), min(start-1, len(all))
	all = all[from:min(from+count, total)]
	list := make([]resource, len(all))
	for i, g := range all {
		if list[i], err = s.asked(v, m, g); err != nil {
			return err
		}
	}
	return s.showList(w, v, int64(total), start, list)
}

// addressed is the group of the address, among those the program can fill.
func (s *Door) addressed(v *frame.Visit, m admission.Method) (store.Group, error) {
	g, err := s.Content.Group(v.Context(), v.PathValue("group"))
	if err == nil && !slices.ContainsFunc(g.In(), func(d string) bool { return slices.Contains(m.Accounts.Domains, d) }) {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	return g, err
}

func (s *Door) group(w http.ResponseWriter, v *frame.Visit, m admission.Method) error {
	g, err := s.addressed(v, m)
	if err != nil {
		return err
	}
	r, err := s.asked(v, m, g)
	if err != nil {
		return err
	}
	return s.show(w, v, http.StatusOK, r)
}

// createGroup makes a group in the first domain of the method.
func (s *Door) createGroup(w http.ResponseWriter, v *frame.Visit, m admission.Method) error {
	content, err := read(v)
	if err != nil {
		return err
	}
	asked, err := scim.ReadGroup(content)
	if err != nil {
		return err
	}
	name := strings.Join(strings.Fields(asked.DisplayName), " ")
	if len(m.Accounts.Domains) == 0 {
		return fault.New(fault.Forbidden, "fault.provision.domain")
	}
	if wrong := access.WrongGroupName(name); wrong != "" {
		return fault.InField("displayName", wrong)
	}
	all, err := s.reached(v, m)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(g store.Group) bool { return access.GroupKey(g.Name) == access.GroupKey(name) }) {
		return &scim.Error{Type: scim.Uniqueness, Detail: "a group with this displayName exists"}
	}
	slices.Sort(asked.Members)
	g, err := s.Content.CreateGroupTold(v.Context(), store.Group{Domain: m.Accounts.Domains[0], Name: name}, m.ID, asked.Members, v.Who.ID)
	s.Sessions.Forget()
	if err != nil {
		return err
	}
	return s.show(w, v, http.StatusCreated, groupResource(g, asked.Members))
}

func (s *Door) replaceGroup(w http.ResponseWriter, v *frame.Visit, m admission.Method) error {
	content, err := read(v)
	if err != nil {
		return err
	}
	next, err := scim.ReadGroup(content)
	if err != nil {
		return err
	}
	return s.changeGroup(w, v, m, func(scim.Group) (scim.Group, error) { return next, nil })
}

func (s *Door) patchGroup(w http.ResponseWriter, v *frame.Visit, m admission.Method) error {
	content, err := read(v)
	if err != nil {
		return err
	}
	operations, err := scim.ReadPatch(content)
	if err == nil {
		err = scim.CountMembers(operations)
	}
	if err != nil {
		return err
	}
	return s.changeGroup(w, v, m, func(now scim.Group) (scim.Group, error) { return now.Patch(operations) })
}

// deleteGroup takes out of a group the members that the program told of. The
// group stays: audiences are written with it.
func (s *Door) deleteGroup(w http.ResponseWriter, v *frame.Visit, m admission.Method) error {
	g, err := s.addressed(v, m)
	if err == nil {
		_, err = s.tell(v, m, g, func(now scim.Group) (scim.Group, error) { return scim.Group{DisplayName: now.DisplayName}, nil })
	}
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// changeGroup changes who a group has by the program.
func (s *Door) changeGroup(w http.ResponseWriter, v *frame.Visit, m admission.Method, change func(scim.Group) (scim.Group, error)) error {
	g, err := s.addressed(v, m)
	if err != nil {
		return err
	}
	members, err := s.tell(v, m, g, change)
	if err != nil {
		return err
	}
	return s.show(w, v, http.StatusOK, groupResource(g, members))
}

// tell keeps the members as change leaves them. The name is what audiences are
// written with: programs do not change it.
func (s *Door) tell(v *frame.Visit, m admission.Method, g store.Group, change func(scim.Group) (scim.Group, error)) ([]string, error) {
	members, err := s.Content.TellGroup(v.Context(), g.ID, m.ID, func(before []string) ([]string, error) {
		if err := unchanged(v, groupResource(g, before).etag); err != nil {
			return nil, err
		}
		next, err := change(scim.Group{DisplayName: g.Name, Members: before})
		if err == nil && !strings.EqualFold(strings.Join(strings.Fields(next.DisplayName), " "), g.Name) {
			err = &scim.Error{Type: scim.Mutability, Detail: "a group is renamed in the administration, where one sees what is published for it"}
		}
		slices.Sort(next.Members)
		return next.Members, misread(err)
	}, v.Who.ID)
	s.Sessions.Forget()
	return members, err
}
