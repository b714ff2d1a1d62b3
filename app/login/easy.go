package login

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fewest is how many different pieces make a password that is not easy: signs,
// where a whole word, a run along the keyboard or a year counts as one sign. It
// is what people who guess try first, whatever the length.
const fewest = 5

// rows are what fingers run along, forth and back: keyboards of several
// countries, their columns, and what everybody knows by heart.
var rows = both(
	"azertyuiop", "qsdfghjklm", "wxcvbn", "qwertyuiop", "qwertzuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm",
	"1234567890", "01234567890", "&e\"'(-e_ca)=", "!@#$%^&*()_+", "abcdefghijklmnopqrstuvwxyz",
	"1qaz2wsx3edc4rfv5tgb", "1aqw2zsx3edc4rfv5tgb", "qazwsxedcrfv", "aqwzsxedcrfv", "147258369", "159753",
)

// common are words that people take for passwords, without accents.
var common = wordsOf(`
	password passwort passwd motdepasse mdp secret secrete confidentiel admin administrateur administrator root system systeme
	user utilisateur guest invite compte account login connexion access acces ouvre ouvretoi letmein changeme change changezmoi
	default defaut temp temporaire provisoire test teste essai demo exemple example sample nouveau nouvelle newpass master maitre
	support service assistance aide helpdesk self help selfhelp bureau office travail work boss chef societe entreprise company
	ordinateur computer internet windows iphone android samsung google facebook amazon apple orange free gmail
	bonjour bonsoir salut coucou hello welcome bienvenue merci thanks please svp
	amour love jetaime iloveyou ilove loveyou moncoeur coeur heart monamour cheri cherie bebe baby doudou loulou chouchou minou
	maman papa famille family enfant bisous kisses sexy ange angel princesse princess prince queen king bonheur happy lucky chance
	soleil sunshine sun lune moon etoile star ciel fleur flower rose nature montagne liberte freedom paradis
	chat chien cat dog tigre tiger lion dragon monkey cheval horse dauphin papillon butterfly lapin
	chocolat chocolate nutella cookie fromage cheese coffee banane banana pizza cafe
	football foot soccer basket basketball baseball hockey rugby tennis sport
	superman batman spiderman pokemon starwars harry potter naruto matrix ninja samurai shadow hunter killer legend
	paris lyon marseille toulouse bordeaux lille nantes bretagne france london england america
	camille nicolas thomas julien marie pierre michel sophie isabelle martin michael jordan charlie daniel jennifer ashley
	printemps ete automne hiver spring summer autumn winter vacances holiday noel christmas
	janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
	january february march april june july august september october november december
	lundi mardi mercredi jeudi vendredi samedi dimanche monday tuesday wednesday thursday friday saturday sunday
	rouge bleu vert jaune noir blanc black white blue green yellow silver gold argent money
	toto titi tata tutu foobar azerty qwerty trustno
`)

// longestRow is the alphabet.
const longestRow = 26

// leet undoes the letters that people write as other signs.
var leet = strings.NewReplacer("@", "a", "4", "a", "3", "e", "0", "o", "1", "i", "!", "i", "$", "s", "5", "s", "7", "t")

// isEasy reports whether a password is made of few pieces, for somebody who
// knows the login.
func isEasy(password, login string) bool {
	text := []rune(plain(password))
	letters := []rune(leet.Replace(string(text))) // sign for sign
	own := map[string]bool{}
	for _, part := range strings.FieldsFunc(plain(login), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		own[part] = len(part) > 2
	}
	pieces := map[string]bool{}
	for i := 0; i < len(text) && len(pieces) < fewest; {
		n := max(1, alongRow(text[i:]), year(text[i:]), word(text[i:], own), word(letters[i:], own))
		pieces[string(text[i:i+n])] = true
		i += n
	}
	return len(pieces) < fewest
}

// plain is a text in small letters without accents.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(strings.ToLower(s)))
}

// alongRow is how far a text begins along a row: three signs or more, or none.
func alongRow(text []rune) int {
	for n := min(len(text), longestRow); n > 2; n-- {
		for _, row := range rows {
			if n <= len(row) && strings.Contains(row, string(text[:n])) {
				return n
			}
		}
	}
	return 0
}

// year is the length of a year that somebody living may have in mind.
func year(text []rune) int {
	if len(text) < 4 {
		return 0
	}
	y := string(text[:4])
	if y >= "1930" && y <= "2049" && strings.Trim(y, "0123456789") == "" {
		return 4
	}
	return 0
}

// word is the length of the longest word that a text begins with.
func word(text []rune, own map[string]bool) int {
	for n := min(len(text), 40); n > 2; n-- {
		if w := string(text[:n]); common[w] || own[w] {
			return n
		}
	}
	return 0
}

func wordsOf(text string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(text) {
		set[w] = true
	}
	return set
}

// both are texts, and the same backwards; all are ASCII.
func both(texts ...string) []string {
	all := texts
	for _, t := range texts {
		back := []byte(t)
		for i, j := 0, len(back)-1; i < j; i, j = i+1, j-1 {
			back[i], back[j] = back[j], back[i]
		}
		all = append(all, string(back))
	}
	return all
}
