package scim

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// camille is the account of the tests as it was before.
func camille() User {
	return User{UserName: "camille@example.org", ExternalID: "c1", Given: "Camille", Family: "Moreau", Mail: "camille@example.org", Department: "Support", Location: "Lyon", Title: "Technicienne", Language: "fr", Active: true}
}

// typeOf is what SCIM calls an error; "" for none.
func typeOf(t *testing.T, err error) Type {
	t.Helper()
	if err == nil {
		return ""
	}
	e, is := errors.AsType[*Error](err)
	if !is {
		t.Fatalf("%v is no error of SCIM", err)
	}
	return e.Type
}

// TestRealUsers reads accounts as directories send them.
func TestRealUsers(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		want User
		why  Type
	}{
		"Entra ID": {`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"externalId":"c1","userName":"camille@example.org","active":true,"displayName":"Camille Moreau","title":"Technicienne","preferredLanguage":"fr-FR",
			"emails":[{"primary":true,"type":"work","value":"camille@example.org"}],"addresses":[{"primary":false,"type":"work","locality":"Lyon","country":"FR"}],"meta":{"resourceType":"User"},"name":{"formatted":"Camille Moreau","familyName":"Moreau","givenName":"Camille"},"roles":[],
			"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Support","manager":{"value":"m1"}}}`,
			User{UserName: "camille@example.org", ExternalID: "c1", Given: "Camille", Family: "Moreau", Display: "Camille Moreau", Mail: "camille@example.org", Language: "fr-FR", Title: "Technicienne", Department: "Support", Location: "Lyon", Active: true}, ""},
		"Okta": {`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"camille@example.org","name":{"givenName":"Camille","familyName":"Moreau"},"emails":[{"primary":true,"value":"camille@example.org","type":"work"}],"displayName":"Camille Moreau","locale":"fr-FR","externalId":"00ujl29u0le5T6Aj10h7","groups":[],"password":"1mz050nq","active":true}`,
			User{UserName: "camille@example.org", ExternalID: "00ujl29u0le5T6Aj10h7", Given: "Camille", Family: "Moreau", Display: "Camille Moreau", Mail: "camille@example.org", Language: "fr-FR", Active: true}, ""},
		"suspended by a text":     {`{"userName":"x","active":"False"}`, User{UserName: "x"}, ""},
		"names in any case":       {`{"USERNAME":"x","Name":{"GivenName":"Zoé"}}`, User{UserName: "x", Given: "Zoé", Active: true}, ""},
		"a language over a place": {`{"userName":"x","locale":"en-US","preferredLanguage":"fr"}`, User{UserName: "x", Language: "fr", Active: true}, ""},
		"mail for work":           {`{"userName":"x","emails":[{"value":"home@x.org","type":"home"},{"value":"work@x.org","type":"work"}]}`, User{UserName: "x", Mail: "work@x.org", Active: true}, ""},
		"no values":               {`{"userName":"x","title":null,"name":null,"emails":[],"active":null}`, User{UserName: "x", Active: true}, ""},
		"no name":                 {`{"externalId":"x"}`, User{}, InvalidValue},
		"a number for a name":     {`{"userName":5}`, User{}, InvalidValue},
		"perhaps active":          {`{"userName":"x","active":"perhaps"}`, User{}, InvalidValue},
		"an endless name":         {`{"userName":"` + strings.Repeat("x", 501) + `"}`, User{}, InvalidValue},
		"a list":                  {`[]`, User{}, InvalidSyntax},
		"null":                    {`null`, User{}, InvalidSyntax},
		"nothing":                 {``, User{}, InvalidSyntax},
	} {
		got, err := ReadUser([]byte(c.body))
		if why := typeOf(t, err); why != c.why || c.why == "" && got != c.want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// TestRealPatches changes an account as directories ask.
func TestRealPatches(t *testing.T) {
	const dept = `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department`
	for name, c := range map[string]struct {
		operations string
		change     func(*User)
		why        Type
	}{
		"Entra ID suspends":         {`[{"op":"Replace","path":"active","value":"False"}]`, func(u *User) { u.Active = false }, ""},
		"Okta suspends":             {`[{"op":"replace","value":{"active":false}}]`, func(u *User) { u.Active = false }, ""},
		"Entra ID, several":         {`[{"op":"Add","path":"name.givenName","value":"Zoé"},{"op":"Replace","path":"emails[type eq \"work\"].value","value":"zoe@example.org"},{"op":"Add","path":"` + dept + `","value":"Board"}]`, func(u *User) { u.Given, u.Mail, u.Department = "Zoé", "zoe@example.org", "Board" }, ""},
		"Entra ID without paths":    {`[{"op":"replace","value":{"displayName":"Z","name.familyName":"Durand","emails[type eq \"work\"].value":"z@example.org","` + dept + `":"Board","unknown":{"a":1}}}]`, func(u *User) { u.Display, u.Family, u.Mail, u.Department = "Z", "Durand", "z@example.org", "Board" }, ""},
		"an extension as an object": {`[{"op":"add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User","value":{"department":"Board"}}]`, func(u *User) { u.Department = "Board" }, ""},
		"an extension without path": {`[{"op":"add","value":{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Board"}}}]`, func(u *User) { u.Department = "Board" }, ""},
		"a manager is not kept":     {`[{"op":"Add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":[{"value":"1"}]}]`, func(*User) {}, ""},
		"remove a department":       {`[{"op":"Remove","path":"` + dept + `"}]`, func(u *User) { u.Department = "" }, ""},
		"remove a mail":             {`[{"op":"remove","path":"emails[type eq \"work\"]"}]`, func(u *User) { u.Mail = "" }, ""},
		"remove another mail":       {`[{"op":"remove","path":"emails[type eq \"home\"].value"}]`, func(*User) {}, ""},
		"remove that mail":          {`[{"op":"remove","path":"emails[value eq \"CAMILLE@example.org\"]"}]`, func(u *User) { u.Mail = "" }, ""},
		"a list of mails":           {`[{"op":"replace","path":"emails","value":[{"value":"a@x.org","type":"home"},{"value":"b@x.org","primary":true}]}]`, func(u *User) { u.Mail = "b@x.org" }, ""},
		"a place":                   {`[{"op":"replace","path":"addresses[type eq \"work\"].locality","value":"Nice"}]`, func(u *User) { u.Location = "Nice" }, ""},
		"a country is not a place":  {`[{"op":"replace","path":"addresses[type eq \"work\"].country","value":"FR"}]`, func(*User) {}, ""},
		"a full path":               {`[{"op":"replace","path":"urn:ietf:params:scim:schemas:core:2.0:User:userName","value":"zoe"}]`, func(u *User) { u.UserName = "zoe" }, ""},
		"externalId":                {`[{"op":"add","path":"externalId","value":"c2"}]`, func(u *User) { u.ExternalID = "c2" }, ""},
		"attributes one has not":    {`[{"op":"add","path":"nickName","value":"Cam"},{"op":"add","path":"phoneNumbers[type eq \"work\"].value","value":"1"}]`, func(*User) {}, ""},
		"no userName":               {`[{"op":"remove","path":"userName"}]`, nil, Mutability},
		"an id":                     {`[{"op":"replace","path":"id","value":"x"}]`, nil, Mutability},
		"remove nothing":            {`[{"op":"remove"}]`, nil, NoTarget},
		"move":                      {`[{"op":"move","path":"title"}]`, nil, InvalidSyntax},
		"no operation":              {`[]`, nil, InvalidSyntax},
		"no list":                   {`{}`, nil, InvalidSyntax},
		"a path that is none":       {`[{"op":"add","path":"emails[type eq","value":"x"}]`, nil, InvalidPath},
		"a path that is a number":   {`[{"op":"add","path":5,"value":"x"}]`, nil, InvalidPath},
		"a path that does not end":  {`[{"op":"add","path":"` + strings.Repeat("a", 501) + `","value":"x"}]`, nil, InvalidPath},
		"a choice that is a riddle": {`[{"op":"add","path":"emails[not (type eq \"a\")].value","value":"x"}]`, nil, InvalidFilter},
		"a value without a path":    {`[{"op":"add","value":"x"}]`, nil, InvalidValue},
		"an object for a text":      {`[{"op":"add","path":"title","value":{"a":1}}]`, nil, InvalidValue},
	} {
		operations, err := ReadPatch([]byte(`{"schemas":["` + PatchSchema + `"],"Operations":` + c.operations + `}`))
		got := camille()
		if err == nil {
			got, err = got.Patch(operations)
		}
		if why := typeOf(t, err); why != c.why {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if want := camille(); c.change != nil {
			if c.change(&want); got != want {
				t.Errorf("%s:\n%+v, want\n%+v", name, got, want)
			}
		}
	}
	many := strings.Repeat(`{"op":"add","path":"title","value":"x"},`, maxOperations) + `{"op":"add","path":"title","value":"x"}`
	if _, err := ReadPatch([]byte(`{"Operations":[` + many + `]}`)); typeOf(t, err) != TooMany {
		t.Errorf("too many operations: %v", err)
	}
}

// TestUsersComeBack: what is written is read as it was.
func TestUsersComeBack(t *testing.T) {
	content, err := json.Marshal(camille().Body())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := ReadUser(content); err != nil || got != camille() {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestGroups changes members as directories ask.
func TestGroups(t *testing.T) {
	for name, c := range map[string]struct {
		operations string
		want       []string
		why        Type
	}{
		"Entra ID adds":       {`[{"op":"Add","path":"members","value":[{"value":"c"},{"value":"a"}]}]`, []string{"a", "b", "c"}, ""},
		"Okta replaces":       {`[{"op":"replace","path":"members","value":[{"value":"c","display":"C"}]}]`, []string{"c"}, ""},
		"one":                 {`[{"op":"add","path":"members","value":{"value":"c"}}]`, []string{"a", "b", "c"}, ""},
		"Okta removes":        {`[{"op":"remove","path":"members[value eq \"a\"]"}]`, []string{"b"}, ""},
		"Entra ID removes":    {`[{"op":"Remove","path":"members","value":[{"value":"b"}]}]`, []string{"a"}, ""},
		"remove all":          {`[{"op":"remove","path":"members"}]`, []string{}, ""},
		"without a path":      {`[{"op":"replace","value":{"id":"g","displayName":"G","members":[{"value":"c"}]}}]`, []string{"c"}, ""},
		"one after the other": {`[{"op":"remove","path":"members[value eq \"a\"]"},{"op":"add","path":"members","value":[{"value":"a"}]}]`, []string{"a", "b"}, ""},
		"nobody":              {`[{"op":"remove","path":"members[value eq \"z\"]"}]`, []string{"a", "b"}, ""},
		"members by name":     {`[{"op":"remove","path":"members[display eq \"A\"]"}]`, nil, InvalidFilter},
		"members as texts":    {`[{"op":"add","path":"members","value":["a"]}]`, nil, InvalidValue},
		"no name":             {`[{"op":"remove","path":"displayName"}]`, nil, Mutability},
	} {
		operations, err := ReadPatch([]byte(`{"Operations":` + c.operations + `}`))
		got := Group{DisplayName: "G", Members: []string{"a", "b"}}
		if err == nil {
			got, err = got.Patch(operations)
		}
		slices.Sort(got.Members)
		if why := typeOf(t, err); why != c.why || c.why == "" && !reflect.DeepEqual(append([]string{}, got.Members...), c.want) {
			t.Errorf("%s: %v, %v", name, got.Members, err)
		}
	}
	var list []string
	for i := range 10_000 {
		list = append(list, fmt.Sprintf(`{"value":"%d"}`, i))
	}
	crowd := strings.Join(list, ",")
	if _, err := ReadGroup([]byte(`{"displayName":"G","members":[` + crowd + `]}`)); typeOf(t, err) != TooMany {
		t.Errorf("10,000 members: %v", err)
	}
	half := strings.Join(list[:600], ",")
	operations, err := ReadPatch([]byte(`{"Operations":[{"op":"add","path":"members","value":[` + half + `]},{"op":"add","value":{"members":[` + half + `]}}]}`))
	if err == nil {
		err = CountMembers(operations)
	}
	if typeOf(t, err) != TooMany {
		t.Errorf("1,200 members in two operations: %v", err)
	}
}

// TestFilters reads what lists are filtered by, and refuses the rest in no time.
func TestFilters(t *testing.T) {
	for text, c := range map[string]struct {
		want Filter
		why  Type
	}{
		``: {}, `userName eq "camille@example.org"`: {Filter{UserName: "camille@example.org"}, ""},
		`externalId eq "c1" and userName eq "c"`:         {Filter{ExternalID: "c1", UserName: "c"}, ""},
		`emails[value eq "c@example.org"]`:               {Filter{Mail: "c@example.org"}, ""},
		`emails.value eq "c@example.org"`:                {Filter{Mail: "c@example.org"}, ""},
		`displayName eq "Support"`:                       {Filter{DisplayName: "Support"}, ""},
		`userName eq "a' OR '1'='1"`:                     {Filter{UserName: "a' OR '1'='1"}, ""},
		`userName eq "a" or userName eq "b"`:             {Filter{}, InvalidFilter},
		`userName eq "a" and userName eq "b"`:            {Filter{}, InvalidFilter},
		`userName sw "a"`:                                {Filter{}, InvalidFilter},
		`userName pr`:                                    {Filter{}, InvalidFilter},
		`userName eq 5`:                                  {Filter{}, InvalidFilter},
		`password eq "x"`:                                {Filter{}, InvalidFilter},
		`userName eq "a"; drop table user`:               {Filter{}, InvalidFilter},
		`not (userName eq "a")`:                          {Filter{}, InvalidFilter},
		strings.Repeat("(", 100) + `a eq "b"`:            {Filter{}, InvalidFilter},
		`userName eq "` + strings.Repeat("a", 600) + `"`: {Filter{}, InvalidFilter},
	} {
		began := time.Now()
		got, err := ParseFilter(text)
		if why := typeOf(t, err); why != c.why || c.why == "" && got != c.want {
			t.Errorf("%.60s: %+v, %v", text, got, err)
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("%.60s took %s", text, took)
		}
	}
}

// FuzzPatch: no body breaks anything, and what comes out can be written and read
// again.
func FuzzPatch(f *testing.F) {
	f.Add(`{"Operations":[{"op":"Replace","path":"emails[type eq \"work\"].value","value":"a@b.c"}]}`)
	f.Add(`{"Operations":[{"op":"add","value":{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department":"x","active":"False"}}]}`)
	f.Add(`{"operations":[{"OP":"remove","path":"members[value eq \"a\"]"},{"op":"add","path":"members","value":[{"value":"b"}]}]}`)
	f.Fuzz(func(t *testing.T, body string) {
		operations, err := ReadPatch([]byte(body))
		if err != nil {
			typeOf(t, err)
			return
		}
		if u, err := camille().Patch(operations); err != nil {
			typeOf(t, err)
		} else if content, err := json.Marshal(u.Body()); err != nil {
			t.Error(err)
		} else if _, err := ReadUser(content); err != nil {
			t.Errorf("%s: %v", content, err)
		}
		if _, err := (Group{DisplayName: "G", Members: []string{"a"}}).Patch(operations); err != nil {
			typeOf(t, err)
		}
	})
}

// FuzzRead: what is read of an account or a group is the same each time, stays
// within bounds, and is written so that it is read as the same.
func FuzzRead(f *testing.F) {
	f.Add(`{"userName":"camille@example.org","externalId":"c1","active":"False","name":{"givenName":"Camille","familyName":"Moreau","formatted":"C. M."},"emails":[{"value":"a@b.c","type":"home"},{"value":"d@e.f","primary":true}]}`)
	f.Add(`{"userName":"x","USERNAME":"y","displayName":" Z ","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"S","Department":"T"},"addresses":[{"locality":"Lyon"}],"locale":"fr","preferredLanguage":null}`)
	f.Add(`{"displayName":"G","DisplayName":"H","members":[{"value":"a"},{"Value":"a"},{"value":"b","type":"Group"}]}`)
	f.Fuzz(func(t *testing.T, body string) {
		u, err := ReadUser([]byte(body))
		if again, other := ReadUser([]byte(body)); err == nil && again != u || typeOf(t, err) != typeOf(t, other) {
			t.Fatalf("read twice: %+v %v, %+v %v", u, err, again, other)
		}
		if err == nil {
			content, err := json.Marshal(u.Body())
			if err != nil {
				t.Fatal(err)
			}
			if back, err := ReadUser(content); err != nil || back != u {
				t.Errorf("%+v is written %s and read %+v, %v", u, content, back, err)
			}
			if long := max(len(u.UserName), len(u.ExternalID), len(u.Display), len(u.Mail)); long > maxText {
				t.Errorf("a value of %d bytes is taken", long)
			}
		}
		g, err := ReadGroup([]byte(body))
		if again, other := ReadGroup([]byte(body)); err == nil && !reflect.DeepEqual(again, g) || typeOf(t, err) != typeOf(t, other) {
			t.Fatalf("read twice: %+v %v, %+v %v", g, err, again, other)
		}
		if err != nil {
			return
		}
		content, err := json.Marshal(g.Body())
		if err != nil {
			t.Fatal(err)
		}
		if back, err := ReadGroup(content); err != nil || back.DisplayName != g.DisplayName || !slices.Equal(back.Members, g.Members) || len(g.Members) > MaxMembers {
			t.Errorf("%+v is written %s and read %+v, %v", g, content, back, err)
		}
	})
}

// FuzzFilter: a filter that is taken says no more than what it is written as, and
// any value can be asked for.
func FuzzFilter(f *testing.F) {
	for _, seed := range []string{`userName eq "a"`, `externalId eq "x" and emails[value eq "a@b.c"]`, `userName eq "a" or id pr`, `((((id eq "1"))))`, `emails.value eq "\"\\"`, `not (id eq "1")`, `userName eq "é\u00e9"`} {
		f.Add(seed, "a")
	}
	f.Fuzz(func(t *testing.T, text, value string) {
		if got, err := ParseFilter(text); typeOf(t, err) == "" && text != "" {
			if got == (Filter{}) {
				t.Fatalf("%q filters nothing", text)
			}
			var parts []string
			for name, value := range map[string]string{"id": got.ID, "userName": got.UserName, "externalId": got.ExternalID, "emails.value": got.Mail, "displayName": got.DisplayName} {
				if value != "" {
					parts = append(parts, compared(t, name, value))
				}
			}
			written := strings.Join(parts, " and ")
			if back, err := ParseFilter(written); len(written) <= maxFilter && strings.Count(written, "(") <= maxNested && strings.Count(written, "[") <= 1 && (err != nil || back != got) {
				t.Errorf("%q is read %+v, and %q %+v, %v", text, got, written, back, err)
			}
		}
		asked := compared(t, "userName", value)
		if tooLong(asked) || value == "" || !utf8.ValidString(value) || strings.Contains(asked, `\u`) {
			return // the parser refuses escapes by number
		}
		if got, err := ParseFilter(asked); err != nil || got != (Filter{UserName: value}) {
			t.Errorf("%s asks for %+v, %v", asked, got, err)
		}
	})
}

func compared(t *testing.T, name, value string) string {
	t.Helper()
	var quoted strings.Builder
	e := json.NewEncoder(&quoted)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		t.Fatal(err)
	}
	return name + " eq " + strings.TrimSpace(quoted.String())
}
