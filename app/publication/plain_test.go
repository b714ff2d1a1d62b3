package publication

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPlain(t *testing.T) {
	for source, want := range map[string]string{
		"Branchez la lampe.":                            "Branchez la lampe.",
		"# Titre\n\nUn **mot** *penché* et `du code`.":  "Titre Un mot penché et du code.",
		"> [!WARNING]\n> Coupez le courant.":            "Coupez le courant.",
		"> > deux fois":                                 "deux fois",
		"- un\n- deux\n  * trois":                       "un deux trois",
		"Bonjour {{ user.first_name }}, ça va ?":        "Bonjour …, ça va ?",
		`Écrivez \{{ tel quel`:                          "Écrivez {{ tel quel",
		"Voir ![le voyant](resource:lamp) rouge.":       "Voir le voyant rouge.",
		"Voir [la page](https://intra.example/secret).": "Voir la page.",
		"| Nom | Prix |\n|---|--:|\n| Lampe | 3 |":      "Nom   Prix    Lampe   3",
		"```\nipconfig /all\n```":                       "ipconfig /all",
		"un_nom_de_fichier et _penché_":                 "un_nom_de_fichier et penché",
		"**Gras** au début":                             "Gras au début",
		"Fish &amp; chips &lt;b&gt;":                    "Fish & chips <b>",
		"inachevé {{ user.secret":                       "inachevé …",
		"[inachevé](https://intra":                      "inachevé",
		"---":                                           "",
		"":                                              "",
		"a - b":                                         "a - b",
		"-5 degrés":                                     "-5 degrés",
	} {
		if got := strings.Join(strings.Fields(plain(source)), " "); got != strings.Join(strings.Fields(want), " ") {
			t.Errorf("%q: got %q, want %q", source, got, want)
		}
	}
}

func FuzzPlain(f *testing.F) {
	for _, s := range []string{"> # - **a** [b](c) {{ d }} \\{{", "_", "![](", "`|`", "]("} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		if got := plain(source); utf8.ValidString(source) && !utf8.ValidString(got) {
			t.Errorf("%q became %q", source, got)
		}
	})
}
