package ui

import (
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"selfhelp/assets"
)

// strangeVerb finds marks for values that Words does not know: %s stands for each.
var strangeVerb = regexp.MustCompile(`%[a-rt-zA-Z\[]`)

// TestSameSentences holds every language to the same keys, the same number of
// values, and the same entries by number.
func TestSameSentences(t *testing.T) {
	english := catalogues["en"]
	for tag, words := range catalogues {
		for key, said := range english.sentences {
			own, found := words.sentences[key]
			forms := own.other + "\n" + own.one + "\n" + own.zero
			switch {
			case !found:
				t.Errorf("%s: %s is missing", tag, key)
			case strangeVerb.MatchString(forms):
				t.Errorf("%s: %s marks a value by another sign than %%s", tag, key)
			case strings.Count(own.other, "%s") != strings.Count(said.other, "%s"):
				t.Errorf("%s: %s does not take the values that English takes", tag, key)
			case own.other == "":
				t.Errorf("%s: %s says nothing", tag, key)
			}
		}
		for key := range words.sentences {
			if _, found := english.sentences[key]; !found {
				t.Errorf("en: %s is missing (%s has it)", key, tag)
			}
		}
	}
}

// frenchSlips are punctuation marks that lack their narrow space.
var frenchSlips = regexp.MustCompile(`[\p{L}\p{N})»][:;!?]( |$)|[\p{L}\p{N}]»|«[\p{L}\p{N}]|'|\.\.\.`)

func TestFrenchTypography(t *testing.T) {
	for key, s := range catalogues["fr"].sentences {
		for _, words := range []string{s.other, s.one, s.zero} {
			if slip := frenchSlips.FindString(words); slip != "" {
				t.Errorf("%s: %q in %q", key, slip, words)
			}
		}
	}
}

// elided are words that change before a vowel or agree with what follows, so that
// no name can stand after them: "de Aurélie", "l'Hugo", "du Élise".
var elided = regexp.MustCompile(`(?i)(?:(?:^|[^\p{L}])(?:de|que|le|la|du|des|au|ce|se|ne|je|te|me|lorsque|puisque|jusque|quoique)[ \x{a0}\x{202f}]|(?:^|[^\p{L}])(?:[dlcjmnst]|qu|jusqu|lorsqu|puisqu)’)%s`)

// neverNames are the sentences where a number or a date stands after such a word,
// or a sign that is written without a vowel.
var neverNames = map[string]string{
	"admin.audit.holds": "date", "admin.audit.missing": "date", "admin.key.once": "date", "admin.mail.late": "date",
	"admin.mail.lost.facts": "date", "editor.saved_on": "date", "factors.app.since": "date", "letter.changed": "date",
	"letter.factors": "date", "letter.moved": "date", "letter.moved.removed": "date", "letter.test": "date",
	"letter.token": "date", "method.expiry.ours": "date", "method.expiry.theirs": "date", "notes.answered_by": "date",
	"fault.past.none": "date", "fault.past.procedure": "date", "fault.past.project": "date", "past.as_of": "date", "past.called": "date",
	"past.going": "date", "past.projects": "date", "past.reached": "date", "status.moments.before": "date", "status.moments.between": "date",
	"status.moments.open": "date", "profile.session.facts": "date", "statistics.chart": "date", "statistics.span": "date", "token.facts": "date",
	"token.facts.never": "date", "versions.published": "date",

	"admin.passwords.shortest.help": "number", "admin.rule.doubt.most": "number", "admin.users.reinstate": "number",
	"admin.users.reinstate.ask": "number", "admin.users.sign_out.ask": "number", "fault.api.query.number": "number",
	"fault.executions.people": "number", "fault.file.too_large": "size", "fault.roster.lines": "number",
	"fault.roster.passwords": "number", "fault.table.long": "number", "fault.too_large": "size",
	"player.count.between": "number", "player.files.help": "size", "publish.fix": "number", "roster.file.help": "size",
}

// TestNamesAreNotElided: what is put into a French sentence may be a name, and
// names begin with vowels.
func TestNamesAreNotElided(t *testing.T) {
	for key, s := range catalogues["fr"].sentences {
		found := elided.FindString(s.other + "\n" + s.one + "\n" + s.zero)
		switch what := neverNames[key]; {
		case found != "" && what == "":
			t.Errorf("%s: a name may stand after %q; say it another way, or put it in « »", key, found)
		case found == "" && what != "":
			t.Errorf("%s is said to hold a %s after a word that is elided, and holds none", key, what)
		}
	}
	for _, wrong := range []string{"Groupes de %s", "Est-ce que %s peut", "D’%s", "« Le %s »", "Plus tard que\u202f%s"} {
		if !elided.MatchString(wrong) {
			t.Errorf("%q passes", wrong)
		}
	}
	for _, right := range []string{"Projets\u202f: %s", "Retirer de «\u202f%s\u202f»", "Rôle %s", "En commande %s"} {
		if elided.MatchString(right) {
			t.Errorf("%q is refused", right)
		}
	}
}

// counted is a number before a word in the plural that is no limit or measure.
var counted = regexp.MustCompile(`%s (?:\p{Ll}+ )?(?:comptes|personnes|groupes|membres|projets|procédures|sessions|jetons|lignes|erreurs|modifiés|suspendus|messages|codes|réponses|versions|étapes|ressources|domaines|points|octets|minutes|heures|jours|fichiers|modifications|scénarios|textes)(?:$|[^\p{L}])`)

// alwaysMany are the sentences whose number is a limit or a period, above one.
var alwaysMany = map[string]bool{
	"admin.rule.doubt.most": true, "duration.days": true, "fault.executions.people": true, "fault.roster.lines": true, "fault.table.long": true, "executions.cut": true,
	"forgotten.sent.what": true, "letter.reset.once": true, "player.count.between": true, "roster.file.help": true,
	"statistics.days": true, "statistics.down": true, "statistics.new": true, "statistics.points_down": true, "statistics.points_up": true, "statistics.same": true, "statistics.up": true,
}

// TestNumbersAgree: a sentence that counts says what it counts in the singular, too.
func TestNumbersAgree(t *testing.T) {
	for key, s := range catalogues["fr"].sentences {
		found := counted.FindString(s.other)
		if found != "" && s.one == "" && !alwaysMany[key] {
			t.Errorf("%s: %q has no singular", key, found)
		}
		if found == "" && alwaysMany[key] {
			t.Errorf("%s is said to count what is always many, and counts nothing", key)
		}
	}
}

// TestOneWordForTheOutcome: what English calls an outcome is « issue » in French,
// everywhere; « résultat » is another thing.
func TestOneWordForTheOutcome(t *testing.T) {
	outcome, issue := regexp.MustCompile(`(?i)\boutcomes?\b`), regexp.MustCompile(`(?i)\bissues?\b`)
	for key, said := range catalogues["en"].sentences {
		if fr := catalogues["fr"].sentences[key].other; outcome.MatchString(said.other) != issue.MatchString(fr) {
			t.Errorf("%s: %q is %q", key, said.other, fr)
		}
	}
}

func TestCataloguesAreRefused(t *testing.T) {
	for name, files := range map[string]fstest.MapFS{
		"twice":       {"en/a.txt": {Data: []byte("k: one\n")}, "en/b.txt": {Data: []byte("k: two\n")}},
		"no key":      {"en/a.txt": {Data: []byte("words alone\n")}},
		"no sentence": {"en/a.txt": {Data: []byte("k: \n")}},
		"no form":     {"en/a.txt": {Data: []byte("k[many]: x\n")}},
	} {
		if _, err := load(files); err == nil {
			t.Errorf("%s: read without an error", name)
		}
	}
}

func TestWords(t *testing.T) {
	loaded, err := load(fstest.MapFS{
		"en/a.txt": {Data: []byte("# where\nonly.en: Here\nfiles: %s files\nfiles[one]: %s file\nfiles[zero]: no file\nshare: %s %% of %s\n")},
		"fr/a.txt": {Data: []byte("files: %s fichiers\nfiles[one]: %s fichier\nask: C'est « lui » : qui ?\nline: %s : %s\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	fr, en := loaded["fr"], loaded["en"]
	for _, c := range []struct{ got, want string }{
		{en.N("files", 0), "no file"},
		{en.N("files", 1), "1 file"},
		{en.N("files", 12345), "12,345 files"},
		{fr.N("files", 0), "0 fichier"},
		{fr.N("files", 1), "1 fichier"},
		{fr.N("files", 2), "2 fichiers"},
		{fr.N("files", 12345), "12\u202f345 fichiers"},
		{fr.T("only.en"), "Here"},
		{fr.T("ask"), "C’est «\u202flui\u202f»\u202f: qui\u202f?"},
		{fr.T("line", "Nom", "Bo"), "Nom\u202f: Bo"},
		{fr.T("line", "Qui\u202f?", "Bo"), "Qui\u202f? Bo"},
		{fr.T("line", "Nom", "Qui\u202f?"), "Nom\u202f: Qui\u202f?"},
		{fr.T("nowhere"), "[nowhere]"},
		{en.T("share", 5, "all"), "5 % of all"},
		{en.T("share", "%s", "%d"), "%s % of %d"},
		{en.T("share"), " % of "},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestShow(t *testing.T) {
	at := time.Date(2026, 11, 1, 9, 5, 0, 0, time.UTC)
	fr, en := In("fr"), In("en")
	for _, c := range []struct{ got, want string }{
		{fr.DateTime(at), "1er novembre 2026 à 9\u00a0h\u00a005"},
		{fr.Time(at.In(time.FixedZone("CET", 3600))), "9\u00a0h\u00a005"}, // whatever zone it was kept with
		{en.DateTime(at), "1 November 2026 at 09:05"},
		{fr.Ago(at.Add(-90*time.Second), at), "il y a 1 minute"},
		{en.Ago(at.Add(-49*time.Hour), at), "2 days ago"},
		{en.Ago(at.Add(-800*time.Hour), at), "29 September 2026"},
		{fr.Size(1_260_000), "1,3\u00a0Mo"},
		{en.Size(999), "999\u00a0bytes"},
		{en.Size(10_400), "10\u00a0kB"},
		{fr.Decimal(7.04), "7,0"},
		{en.Decimal(4.5), "4.5"},
		{en.Number(-1234567), "−1,234,567"},
		{fr.Number(1234), "1234"},
		{en.Duration(time.Minute), "1\u00a0min"},
		{fr.Duration(2 * time.Hour), "2\u00a0h"},
		{en.Duration(3725 * time.Second), "1\u00a0h\u00a02\u00a0min"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestHoursOfAPlace(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	ReadIn(paris)
	defer ReadIn(time.UTC)
	late := time.Date(2026, 7, 1, 22, 30, 0, 0, time.UTC)
	if got := In("en").DateTime(late); got != "2 July 2026 at 00:30" {
		t.Errorf("got %q", got)
	}
}

func TestIn(t *testing.T) {
	for _, c := range []struct {
		want string
		asks []string
	}{{"fr", []string{"fr-CA"}}, {"fr", []string{"", "xx", "FR"}}, {"en", []string{"de"}}, {"en", nil}} {
		if got := In(c.asks...).Lang(); got != c.want {
			t.Errorf("In(%q) is %s, want %s", c.asks, got, c.want)
		}
	}
}

func TestIconsOfPartsExist(t *testing.T) {
	for _, name := range toneIcons {
		if !assets.HasIcon(name) {
			t.Errorf("no icon %s", name)
		}
	}
	for _, m := range modes {
		if !assets.HasIcon(m.icon) {
			t.Errorf("no icon %s", m.icon)
		}
	}
}
