package entry

import (
	"net/url"
	"strings"
	"time"

	"selfhelp/app/procedure"
)

// MaxLine is how long one typed line may be, in signs, when a writer sets no
// limit; MaxText is that of several lines.
const (
	MaxLine = 1000
	MaxText = 10_000
)

// Line reads one line that is not empty as a value of a field's type. wrong is
// the message key of why it is none.
func Line(t procedure.FieldType, line, lang string, zone *time.Location) (value any, wrong string) {
	var ok bool
	switch t {
	case procedure.FieldNumber, procedure.FieldSlider, procedure.FieldRating:
		value, ok = ReadTypedNumber(line, lang)
		t = procedure.FieldNumber
	case procedure.FieldDate:
		value, ok = ReadDate(line, lang)
	case procedure.FieldTime:
		value, ok = readTime(line)
	case procedure.FieldDateTime:
		value, ok = ReadDateTime(line, zone)
	case procedure.FieldMail:
		value, ok = ReadMail(line)
	case procedure.FieldPhone:
		value, ok = readPhone(line)
	case procedure.FieldURL:
		value, ok = readURL(line)
	default:
		return line, ""
	}
	if !ok {
		return nil, "field." + string(t)
	}
	return value, ""
}

// ReadTypedNumber reads a number as people of a language type it: groups of
// three apart by spaces or, in English, by commas; a comma or a dot before the
// decimals, in English a dot only.
func ReadTypedNumber(s, lang string) (float64, bool) {
	s = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "\u2212", "-", "'", "", "’", "").Replace(s)
	switch {
	case isEnglish(lang):
		if strings.Contains(s, ",") {
			if !inGroups(s) {
				return 0, false
			}
			s = strings.ReplaceAll(s, ",", "")
		}
	case strings.Count(s, ",") == 1 && !strings.Contains(s, "."):
		s = strings.Replace(s, ",", ".", 1)
	}
	f, ok := ReadNumber(s)
	if f > 1e15 || f < -1e15 {
		return 0, false
	}
	return f, ok
}

func isEnglish(lang string) bool { return lang == "en" || strings.HasPrefix(lang, "en-") }

// inGroups reports whether commas stand between groups of three digits, as in
// 1,234,567.8.
func inGroups(s string) bool {
	whole, decimals, _ := strings.Cut(strings.TrimLeft(s, "+-"), ".")
	for i, group := range strings.Split(whole, ",") {
		if len(group) > 3 || len(group) == 0 || i > 0 && len(group) != 3 {
			return false
		}
	}
	return !strings.Contains(decimals, ",")
}

// readTime reads 9:30, 09:30:00, 9h30 or 9h.
func readTime(s string) (string, bool) {
	s = strings.ToLower(strings.ReplaceAll(s, " ", ""))
	if hour, minutes, ok := strings.Cut(s, "h"); ok {
		if minutes == "" {
			minutes = "00"
		}
		s = hour + ":" + minutes
	}
	for _, layout := range []string{"15:04", "15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Format("15:04"), true
		}
	}
	return "", false
}

// ReadMail reads one mail address, its domain in lower case.
func ReadMail(s string) (string, bool) {
	s = strings.TrimSpace(s)
	at := strings.LastIndexByte(s, '@')
	if at < 1 || at > 64 || len(s) > 254 {
		return "", false
	}
	local, domain := s[:at], strings.ToLower(s[at+1:])
	if strings.ContainsAny(local, " \t\"(),:;<>@[\\]") || strings.ContainsFunc(s, IsControl) ||
		strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, "..") {
		return "", false
	}
	labels := strings.Split(domain, ".")
	if len(labels) < 2 {
		return "", false
	}
	for _, label := range labels {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' || strings.ContainsFunc(label, notHost) {
			return "", false
		}
	}
	return local + "@" + domain, true
}

// notHost tells the signs that stand in no name of a host; letters of other
// scripts may.
func notHost(c rune) bool {
	return c < 0x80 && c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z')
}

// readPhone reads a telephone number: digits, perhaps after a +. Extensions of
// three digits are numbers too.
func readPhone(s string) (string, bool) {
	s = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", ".", "", "-", "", "/", "", "(0)", "", "(", "", ")", "").Replace(s)
	if rest, ok := strings.CutPrefix(s, "00"); ok && len(rest) > 7 {
		s = "+" + rest
	}
	digits := strings.TrimPrefix(s, "+")
	if len(digits) < 3 || len(digits) > 15 || strings.Trim(digits, "0123456789") != "" {
		return "", false
	}
	return s, true
}

// readURL reads an http or https address; the scheme may be left out.
func readURL(s string) (string, bool) {
	if len(s) > MaxLine || strings.ContainsAny(s, " \\") {
		return "", false
	}
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return "", false
	}
	if host := u.Hostname(); host == "" || !strings.Contains(host, ".") && host != "localhost" && !strings.Contains(host, ":") {
		return "", false
	}
	return u.String(), true
}
