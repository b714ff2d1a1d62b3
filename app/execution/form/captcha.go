package form

import (
	"crypto/sha256"
	"strconv"
	"strings"

	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/message"
)

// numerals are the numbers a captcha may ask for, as people write them.
var numerals = map[string][]string{
	"fr": {"zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit"},
	"en": {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"},
}

// captcha makes a question in words that a person answers without seeing or
// hearing anything, and its answer. Another seed gives another question.
func (f *Form) captcha(field string) (question string, answer int) {
	sum := sha256.Sum256([]byte(f.Seed + "\x00" + field))
	lang := "en"
	if l := f.Language(); l == "fr" || strings.HasPrefix(l, "fr-") {
		lang = "fr"
	}
	a, b := int(sum[0])%9+1, int(sum[1])%9+1
	words := numerals[lang]
	if sum[2]%2 == 0 || a == b {
		return message.Say("captcha.sum", words[a], words[b]).In(lang), a + b
	}
	return message.Say("captcha.larger", words[a], words[b]).In(lang), max(a, b)
}

// checkCaptcha compares what was typed, in figures or in words. An answer
// given as a value, in a test, may leave it out.
func (f *Form) checkCaptcha(field *filled, p *entry.Posted) {
	typed := entry.CleanLine(p.First(field.input))
	if typed == "" && p.Whole && (f.Test || f.Masked) {
		return
	}
	_, answer := f.captcha(field.ID)
	if n, err := strconv.Atoi(typed); err == nil && n == answer {
		return
	}
	for _, words := range numerals {
		if entry.Fold(typed) == entry.Fold(words[answer]) {
			return
		}
	}
	f.refuse(field.input, "field.captcha")
	f.Failed = true
}
