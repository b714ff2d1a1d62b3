package scim

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/admission"
	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/app/transfer/scim"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/store/people"
)

// nameless begins the subject of who came without an externalId.
const nameless = "urn:selfhelp:none:"

// The attributes of accounts that SCIM tells, beside the fields of every account.
const (
	attributeDepartment = "entity"
	attributeLocation   = "location"
	attributeTitle      = "job_title"
)

// asSCIM writes an account as SCIM has it.
func asSCIM(p people.Provisioned) scim.User {
	u := p.User
	out := scim.User{
		UserName: u.Login, ExternalID: p.Subject, Given: u.FirstName, Family: u.LastName, Prefix: u.Title, Display: u.Name(), Mail: u.Mail,
		Language: u.Language, Department: u.Attributes[attributeDepartment], Location: u.Attributes[attributeLocation], Title: u.Attributes[attributeTitle], Active: u.Active,
	}
	if strings.HasPrefix(p.Subject, nameless) {
		out.ExternalID = ""
	}
	return out
}

// identity is what SCIM tells of somebody, in the words of the methods.
func identity(u scim.User, subject string) login.Identity {
	fields := map[string]string{
		login.FieldTitle: u.Prefix, login.FieldFirstName: u.Given, login.FieldLastName: u.Family, login.FieldMail: u.Mail, login.FieldLanguage: u.Language,
		attributeDepartment: u.Department, attributeLocation: u.Location, attributeTitle: u.Title,
	}
	if u.Given == "" && u.Family == "" && u.Display != u.UserName {
		delete(fields, login.FieldFirstName)
		delete(fields, login.FieldLastName)
		fields[login.FieldName] = u.Display
	}
	return login.Identity{Subject: subject, Login: u.UserName, Fields: fields}
}

func etagOf(u store.User) string { return fmt.Sprintf(`W/"%d"`, u.Version) }

func userResource(p people.Provisioned) resource {
	return resource{kind: "User", id: p.User.ID, etag: etagOf(p.User), body: asSCIM(p).Body(), created: p.User.Created, changed: p.User.Changed}
}

// users lists the accounts that the program told of.
func (s *Door) users(w http.ResponseWriter, v *frame.Visit, m admission.Method) error {
	f, err := scim.ParseFilter(v.URL.Query().Get("filter"))
	if err == nil && f.DisplayName != "" {
		err = &scim.Error{Type: scim.InvalidFilter, Detail: "users are not filtered by displayName"}
	}
	if err != nil {
		return err
	}
	start, count, err := page(v)
	if err != nil {
		return err
	}
	found, total, err := s.Content.Provisioned(v.Context(), m.ID, people.ProvisionFilter{ID: f.ID, Login: f.UserName, Subject: f.ExternalID, Mail: f.Mail}, count, start-1)
	list := make([]resource, len(found))
	for i, p := range found {
		list[i] = userResource(p)
	}
	if err != nil {
		return err
	}
	return s.showList(w, v, total, start, list)
}

// known is the account of the address.
func (s *Door) known(v *frame.Visit, m admission.Method, f people.ProvisionFilter) (people.Provisioned, error) {
	found, _, err := s.Content.Provisioned(v.Context(), m.ID, f, 1, 0)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	if err != nil {
		return people.Provisioned{}, err
	}
	return found[0], nil
}

func (s *Door) user(w http.ResponseWriter, v *frame.Visit, m admission.Method) error {
	p, err := s.known(v, m, people.ProvisionFilter{ID: v.PathValue("user")})
	if err != nil {
		return err
	}
	return s.show(w, v, http.StatusOK, userResource(p))
}

// createUser makes an account, or takes the one of the same login that nobody
// told of before, where the method may.
func (s *Door) createUser(w http.ResponseWriter, v *frame.Visit, m admission.Method) error {
	content, err := read(v)
	if err != nil {
		return err
	}
	u, err := scim.ReadUser(content)
	if err == nil {
		err = mayBeSubject(u.ExternalID)
	}
	if err == nil && access.WrongAccount(u.UserName, "", "", "")["login"] != "" {
		err = &scim.Error{Type: scim.InvalidValue, Detail: "userName cannot be a login here"}
	}
	if err != nil {
		return err
	}
	for _, f := range []people.ProvisionFilter{{Login: u.UserName}, {Subject: u.ExternalID}} {
		if f == (people.ProvisionFilter{}) {
			continue
		}
		if _, err := s.known(v, m, f); err == nil {
			return &scim.Error{Type: scim.Uniqueness, Detail: "a user with this userName or externalId exists"}
		} else if !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	subject := cmp.Or(u.ExternalID, nameless+store.NewID())
	made, err := s.Desk.Provide(v.Context(), m, identity(u, subject), u.Active, v.Who.ID)
	if fault.Is(err, fault.Unauthenticated) { // in the words of signing in: the login is somebody's
		if key, _ := fault.TextOf(err); key == people.AccountAlike {
			return &scim.Error{Type: scim.Uniqueness, Detail: "an account has a userName that looks the same"}
		}
		return &scim.Error{Type: scim.Uniqueness, Detail: "an account that is not this program's has this userName"}
	}
	if err != nil {
		return err
	}
	s.Sessions.Forget()
	return s.show(w, v, http.StatusCreated, userResource(people.Provisioned{User: made, Subject: subject}))
}

func mayBeSubject(externalID string) error {
	if strings.HasPrefix(externalID, nameless) {
		return &scim.Error{Type: scim.InvalidValue, Detail: "externalId begins with a name of ours"}
	}
	return nil
}

// replaceUser puts what a program tells in the place of what it told before.
func (s *Door) replaceUser(w http.ResponseWriter, v *frame.Visit, m admission.Method) error {
	content, err := read(v)
	if err != nil {
		return err
	}
	next, err := scim.ReadUser(content)
	if err != nil {
		return err
	}
	return s.changeUser(w, v, m, func(scim.User) (scim.User, error) { return next, nil })
}

func (s *Door) patchUser(w http.ResponseWriter, v *frame.Visit, m admission.Method) error {
	content, err := read(v)
	if err != nil {
		return err
	}
	operations, err := scim.ReadPatch(content)
	if err != nil {
		return err
	}
	return s.changeUser(w, v, m, func(now scim.User) (scim.User, error) { return now.Patch(operations) })
}

// changeUser changes an account that the program told of.
func (s *Door) changeUser(w http.ResponseWriter, v *frame.Visit, m admission.Method, change func(scim.User) (scim.User, error)) error {
	p, err := s.provision(v, m, change)
	if err != nil {
		return err
	}
	return s.show(w, v, http.StatusOK, userResource(p))
}

func (s *Door) provision(v *frame.Visit, m admission.Method, change func(scim.User) (scim.User, error)) (people.Provisioned, error) {
	p, err := s.Content.Provision(v.Context(), m.ID, v.PathValue("user"), func(p people.Provisioned) (people.Provisioned, error) {
		if p.User.Protected() {
			return p, fault.New(fault.Forbidden, "fault.provision.protected")
		}
		if err := unchanged(v, etagOf(p.User)); err != nil {
			return p, err
		}
		next, err := change(asSCIM(p))
		if err == nil {
			err = mayBeSubject(next.ExternalID)
		}
		if err != nil {
			return p, misread(err)
		}
		p.Subject = cmp.Or(next.ExternalID, p.Subject)
		told := m.Told(p.User, identity(next, p.Subject), next.Active)
		if p.Own {
			err = admission.Keeps(p.User, told)
		}
		p.User = told
		return p, err
	}, v.Who.ID)
	if err == nil {
		s.Sessions.Forget()
	}
	return p, err
}

// deleteUser suspends an account, which the program then no longer knows.
func (s *Door) deleteUser(w http.ResponseWriter, v *frame.Visit, m admission.Method) error {
	p, err := s.provision(v, m, func(now scim.User) (scim.User, error) {
		now.Active = false
		return now, nil
	})
	if err == nil {
		err = s.Content.ForgetIdentity(v.Context(), m.ID, p.User.ID, v.Who.ID)
	}
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
