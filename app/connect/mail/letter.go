package mail

import (
	"errors"
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"selfhelp/app/fault"
)

// Letter is what is written to one person.
type Letter struct {
	To      string `json:"to"` // one bare address
	Name    string `json:"name,omitempty"`
	Subject string `json:"subject"`
	Text    string `json:"text"`
	HTML    string `json:"html,omitempty"` // the same, for those who read mail as pages
}

// The bounds of letters.
const (
	maxAddress = 254       // bytes, RFC 5321
	maxWords   = 200       // characters of a subject or a name
	maxText    = 256 << 10 // bytes of each text
)

// Why a letter is not sent at all.
var errLetter = errors.New("an address, a name or the subject is not one line of text, or something is too long")

// Check refuses a letter that could say something else than it seems to: no
// address that is several, no line that ends within a header.
func (l Letter) Check() error {
	if IsAddress(l.To) && isLine(l.Name) && isLine(l.Subject) && len(l.Text) <= maxText && len(l.HTML) <= maxText {
		return nil
	}
	return fault.Because(fault.Invalid, errLetter, "fault.mail.letter")
}

// IsAddress reports whether a text is one bare address.
func IsAddress(text string) bool {
	a, err := mail.ParseAddress(text)
	return err == nil && a.Name == "" && a.Address == text && len(text) <= maxAddress && isLine(text)
}

// isLine reports whether a text can stand in a header as it is.
func isLine(text string) bool {
	ends := func(r rune) bool { return unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp) }
	return utf8.ValidString(text) && utf8.RuneCountInString(text) <= maxWords+maxAddress && !strings.ContainsFunc(text, ends)
}
