package index

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// kept is an index in memory, for tests.
func kept(t testing.TB, lang string, runs ...*Builder) *Index {
	t.Helper()
	docs := 0
	for _, r := range runs {
		docs += r.docs
	}
	image := Join(runs...)
	ix, err := Open(lang, docs, image, func(at int) ([]byte, error) { return image.Blocks[at], nil })
	if err != nil {
		t.Fatal(err)
	}
	return ix
}

// search returns the documents found, the best first.
func search(t testing.TB, ix *Index, query string) (docs []int) {
	t.Helper()
	var hits []Hit
	m := ix.Match(Parse(query, ix.lang))
	err := ix.Rank(m, ix.Corpus(m), Everywhere, false, func(int) bool { return true }, func(h Hit) { hits = append(hits, h) })
	if err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(hits, func(a, b Hit) int { return cmp.Compare(b.Score, a.Score) })
	for _, h := range hits {
		docs = append(docs, h.Doc)
	}
	return docs
}

func document(title, keywords, description, body string) Document {
	return Document{{title}, {keywords}, {description}, {body}}
}

var french = []Document{
	document("L’imprimante n’imprime plus", "impression papier bourrage", "Que faire quand rien ne sort.", "Vérifiez que l’imprimante est allumée.\nRegardez s’il reste du papier."),
	document("Réinitialiser son mot de passe", "mdp oublié connexion", "Retrouver l’accès à son compte.", "Saisissez votre identifiant."),
	document("Se connecter au Wi-Fi", "réseau sans fil borne", "Le réseau des visiteurs et celui des employés.", "Choisissez le réseau de l’entreprise."),
	document("Accueillir une nouvelle collègue", "onboarding arrivée", "Son premier jour.", "Préparez le bureau, l’écran et le badge. Imprimez le plan de l’immeuble."),
	document("Commander un écran", "moniteur matériel", "Un deuxième écran pour le bureau.", "Quel œil fatigue ? Choisissez la taille."),
	document("Où en est-on ?", "", "", "Rien."),
}

var english = []Document{
	document("The printer does not print", "paper jam", "When nothing comes out.", "Check that the printer is on."),
	document("Reset your password", "forgotten login", "Get back into your account.", "Type your user name."),
	document("Order batteries", "boxes switches", "Spare parts.", "Pick a size."),
}

func TestSearch(t *testing.T) {
	for lang, c := range map[string]struct {
		docs  []Document
		wants map[string]string
	}{
		"fr": {french, map[string]string{
			"imprimante":                         "0",
			"IMPRIMANTE":                         "0",
			"imprimantes":                        "0",
			"l'imprimante":                       "0",
			"l’imprimante":                       "0",
			"imprimente":                         "0", // one slip
			"imprmiante":                         "0", // swapped
			"impirmente":                         "0", // two slips
			"ipmrimnate xyz":                     "0",
			"imprim":                             "0 3",
			"imprime":                            "0 3",
			"reseau":                             "2",
			"réseaux":                            "2",
			"RÉSEAU":                             "2",
			"re\u0301seau":                       "2", // accent apart
			"wifi":                               "2",
			"wi-fi":                              "2",
			"Wi‑Fi":                              "2", // non-breaking hyphen
			"borne wi-fi":                        "2",
			"oeil":                               "4",
			"œil":                                "4",
			"ecran":                              "4 3",
			"écrans":                             "4 3",
			"mon imprimante ne marche pas":       "0",
			"comment changer de mot de passe":    "1",
			"mot de pase":                        "1",
			"d'écran":                            "4 3",
			"aujourd'hui":                        "",
			"que faire":                          "", // says little, and in no title
			"où":                                 "5",
			"où est":                             "5",
			"bureau écran":                       "4 3",
			"":                                   "",
			"   ":                                "",
			"🙂":                                  "",
			"mot":                                "1",
			"mt":                                 "",
			`"imprimante"`:                       "0",
			"imprimante NOT papier":              "0",
			"imprimante*":                        "0",
			"title:imprimante":                   "0",
			"-imprimante":                        "0",
			"NEAR(imprimante papier)":            "0",
			"imprimante' OR 1=1 --":              "0",
			"%":                                  "",
			"_":                                  "",
			"\x00\xff":                           "",
			strings.Repeat("imprimante ", 10000): "0",
			strings.Repeat("z", 100000):          "",
		}},
		"en": {english, map[string]string{
			"printers":              "0",
			"the printer":           "0",
			"Where is my password?": "1",
			"pasword":               "1",
			"battery":               "2",
			"box":                   "2",
			"switch":                "2",
			"xyzzy":                 "",
		}},
		"de": {english, map[string]string{"printer": "0", "PASSWORD": "1"}},
	} {
		b := NewBuilder(lang, 0)
		for _, d := range c.docs {
			b.Add(d)
		}
		ix := kept(t, lang, b)
		for query, want := range c.wants {
			got := strings.Trim(fmt.Sprint(search(t, ix, query)), "[]")
			if got != want {
				t.Errorf("%s: %.60q: got %q, want %q", lang, query, got, want)
			}
		}
	}
}

func TestSideBySideBuildsTheSame(t *testing.T) {
	one := NewBuilder("fr", 0)
	runs := []*Builder{NewBuilder("fr", 0), NewBuilder("fr", 1), NewBuilder("fr", 3)}
	for i, d := range french {
		one.Add(d)
		runs[min((i+1)/2, 2)].Add(d)
	}
	a, b := Join(one), Join(runs...)
	if fmt.Sprint(a) != fmt.Sprint(b) {
		t.Errorf("joined runs differ from one run")
	}
}

func TestForbiddenDocumentsAreNotRanked(t *testing.T) {
	b := NewBuilder("fr", 0)
	for _, d := range french {
		b.Add(d)
	}
	ix := kept(t, "fr", b)
	m := ix.Match(Parse("ecran", "fr"))
	err := ix.Rank(m, ix.Corpus(m), Everywhere, false, func(doc int) bool { return doc != 4 }, func(h Hit) {
		if h.Doc == 4 {
			t.Error("a document that is not allowed was ranked")
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestNamesOnly(t *testing.T) {
	b := NewBuilder("fr", 0)
	for _, d := range french {
		b.Add(d)
	}
	ix := kept(t, "fr", b)
	for query, want := range map[string]string{
		"écr":         "[4]",
		"mot de pass": "[1]",
		"imp":         "[0]",
		"imprman":     "[0]", // a slip in what is only begun
		"mot de pzss": "[1]",
		"xyzab":       "[]",
		"badge":       "[]",
		"mot écran":   "[]",
	} {
		var got []int
		m := ix.Match(Parse(query, "fr"))
		if err := ix.Rank(m, ix.Corpus(m), InNames, true, func(int) bool { return true }, func(h Hit) { got = append(got, h.Doc) }); err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(append([]int{}, got...)) != want {
			t.Errorf("%q: got %v, want %s", query, got, want)
		}
	}
}

func TestMarks(t *testing.T) {
	b := NewBuilder("fr", 0)
	for _, d := range french {
		b.Add(d)
	}
	ix := kept(t, "fr", b)
	long := strings.Repeat("Un texte sans rapport avec la question. ", 10) + "Branchez l’imprimante, puis chargez le papier dans le bac du bas. " + strings.Repeat("Et ainsi de suite. ", 10)
	for _, c := range []struct{ query, text, want string }{
		{"imprimante", "L’imprimante n’imprime plus", "L’[imprimante] n’imprime plus"},
		{"wifi", "Se connecter au Wi-Fi.", "Se connecter au [Wi-Fi]."},
		{"reseau", "Les RÉSEAUX", "Les [RÉSEAUX]"},
		{"rien", "<b>Rien</b>", "<b>[Rien]</b>"},
		{"papier", "Rien ici.\nDu papier là.", "Du [papier] là."},
		{"papier", "Rien ici.", ""},
		{"imprimante papier", "Une imprimante.\nUne imprimante, du papier.", "Une [imprimante], du [papier]."},
		{"papier imprimante", long, "… Branchez l’[imprimante], puis chargez le [papier] dans le bac du bas. Et ainsi de …"},
	} {
		m := ix.Match(Parse(c.query, "fr"))
		if got := show(m.Snippet(slices.Values(strings.Split(c.text, "\n")), "fr", 80)); got != c.want {
			t.Errorf("%s in %.40q: got %q, want %q", c.query, c.text, got, c.want)
		}
	}
	m := ix.Match(Parse("imprimante", "fr"))
	if got := show(m.Mark("Aucune.", "fr")); got != "Aucune." {
		t.Errorf("got %q", got)
	}
}

func show(all []Segment) string {
	var b strings.Builder
	for _, s := range all {
		if s.Marked {
			b.WriteString("[" + s.Text + "]")
		} else {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

func TestDamageIsAnErrorAndNeverAPanic(t *testing.T) {
	b := NewBuilder("fr", 0)
	for _, d := range french {
		b.Add(d)
	}
	image := Join(b)
	for i := range 2000 {
		bent := Image{Words: bend(image.Words, i), Counts: bend(image.Counts, i), Sizes: bend(image.Sizes, i), Lengths: bend(image.Lengths, i)}
		ix, err := Open("fr", len(french), bent, func(at int) ([]byte, error) {
			return bend(image.Blocks[at%len(image.Blocks)], i), nil
		})
		if err != nil {
			continue
		}
		m := ix.Match(Parse("ecran imprimante reseau papier", "fr"))
		_ = ix.Rank(m, ix.Corpus(m), Everywhere, false, func(int) bool { return true }, func(Hit) {})
	}
}

// bend changes one bit of a copy, or cuts it, by a number.
func bend(b []byte, i int) []byte {
	if len(b) == 0 || i%3 == 0 {
		return b
	}
	bent := slices.Clone(b)
	at := i * 31 % len(b)
	if i%7 == 0 {
		return bent[:at]
	}
	bent[at] ^= 1 << (i % 8)
	return bent
}

func FuzzSearch(f *testing.F) {
	b := NewBuilder("fr", 0)
	for _, d := range french {
		b.Add(d)
	}
	ix := kept(f, "fr", b)
	for _, q := range []string{"imprimante", `"a" NEAR b*`, "wi-fi-", "œ", "-\u2011-", "日本語", "e\u0301", "x\xff-y"} {
		f.Add(q, "Un texte : "+q)
	}
	f.Fuzz(func(t *testing.T, query, text string) {
		search(t, ix, query)
		m := ix.Match(Parse(query, "fr"))
		if got := show(m.Mark(text, "fr")); len(got) < len(text) || len(got)-len(text) != strings.Count(got, "[")+strings.Count(got, "]")-strings.Count(text, "[")-strings.Count(text, "]") {
			t.Errorf("marking changed the text: %q became %q", text, got)
		}
		m.Snippet(slices.Values([]string{query, text}), "fr", 40)
		other := NewBuilder("en", 0)
		other.Add(document(text, query, text, query))
		search(t, kept(t, "en", other), text)
	})
}
