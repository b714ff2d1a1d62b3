package access

import (
	"net/mail"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/secure/precis"
	"golang.org/x/text/unicode/norm"

	"selfhelp/app/fault"
)

// WrongAccount says what of an account's login, names and address cannot be, by
// the field of a form: the key of a sentence.
func WrongAccount(login, first, last, address string) map[string]string {
	wrong := map[string]string{}
	if _, err := LoginKey(login); err != nil || !isLogin(login) {
		wrong["login"] = "fault.user.login"
	}
	for field, name := range map[string]string{"first_name": first, "last_name": last} {
		if !isName(name) {
			wrong[field] = "fault.user.name"
		}
	}
	if !IsMail(address) {
		wrong["mail"] = "fault.user.mail"
	}
	return wrong
}

// isName reports whether a text can stand for a name wherever names are
// listed: one line, of letters that show.
func isName(text string) bool {
	return utf8.ValidString(text) && utf8.RuneCountInString(text) <= 100 && !strings.ContainsFunc(text, movesText)
}

// movesText reports whether a sign is not seen but changes where others stand:
// it ends a line, drives a terminal or turns the direction.
func movesText(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp)
}

// IsMail reports whether a text is one bare address, or nothing.
func IsMail(text string) bool {
	if text == "" {
		return true
	}
	a, err := mail.ParseAddress(text)
	return err == nil && a.Address == text && a.Name == "" && len(text) <= 254
}

// maxLogin is how many bytes a login may have that is looked for.
const maxLogin = 200

// newLogin is what a login may be that is given to an account: letters and
// digits of any language, and the signs of names and addresses between or after
// them, up to 100; a domain of a directory may stand before. Signs that mean
// something to pages, tables, paths and command lines do not stand in one.
var newLogin = regexp.MustCompile(`^(?:[\p{L}\p{N}][-\p{L}\p{M}\p{N}._]*\\)?[\p{L}\p{N}][-\p{L}\p{M}\p{N}._@+']*$`)

// isLogin reports whether an account can be given a login. Those of older days
// that could not are still found by LoginKey.
func isLogin(login string) bool {
	text := norm.NFKC.String(login)
	return utf8.RuneCountInString(login) <= 100 && newLogin.MatchString(text) && !misleads(text)
}

// LoginKey returns the one form of a login: lower case, one width, composed
// accents. Two logins with the same key are the same person. What cannot be
// seen, or looks like something else, is no login.
func LoginKey(login string) (string, error) {
	if login == "" || len(login) > maxLogin || mixesAlphabets(login) {
		return "", fault.InField("login", "fault.user.login")
	}
	key, err := precis.UsernameCaseMapped.String(login)
	if err != nil {
		return "", fault.InField("login", "fault.user.login")
	}
	return key, nil
}

// HasUnseen reports whether a name holds signs nobody sees: controls, those that only
// guide others, and those that fonts leave out or blank (Unicode Standard Annex 44,
// Default_Ignorable_Code_Point). It would look the same as one without them.
func HasUnseen(name string) bool {
	return strings.ContainsFunc(name, func(r rune) bool {
		return r == '\u2800' || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
	})
}

// mixesAlphabets reports whether letters of alphabets that share shapes stand
// together: a Cyrillic а among Latin letters is a trap.
func mixesAlphabets(s string) bool {
	var latin, other bool
	for _, r := range s {
		latin = latin || unicode.Is(unicode.Latin, r)
		other = other || unicode.In(r, unicode.Cyrillic, unicode.Greek)
	}
	return latin && other
}

// What an account may say of somebody beyond their names.
const (
	MostAttributes = 50
	longestValue   = 500 // bytes
	longestTitle   = 40  // characters
)

// WrongTitle says why a text cannot be how somebody is addressed: "" or the key
// of a sentence.
func WrongTitle(text string) string {
	if !isName(text) || utf8.RuneCountInString(text) > longestTitle {
		return "fault.user.title"
	}
	return ""
}

// WrongValue says why a text cannot be the value of an attribute: "" or the key
// of a sentence.
func WrongValue(text string) string {
	if !utf8.ValidString(text) || len(text) > longestValue || strings.ContainsFunc(text, movesText) {
		return "fault.attribute.value"
	}
	return ""
}
