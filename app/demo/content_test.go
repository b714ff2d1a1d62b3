package demo

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"selfhelp/app/procedure"
	"selfhelp/assets"
)

func open(t *testing.T, alias string) *procedure.Project {
	t.Helper()
	archive, err := Open(alias)
	if err != nil {
		t.Fatal(err)
	}
	return archive.Project
}

func all(t *testing.T) []*procedure.Project {
	return []*procedure.Project{open(t, HelpDesk), open(t, Onboarding), open(t, FirstSteps)}
}

// TestCoverage holds the demo to what it promises: enough procedures, and
// every type of step and of field, so that each page of the product has one to
// show.
func TestCoverage(t *testing.T) {
	procedures, entries, scenarios := 0, 0, 0
	steps, fields, resources := map[procedure.StepType]int{}, map[procedure.FieldType]int{}, map[procedure.ResourceKind]int{}
	layouts := map[procedure.PageLayout]int{}
	for _, project := range []*procedure.Project{open(t, HelpDesk), open(t, Onboarding)} {
		scenarios += len(project.Scenarios)
		for _, r := range project.Resources {
			resources[r.Kind]++
			countForm(fields, r.Form)
		}
		for _, p := range project.Procedures {
			procedures++
			if p.Entry {
				entries++
			}
			for i := range p.Steps {
				steps[p.Steps[i].Kind()]++
				if f := p.Steps[i].Form; f != nil {
					countForm(fields, &f.Form)
				}
				if page := p.Steps[i].Page; page != nil {
					layouts[page.Layout]++
				}
			}
		}
	}
	total := 0
	for _, kind := range procedure.StepTypes() {
		total += steps[kind]
		if steps[kind] == 0 {
			t.Errorf("no step of type %s", kind)
		}
	}
	for _, kind := range fieldTypes {
		if fields[kind] == 0 {
			t.Errorf("no field of type %s", kind)
		}
	}
	if len(layouts) < 4 {
		t.Errorf("layouts of pages: %v", layouts)
	}
	if len(resources) < 8 || resources[procedure.KindImage] < 12 {
		t.Errorf("resources: %v", resources)
	}
	if procedures < 24 || total < 240 || scenarios < 2*entries {
		t.Errorf("%d procedures, %d steps, %d scenarios for %d entry points", procedures, total, scenarios, entries)
	}
	t.Logf("%d procedures (%d entry points), %d steps of %d types, %d scenarios", procedures, entries, total, len(steps), scenarios)
	t.Logf("steps %v", steps)
	t.Logf("fields of %d types %v", len(fields), fields)
	t.Logf("resources %v", resources)
}

var fieldTypes = []procedure.FieldType{
	procedure.FieldText, procedure.FieldLongText, procedure.FieldRichText, procedure.FieldNumber, procedure.FieldSlider,
	procedure.FieldDate, procedure.FieldTime, procedure.FieldDateTime, procedure.FieldMail, procedure.FieldPhone,
	procedure.FieldURL, procedure.FieldSecret, procedure.FieldCheck, procedure.FieldRadio, procedure.FieldSelect,
	procedure.FieldMulti, procedure.FieldLookup, procedure.FieldPerson, procedure.FieldFile, procedure.FieldPhoto,
	procedure.FieldSignature, procedure.FieldRows, procedure.FieldRating, procedure.FieldHidden, procedure.FieldLabel,
	procedure.FieldHeading, procedure.FieldSeparator, procedure.FieldCaptcha,
}

func countForm(fields map[procedure.FieldType]int, form *procedure.Form) {
	if form == nil {
		return
	}
	for _, f := range form.Fields {
		fields[f.Type]++
		for _, c := range f.Columns {
			fields[c.Type]++
		}
	}
}

// TestScenariosPerEntry wants a happy path and a branch of each entry point.
func TestScenariosPerEntry(t *testing.T) {
	for _, project := range []*procedure.Project{open(t, HelpDesk), open(t, Onboarding)} {
		for _, p := range project.Procedures {
			n := 0
			for _, s := range project.Scenarios {
				if s.Procedure == p.UID {
					n++
				}
			}
			if p.Entry && n < 2 {
				t.Errorf("%s: %d scenarios", p.Alias, n)
			}
		}
	}
}

// TestLanguages wants every text in both languages.
func TestLanguages(t *testing.T) {
	for place, text := range texts(t) {
		for _, words := range append([]map[string]string{text.In}, dated(text)...) {
			if words != nil && (words["fr"] == "" || words["en"] == "") {
				t.Errorf("%s: %v", place, words)
			}
		}
	}
	for _, project := range all(t) {
		for _, p := range project.Procedures {
			if p.Entry && (len(p.Keywords["fr"]) == 0 || len(p.Keywords["en"]) == 0) {
				t.Errorf("%s: keywords %v", p.Alias, p.Keywords)
			}
		}
	}
}

var (
	// What is code, an address or a formula keeps its plain spaces and quotes.
	verbatim   = regexp.MustCompile("(?s)\\{\\{.*?\\}\\}|`[^`]*`|https?://\\S+|\\([a-z]+:[^)]*\\)|(?m:^\\|[-: |]+\\|$)")
	badFrench  = regexp.MustCompile(`'|"| [;:!?»%€](?:\s|$)|« |[a-zé][;!?»](?:\s|$)|\.\.\.`)
	badEnglish = regexp.MustCompile(`'|"|\s[;:!?](?:\s|$)|\.\.\.|[«»]`)
)

// TestTypography holds French to its no-break spaces and both languages to
// their quotation marks and apostrophes.
func TestTypography(t *testing.T) {
	for place, text := range texts(t) {
		for _, words := range append([]map[string]string{text.In}, dated(text)...) {
			for lang, bad := range map[string]*regexp.Regexp{"fr": badFrench, "en": badEnglish} {
				if found := bad.FindString(verbatim.ReplaceAllString(words[lang], "0")); found != "" {
					t.Errorf("%s, %s: %q in %q", place, lang, found, words[lang])
				}
			}
		}
	}
}

// texts lists every text of the three projects by place.
func texts(t *testing.T) map[string]procedure.Text {
	list := map[string]procedure.Text{}
	for _, project := range all(t) {
		for _, ref := range procedure.ProjectTexts(project) {
			list[project.Alias+" "+ref.Address()] = *ref.Text
		}
		for _, p := range project.Procedures {
			for _, ref := range procedure.Texts(p) {
				list[p.Alias+" "+ref.Address()] = *ref.Text
			}
		}
	}
	return list
}

func dated(text procedure.Text) (list []map[string]string) {
	for _, d := range text.Dated {
		list = append(list, d.In)
	}
	return list
}

// TestNamesOfOthers looks up what is named by id outside a procedure: icons of
// the interface, resources, and aliases of links to other procedures.
func TestNamesOfOthers(t *testing.T) {
	projects := all(t)
	aliases := map[string]bool{}
	for _, project := range projects {
		for _, p := range project.Procedures {
			if aliases[p.Alias] {
				t.Errorf("alias %s twice", p.Alias)
			}
			aliases[p.Alias] = p.Entry
			if p.Icon != "" && !assets.HasIcon(p.Icon) {
				t.Errorf("%s: no icon %s", p.Alias, p.Icon)
			}
		}
	}
	link := regexp.MustCompile(`[( ]/r/([a-z-]+)\)`)
	for place, text := range texts(t) {
		for _, found := range link.FindAllStringSubmatch(text.In["fr"], -1) {
			if !aliases[found[1]] {
				t.Errorf("%s leads to %s", place, found[1])
			}
		}
	}
	for _, project := range projects {
		unusedResources(t, project)
		for _, c := range project.Categories {
			if c.Icon != "" && !assets.HasIcon(c.Icon) {
				t.Errorf("category %s: no icon %s", c.ID, c.Icon)
			}
		}
		for _, p := range project.Procedures {
			for _, s := range p.Steps {
				if s.End == nil {
					continue
				}
				if to, ok := strings.CutPrefix(s.End.Redirect, "/r/"); ok && !strings.Contains(to, "{{") && !aliases[to] {
					t.Errorf("%s %s leads to %s", p.Alias, s.ID, to)
				}
			}
		}
	}
}

// unusedResources finds resources that nothing shows.
func unusedResources(t *testing.T, project *procedure.Project) {
	var written []string
	for _, p := range project.Procedures {
		source, err := procedure.WriteProcedure(p)
		if err != nil {
			t.Fatal(err)
		}
		written = append(written, string(source))
	}
	for _, r := range project.Resources {
		name := regexp.MustCompile(`(?m)(resource:` + r.ID + `\)|(?:image|table|resource|-|logo): ` + r.ID + `$)`)
		if r.ID != project.Theme.Logo && !slices.ContainsFunc(written, name.MatchString) {
			t.Errorf("%s: resource %s is not used", project.Alias, r.ID)
		}
	}
}
