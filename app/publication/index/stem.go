package index

import (
	"bytes"
	"strings"
)

// language is what is known of the words of one language.
type language struct {
	stem func([]byte) []byte
	stop map[string]bool // words that say nothing of what a text is about
}

// languages are those we know words of, by the first part of their tags.
var languages = map[string]language{
	"fr": {stemFrench, setOf(`a afin ai ainsi alors as au aucun aucune aussi autre aux avait avec avez avoir avons c ca car ce cela ces cet cette ceux chez ci
comme comment d dans de des donc dont du elle elles en encore entre es est et etait etant ete etes etre eu eux fait faire faut font ici il ils j je jusqu l la le
les leur leurs lors lorsqu lorsque lui m ma mais me meme mes moi mon n ne ni non nos notre nous on ont or ou par parce pas peu peut peux plus pour pourquoi puis
puisqu qu quand que quel quelle quelles quels qui quoi quoiqu s sa sans se sera ses si soit son sont sous suis sur t ta tandis te tes toi ton tous tout toute
toutes tres tu un une vers veut veux voici voila vos votre vous y`)},
	"en": {stemEnglish, setOf(`a about after all also am an and any are as at be because been before being but by can cannot could d did didn do does doesn doing don
for from get had has have having he her here hers him his how i if in into is isn it its just ll m me more most my no nor not of off on once only or other our ours
out over own re s same she should so some such t than that the their theirs them then there these they this those through to too under until up ve very was wasn we
were what when where which while who whom why will with won would you your yours`)},
}

func setOf(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// languageOf returns what is known of a language tag; of others, nothing.
func languageOf(tag string) language {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if l, ok := languages[base]; ok {
		return l
	}
	return language{stem: func(w []byte) []byte { return w }}
}

// stemFrench brings a folded plural to its singular.
func stemFrench(w []byte) []byte {
	n := len(w)
	switch {
	case n < 4:
	case n > 4 && endsIn(w, "eaux", "yaux"): // réseaux, tuyaux
		return w[:n-1]
	case n > 4 && bytes.HasSuffix(w, []byte("aux")): // journaux
		return append(w[:n-2], 'l')
	case w[n-1] == 'x' && w[n-2] == 'u': // jeux
		return w[:n-1]
	case w[n-1] == 's' && w[n-2] != 's':
		return w[:n-1]
	}
	return w
}

// stemEnglish brings a folded plural to its singular.
func stemEnglish(w []byte) []byte {
	n := len(w)
	if n < 4 || w[n-1] != 's' {
		return w
	}
	switch {
	case bytes.HasSuffix(w, []byte("ies")) && n > 4: // batteries
		return append(w[:n-3], 'y')
	case endsIn(w, "sses", "xes", "ches", "shes", "zes"): // switches
		return w[:n-2]
	case endsIn(w, "ss", "us", "is"): // access, virus, analysis
		return w
	}
	return w[:n-1]
}

func endsIn(w []byte, endings ...string) bool {
	for _, e := range endings {
		if bytes.HasSuffix(w, []byte(e)) {
			return true
		}
	}
	return false
}
