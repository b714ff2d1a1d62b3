package formula

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// rank is a key in the form in which it is compared: numbers before texts,
// texts as in a dictionary, nothing at the end.
type rank struct {
	place  int // of the item in the list
	kind   rankKind
	number float64
	folded string
	text   string
}

type rankKind int

const (
	rankNumber rankKind = iota
	rankText
	rankNothing
)

func (a rank) compare(b rank) int {
	switch {
	case a.kind != b.kind:
		return cmp.Compare(a.kind, b.kind)
	case a.kind != rankText:
		return cmp.Compare(a.number, b.number)
	case a.folded != b.folded:
		return cmp.Compare(a.folded, b.folded)
	}
	return cmp.Compare(a.text, b.text)
}

// sorted returns the items in the order of their keys; items without a key are
// last, up or down.
func sorted(r *run, list, keys []any, down bool) (any, error) {
	ranks, err := ranksOf(r, keys)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(ranks, func(a, b rank) int {
		sign := a.compare(b)
		if down && a.kind != rankNothing && b.kind != rankNothing {
			return -sign
		}
		return sign
	})
	out := make([]any, len(list))
	for i, k := range ranks {
		out[i] = list[k.place]
	}
	return out, nil
}

// ranksOf pays for the whole sorting before it begins.
func ranksOf(r *run, keys []any) ([]rank, error) {
	rounds := bits.Len(uint(len(keys)))
	if err := r.budget.take(len(keys)*rounds, 5*priceItem*len(keys)); err != nil {
		return nil, err
	}
	ranks := make([]rank, len(keys))
	for i, key := range keys {
		ranks[i].place = i
		switch key := key.(type) {
		case nil:
			ranks[i].kind = rankNothing
		case float64:
			ranks[i].number = key
		case bool:
			if key {
				ranks[i].number = 1
			}
		case string:
			if err := r.budget.take(len(key)*rounds/64, 0); err != nil {
				return nil, err
			}
			folded, err := foldIn(r, key)
			if err != nil {
				return nil, err
			}
			ranks[i].kind, ranks[i].folded, ranks[i].text = rankText, folded, key
		default:
			return nil, fail("formula.operand", "sort", KindOf(key))
		}
	}
	return ranks, nil
}

// descending reads the word that turns an order around.
func descending(v any) (bool, error) {
	switch v {
	case nil, "", "asc":
		return false, nil
	case "desc":
		return true, nil
	}
	shown, _ := piece(v)
	return false, fail("formula.limit", "sort", shown)
}

// foldIn is fold, paid for.
func foldIn(r *run, s string) (string, error) {
	price := len(s) / 8
	if !isASCII(s) {
		price = 4 * len(s)
	}
	if err := r.budget.take(price, 4*len(s)); err != nil {
		return "", err
	}
	return fold(s), nil
}

// fold writes a text without capitals and accents, so that people find "Élodie"
// beside "elise".
func fold(s string) string {
	s = strings.ToLower(s)
	if isASCII(s) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
	return ligatures.Replace(s)
}

// ligatures are letters that dictionaries read as two.
var ligatures = strings.NewReplacer("œ", "oe", "æ", "ae", "ß", "ss")

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
