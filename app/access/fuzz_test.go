package access

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// FuzzRule holds what people expect of the conditions of a rule, whatever a form, a
// program or a directory wrote: opposites are opposites, all is no more than any,
// and what is kept is read as it was written.
func FuzzRule(f *testing.F) {
	for _, c := range [][3]string{
		{"Sales", "equals", "sales"}, {"2", "at_least", "1,5"}, {"2.0", "equals", "2"}, {"Lyon", "one_of", "Paris; LYON ;"}, {"", "differs", "x"},
		{"É", "begins", "e\u0301"}, {"ſ", "contains", "S"}, {"+-1", "at_most", "--"}, {" ", "present", ""}, {"ß", "equals", "SS"}, {"\xff", "equals", "\ufffd"}, {"1e9", "at_least", "1"},
	} {
		f.Add(c[0], c[1], c[2], "skill")
	}
	f.Fuzz(func(t *testing.T, have, is, value, attribute string) {
		c := Condition{Attribute: attribute, Is: Comparison(is), Value: value}
		r := Rule{Conditions: []Condition{c}}
		if key, _ := r.Check(); key != "" {
			return
		}
		kept, err := json.Marshal(r)
		var read Rule
		if err != nil || json.Unmarshal(kept, &read) != nil || utf8.ValidString(value) && !reflect.DeepEqual(read, r) {
			t.Fatalf("%+v is kept as %s", r, kept)
		}
		holds := func(is Comparison) bool {
			return Condition{attribute, is, value}.Holds(map[string]string{attribute: have})
		}
		there := strings.TrimSpace(have) != ""
		if holds(Present) != there || holds(Absent) == there {
			t.Errorf("%q is there and absent", have)
		}
		if there && holds(Equals) == holds(Differs) {
			t.Errorf("%q equals and differs from %q", have, value)
		}
		if !there && (holds(Equals) || holds(OneOf) || holds(Contains) || holds(Begins) || holds(AtLeast) || holds(AtMost)) {
			t.Errorf("what is absent meets %q", value)
		}
		if holds(Begins) && !holds(Contains) {
			t.Errorf("%q begins with %q and does not contain it", have, value)
		}
		if there && !strings.Contains(value, ";") && holds(OneOf) != holds(Equals) {
			t.Errorf("%q is one of %q alone, and is not equal", have, value)
		}
		if holds(AtLeast) && holds(AtMost) && !holds(Equals) {
			t.Errorf("%q is no more and no less than %q, and differs", have, value)
		}
		among := Rule{Any: true, Conditions: []Condition{c, {attribute, Absent, ""}}}
		all := Rule{Conditions: among.Conditions}
		told := map[string]string{attribute: have}
		if all.Holds(told) && !among.Holds(told) || r.Holds(told) && !among.Holds(told) {
			t.Errorf("all of %+v hold of %q, and none", among, have)
		}
	})
}

// FuzzLoginKey holds that the form of a login is one: the form of a form is
// itself, case does not matter, and nothing in it is unseen.
func FuzzLoginKey(f *testing.F) {
	for _, seed := range []string{"Zoé.Lefèvre", "zoe\u0301", "ＡＤＡ", "a\u200bb", "а", "аb", "ΣΑΣ", "ſ", "ß", "I", "İ", "ǅ", "a b", "\xff", "\u202eada", "o'brien", "x@example.org", "ﬁ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, login string) {
		key, err := LoginKey(login)
		if err != nil {
			return
		}
		if again, err := LoginKey(key); err != nil || again != key {
			t.Errorf("the form of %q is %q, and of that %q: %v", login, key, again, err)
		}
		if !utf8.ValidString(key) || strings.ContainsFunc(key, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }) {
			t.Errorf("the form of %q has what nobody sees: %q", login, key)
		}
		if lower, err := LoginKey(strings.ToLower(login)); err == nil && lower != key && strings.ToLower(login) != login && isASCII(login) {
			t.Errorf("%q and its small letters are two: %q, %q", login, key, lower)
		}
	})
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}
