package transfer

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

const (
	maxName  = 200 // bytes of a path
	maxDepth = 4   // folders in a path: one of ours, and one an archive tool may have added
)

// unsafeName says why a path of an archive is refused, "" when it is not. A
// path that could mean something else on another system is refused here too,
// although we never write under the names an archive gives.
func unsafeName(name string) string {
	switch {
	case name == "" || len(name) > maxName:
		return "transfer.name.length"
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unprintable):
		return "transfer.name.characters"
	case strings.ContainsAny(name, `\:`):
		return "transfer.name.foreign"
	case path.IsAbs(name):
		return "transfer.name.absolute"
	case path.Clean(name) != name || name == ".." || strings.HasPrefix(name, "../"):
		return "transfer.name.traversal"
	case strings.Count(name, "/") >= maxDepth:
		return "transfer.name.depth"
	}
	return ""
}

func unprintable(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }

// sameName maps all the paths that some file system takes for one another to
// the same string: lower or upper case, composed or decomposed accents.
func sameName(name string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(name)))
}
