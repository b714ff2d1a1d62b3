package studio

import (
	"context"
	"crypto/rand"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"selfhelp/app/procedure"
)

// binning is moving to the recycle bin, or out of it.
type binning func(ctx context.Context, project, uid string, version int64, by string) error

// newUID makes a UID nobody has.
func newUID() string {
	var random [16]byte
	rand.Read(random[:])
	return procedure.NewUID(random)
}

const maxAlias = 80

// AliasForm is how an alias is written.
var AliasForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func validAlias(alias string) bool { return len(alias) <= maxAlias && AliasForm.MatchString(alias) }

// aliasOf makes an alias of a title: "L'écran est noir" gives "l-ecran-est-noir".
func aliasOf(title string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(title)) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case r >= 0x300 && r <= 0x36f: // an accent that was taken off
		default:
			b.WriteByte('-')
		}
	}
	words := strings.FieldsFunc(b.String(), func(r rune) bool { return r == '-' })
	alias := strings.Join(words, "-")
	if len(alias) > maxAlias-4 {
		alias = strings.TrimRight(alias[:maxAlias-4], "-")
	}
	if alias == "" {
		return "procedure"
	}
	return alias
}

// numbered tells namesakes apart: printer, printer-2, printer-3.
func numbered(alias string, n int) string {
	if n == 1 {
		return alias
	}
	return alias + "-" + strconv.Itoa(n)
}
