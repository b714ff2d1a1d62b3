package intake

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"selfhelp/app/fault"
	"selfhelp/app/transfer/roster"
	"selfhelp/app/web/admin"
	"selfhelp/app/web/frame"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// importBody is what the request of a list may have: the list and the rest of
// its form.
const importBody = roster.MostBytes + frame.PlainBody

// importPage is the form that takes a list of people in.
func (s *Intake) importPage(w http.ResponseWriter, v *frame.Visit) error {
	page, err := s.importForm(w, v)
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

func (s *Intake) importForm(w http.ResponseWriter, v *frame.Visit) (page views.AdminImport, err error) {
	page = views.AdminImport{Office: s.Office(w, v, "users", v.Words.T("roster.title")), Most: roster.MostBytes, MostLines: roster.MostLines, MostPasswords: roster.MostPasswords}
	page.Choices, err = s.DomainOptions(v)
	return page, err
}

// importUsers shows what a list would change, and takes it in once that was
// agreed to.
func (s *Intake) importUsers(w http.ResponseWriter, v *frame.Visit) error {
	page, err := s.importForm(w, v)
	if err != nil {
		return err
	}
	if err := readImport(v); err != nil {
		return err
	}
	if v.MultipartForm != nil {
		defer v.MultipartForm.RemoveAll()
	}
	b, content, agreed, err := s.broughtIn(v)
	page.Domain = b.Domain
	if err != nil {
		return s.refuseImport(w, v, page, err)
	}
	if v.PostFormValue("do") == "other" {
		if b.Name == "" && len(content) <= frame.PlainBody {
			page.Text = string(content) // what was pasted is there to be corrected
		}
		return frame.Show(w, v, page.View())
	}
	sheet, err := roster.Read(content)
	if err != nil {
		return s.refuseImport(w, v, page, err)
	}
	o, err := s.outsetOf(v, sheet, b.Domain)
	if err != nil {
		return err
	}
	changes := sheet.Plan(o.World)
	if !agreed {
		page.Plan, err = s.importPlan(v, b, sheet, o, changes)
		if err != nil {
			return err
		}
		return frame.Show(w, v, page.View())
	}
	return s.agreedImport(w, v, page, b, sheet, o, changes)
}

// agreedImport takes a list in whose plan was agreed to, unless what it would do
// is no longer that.
func (s *Intake) agreedImport(w http.ResponseWriter, v *frame.Visit, page views.AdminImport, b brought, sheet roster.Sheet, o *outset, changes []roster.Change) error {
	overtaken := stateOf(changes) != b.State
	skip := v.PostFormValue("skip") == "yes" || roster.Count(changes, roster.Wrong) == 0
	var done int
	if !overtaken && skip {
		failed, n, err := s.applyImport(v, o, changes)
		if err != nil {
			return err
		}
		page.Noted = o.noted(v, changes, failed)
		if done = n; len(failed) == 0 {
			left := roster.Count(changes, roster.Wrong)
			if page.Noted.Listed > 0 {
				page.Said = v.Words.T("roster.done", done, left)
				return frame.Show(w, v, page.View())
			}
			s.Say(w, ui.OK, "roster.done", strconv.Itoa(done), strconv.Itoa(left))
			return frame.GoTo(w, v, "/admin/users")
		}
		if o, err = s.outsetOf(v, sheet, b.Domain); err != nil {
			return err
		}
		changes, overtaken = marked(sheet, sheet.Plan(o.World), failed), true
	}
	plan, err := s.importPlan(v, b, sheet, o, changes)
	if err != nil {
		return err
	}
	if page.Plan, plan.Done, plan.Overtaken = plan, done, overtaken; !overtaken {
		plan.Skip = v.Words.T("fault.roster.skip")
	}
	return frame.ShowStatus(w, v, map[bool]int{true: http.StatusConflict, false: http.StatusUnprocessableEntity}[overtaken], page.View())
}

// marked says of the lines that could not be kept why not.
func marked(sheet roster.Sheet, changes []roster.Change, failed map[int][]roster.Problem) []roster.Change {
	for i, c := range changes {
		for _, p := range failed[c.Line] {
			p.Column = sheet.HeadOf(p)
			changes[i].Deed = roster.Wrong
			changes[i].Problems = append(changes[i].Problems, p)
		}
	}
	return changes
}

// refuseImport shows the form again with the reason.
func (s *Intake) refuseImport(w http.ResponseWriter, v *frame.Visit, page views.AdminImport, err error) error {
	kind := fault.KindOf(err)
	if kind != fault.Invalid && kind != fault.TooLarge {
		return err
	}
	page.Refused = v.Why(err)
	if text := v.PostFormValue("text"); len(text) <= frame.PlainBody {
		page.Text = text
	}
	return frame.ShowStatus(w, v, http.StatusUnprocessableEntity, page.View())
}

// stateOf stands for what a plan says: another plan has another.
func stateOf(changes []roster.Change) string {
	sum := sha256.New()
	for _, c := range changes {
		said, err := json.Marshal([]any{c.Line, c.Deed, c.Diffs, c.Problems, c.Notes})
		if err != nil {
			panic(fmt.Errorf("write a plan of texts: %w", err)) // they are texts and numbers
		}
		sum.Write(said)
	}
	return base64.RawURLEncoding.EncodeToString(sum.Sum(nil))
}

// sampleImport sends a list to begin with, in the words of the person.
func (s *Intake) sampleImport(w http.ResponseWriter, v *frame.Visit) error {
	name := v.PathValue("sample")
	if name != "users.csv" && name != "users-with-passwords.csv" {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	domains, err := s.Administered(v)
	if err != nil {
		return err
	}
	domain := ""
	if len(domains) > 0 {
		domain = domains[0].ID
	}
	names := admin.Head(v, "field.login", "field.title", "field.first_name", "field.last_name", "field.mail", "admin.user.language", "profile.role", "admin.user.active", "profile.domains", "profile.groups")
	names = append(names, roster.AttributePrefix+"entity", roster.AttributePrefix+"skill")
	user, yes := v.Words.T("role.user"), v.Words.T("yes")
	lines := [][]string{
		{"camille.moreau", v.Words.T("roster.sample.title"), "Camille", "Moreau", "camille.moreau@example.org", "fr", user, yes, domain, "", v.Words.T("roster.sample.entity"), "3"},
		{"sam.okoye", "", "Sam", "Okoye", "sam.okoye@example.org", "en", user, yes, domain, "", v.Words.T("roster.sample.entity"), "1"},
	}
	if name == "users-with-passwords.csv" {
		names = slices.Insert(names, 1, v.Words.T("field.password"))
		lines[0] = slices.Insert(lines[0], 1, v.Words.T("roster.sample.password.1"))
		lines[1] = slices.Insert(lines[1], 1, v.Words.T("roster.sample.password.2"))
	}
	return s.SendCSV(w, v, name, names, admin.Once(lines))
}
