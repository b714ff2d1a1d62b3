package roster

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"selfhelp/app/access"
	"selfhelp/app/fault"
)

// world has two accounts and two domains, each with a group of the same name.
func world() World {
	return World{
		Accounts: map[string]Account{
			"zoe": {ID: "u1", Login: "Zoe", LastName: "Lefèvre", Role: access.Writer, Active: true, Domains: []string{"production"}, Groups: []string{"g1"}, Attributes: map[string]string{"entity": "Ventes"}},
			"bea": {ID: "u3", Login: "bea", Role: access.User, Active: true, Told: true, Attributes: map[string]string{"entity": "Ventes"}},
			"out": {ID: "u4", Login: "out", Role: access.User, Active: true},
			"ada": {ID: "u2", Login: "ada", Role: access.User, Everywhere: true, Active: true},
		},
		Domains:   map[string]string{"production": "production", "en production": "production", "sandbox": "sandbox"},
		Groups:    map[string][]string{"g1": {"g1"}, "support": {"g1", "g2"}, "production/support": {"g1"}, "sandbox/support": {"g2"}, "nuit": {"g3"}},
		Roles:     map[string]access.Role{"user": access.User, "writer": access.Writer, "rédacteur": access.Writer},
		Foreign:   map[string]bool{"far": true},
		Languages: []string{"fr", "en"},
		Password: func(password, login string) error {
			if len(password) < 10 {
				return fault.InField("password", "fault.password.short")
			}
			return nil
		},
		StaysTold: func(was, now Account) bool { return now.Attributes["entity"] == "Ventes" },
		Refuses: func(was, now Account, password bool) []Problem {
			if now.Login == "forbidden" {
				return []Problem{{Key: "no"}}
			}
			return nil
		},
	}
}

func utf16le(s string) []byte {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return b
}

// TestReadWhateverWroteIt reads the same two lines in every form.
func TestReadWhateverWroteIt(t *testing.T) {
	for name, content := range map[string][]byte{
		"commas":           []byte("login,prénom\nzoe,Zoé\n"),
		"semicolons":       []byte("login;prénom\r\nzoe;Zoé\r\n"),
		"tabs and a mark":  []byte("\ufefflogin\tprénom\nzoe\tZoé"),
		"said":             []byte("sep=;\nlogin;prénom\nzoe;Zoé"),
		"windows":          []byte("login;pr\xe9nom\nzoe;Zo\xe9\n"),
		"utf-16":           utf16le("login;prénom\nzoe;Zoé\n"),
		"empty lines":      []byte("login,prénom,,\n,,\nzoe,Zoé,,\n\n"),
		"quotes and names": []byte("\"Identifiant\",\"First name\"\n\"zoe\",\"Zoé\"\n"),
	} {
		s, err := Read(content)
		if err != nil || len(s.Columns) != 2 || s.Columns[0].Field != Login || s.Columns[1].Field != FirstName || len(s.Lines) != 1 || !slices.Equal(s.Lines[0].Cells, []string{"zoe", "Zoé"}) {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	many := strings.Repeat("a\n", MostLines+1)
	secrets := strings.Repeat("a,b\n", MostPasswords+1)
	for content, want := range map[string]string{
		"":                           "fault.roster.empty",
		"login\n":                    "fault.roster.empty",
		"prénom\nx":                  "fault.roster.login",
		"login,Nom,last_name\na":     "fault.roster.twice",
		"login,skill,Skill\na":       "fault.roster.twice",
		"login,attribute.É\na":       "fault.roster.column",
		"login,,x\na":                "fault.roster.unnamed",
		"login\n\"a":                 "fault.roster.quote",
		"login\na\x00":               "fault.roster.text",
		"login\n" + many:             "fault.roster.lines",
		"login,password\n" + secrets: "fault.roster.passwords",
	} {
		_, err := Read([]byte(content))
		if key, _ := fault.TextOf(err); key != want {
			t.Errorf("%.30q: %v, want %s", content, err, want)
		}
	}
	if _, err := Read(bytes.Repeat([]byte("a"), MostBytes+1)); !fault.Is(err, fault.TooLarge) {
		t.Errorf("too large: %v", err)
	}
}

// TestRefusalsNameColumnsOfTheFile says which columns are meant, as the file calls them.
func TestRefusalsNameColumnsOfTheFile(t *testing.T) {
	for content, want := range map[string][]any{
		"Prénom;Nom\nx":                              {"Prénom, Nom"},
		"Identifiant;Nom;last_name\na":               {"Nom", "last_name"},
		"Identifiant;;Nom\na":                        {2},
		"Nom;b1;b2;b3;b4;b5;b6;b7;b8;b9;c1;c2;c3\na": {"Nom, b1, b2, b3, b4, b5, b6, b7, b8, b9, c1, c2, …"},
	} {
		_, err := Read([]byte(content))
		if _, args := fault.TextOf(err); !slices.Equal(args, want) {
			t.Errorf("%q: %v, want %v", content, args, want)
		}
	}
}

// TestColumns names columns as people do.
func TestColumns(t *testing.T) {
	for head, want := range map[string]Column{
		"Civilité": {Field: Title}, "COURRIEL": {Field: Mail}, "E-mail": {Field: Mail}, "Rôle": {Field: Role}, "Mot de passe": {Field: Password},
		"Créé le": {Field: Ignored}, "Code postal": {Field: Attribute, Name: "code_postal"}, "attribute.skill": {Field: Attribute, Name: "skill"}, "attribute.role": {Field: Attribute, Name: "role"},
	} {
		want.Head = head
		if got, err := columnOf(head); got != want || err != nil {
			t.Errorf("%s: %+v, %v", head, got, err)
		}
	}
}

// TestPlan holds what one line does to what it says.
func TestPlan(t *testing.T) {
	for _, c := range []struct {
		file string
		deed Deed
		says string // fields that differ, or keys of problems
	}{
		{"login,domains\nnew,production", Create, "role domains"},
		{"login,domains\nnew,En Production|sandbox", Create, "role domains"},
		{"login\nnew", Wrong, "fault.user.nowhere"},
		{"login,groups\nnew,Support", Wrong, "fault.roster.groups"},
		{"login,groups\nnew,production/support|nuit|g1", Create, "role groups"},
		{"login,groups\nnew,other", Wrong, "fault.roster.group"},
		{"login,domains\nnew,other", Wrong, "fault.roster.domain"},
		{"login,domains,role,active\nnew,*,Rédacteur,non", Create, "role active domains"},
		{"login,domains,role,active\nnew,*,chef,perhaps", Wrong, "fault.user.role fault.roster.active"},
		{"login,domains,password\nnew,*,short", Wrong, "fault.password.short"},
		{"login,domains,password\nnew,*,long enough to be one", Create, "role domains password"},
		{"login,domains\nforbidden,*", Wrong, "no"},
		{"login,domains\nnew,*,more", Wrong, "fault.roster.beyond"},
		{"login,domains\n,*", Wrong, "fault.user.login"},
		{"login,domains\na b,*", Wrong, "fault.user.login"},
		{"login,domains\nFAR,*", Wrong, "fault.user.taken"},
		{"login,mail\nZOE,not an address", Wrong, "fault.user.mail"},
		{"login,langue\nzoe,xx", Wrong, "fault.user.language"},
		{"login,nom,entity\nzoé,,", Wrong, "fault.user.nowhere"},
		{"login,nom,entity,role\nZOE,,,", Keep, ""},
		{"login,nom,entity\nzoe,-,-", Update, "last_name attribute"},
		{"login,nom,entity\nzoe,'-,'=1", Update, "last_name attribute"},
		{"login,civilite\nzoe," + strings.Repeat("x", 41), Wrong, "fault.user.title"},
		{"login,entity\nzoe," + strings.Repeat("x", 501), Wrong, "fault.attribute.value"},
		{"login,domains,groups\nzoe,-,-", Wrong, "fault.user.nowhere"},
		{"login,domains,groups\nzoe,-,nuit", Update, "domains groups"},
		{"login,domains\nada,sandbox", Update, "domains"},
		{"login,domains\nada,*", Keep, ""},
		{"login,password\nada,long enough to be one", Update, "password"},
	} {
		s, err := Read([]byte(c.file))
		if err != nil {
			t.Fatalf("%q: %v", c.file, err)
		}
		got := s.Plan(world())[0]
		var says []string
		for _, d := range got.Diffs {
			says = append(says, string(d.Field))
		}
		if got.Deed == Wrong {
			says = nil
			for _, p := range got.Problems {
				says = append(says, p.Key)
			}
		}
		if got.Deed != c.deed || strings.Join(says, " ") != c.says {
			t.Errorf("%q: %s %v, want %s %s", c.file, got.Deed, says, c.deed, c.says)
		}
	}
}

// TestPlanSaysWhoIsLeftNowhere notes of whom a rule alone let in that it would no
// longer, unless they may not come in anyhow or belong elsewhere.
func TestPlanSaysWhoIsLeftNowhere(t *testing.T) {
	for line, noted := range map[string]bool{
		"bea,Achats,,":           true,
		"bea,-,,":                true,
		"bea,Ventes,,":           false,
		"bea,Achats,no,":         false,
		"bea,Achats,,production": false,
		"zoe,Achats,,":           false,
		"out,Achats,,":           true,
		"out,Achats,,production": false,
	} {
		s, err := Read([]byte("login,entity,active,domains\n" + line))
		if err != nil {
			t.Fatal(err)
		}
		c := s.Plan(world())[0]
		if is := slices.Contains(c.Notes, Note{Key: "roster.note.nowhere"}); is != noted || c.Deed == Wrong {
			t.Errorf("%s: %+v", line, c)
		}
	}
}

// TestPlanSeveral names the line that has a login first, and the column a problem
// is about.
func TestPlanSeveral(t *testing.T) {
	s, err := Read([]byte("Identifiant;Courriel;Domaine\n\nzoe;z@example.org;\nnew;x;production\nZoé;;sandbox\nZOE;;\n"))
	if err != nil {
		t.Fatal(err)
	}
	got := s.Plan(world())
	if len(got) != 4 || got[0].Deed != Update || got[0].Line != 3 || got[1].Deed != Wrong || got[1].Problems[0].Column != "Courriel" || got[2].Deed != Create || got[3].Problems[0].Key != "fault.roster.repeated" || got[3].Problems[0].Args[0] != 3 {
		t.Errorf("%+v", got)
	}
	if Count(got, Wrong) != 2 || Count(got, Keep) != 0 {
		t.Errorf("counts %d, %d", Count(got, Wrong), Count(got, Keep))
	}
	w := world()
	w.Domain = "sandbox"
	s.Lines = s.Lines[1:2]
	s.Lines[0].Cells = []string{"new", "", ""}
	if c := s.Plan(w)[0]; c.Deed != Create || !slices.Equal(c.Now.Domains, []string{"sandbox"}) {
		t.Errorf("without a domain: %+v", c)
	}
}

// FuzzRead holds that any content is read or refused, and that what is read can
// be planned: each line is told, and none that is wrong is without a reason.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{"login,domains\nnew,production\n", "sep=;\nlogin;nom\nzoe;'=1", "\xff\xfel\x00o\x00", "login\tgroups\nx\ty|z", "login;pr\xe9nom\nzoe;\"Zo\xe9\"\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		s, err := Read(content)
		if err != nil {
			if key, _ := fault.TextOf(err); !strings.HasPrefix(key, "fault.roster.") {
				t.Fatalf("refused without a reason: %v", err)
			}
			return
		}
		changes := s.Plan(world())
		if len(changes) != len(s.Lines) {
			t.Fatalf("%d changes of %d lines", len(changes), len(s.Lines))
		}
		for _, c := range changes {
			if (c.Deed == Wrong) != (len(c.Problems) > 0) || c.Deed == Create && c.Now.Login == "" {
				t.Fatalf("%+v", c)
			}
			if c.Deed != Wrong && len(access.WrongAccount(c.Now.Login, c.Now.FirstName, c.Now.LastName, c.Now.Mail)) > 0 {
				t.Fatalf("%+v is taken", c.Now)
			}
		}
	})
}
