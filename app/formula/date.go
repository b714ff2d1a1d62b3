package formula

import (
	"strings"
	"time"
)

// day is the form of a date alone; dayTime that of one with a time.
const (
	day     = "2006-01-02"
	dayTime = "2006-01-02T15:04"
)

// layouts are the forms in which a date stands in a value, by length: ISO
// 8601, with or without a time, with or without a zone. No two forms of a
// length can be told apart by more than a letter, so reading tries only one.
var layouts = map[int]string{
	len(day):                         day,
	len(dayTime):                     dayTime,
	len("2006-01-02T15:04:05"):       "2006-01-02T15:04:05",
	len("2006-01-02T15:04Z"):         "2006-01-02T15:04Z07:00",
	len("2006-01-02T15:04:05Z"):      "2006-01-02T15:04:05Z07:00",
	len("2006-01-02T15:04+01:00"):    "2006-01-02T15:04Z07:00",
	len("2006-01-02T15:04:05+01:00"): "2006-01-02T15:04:05Z07:00",
}

// readDate reads an ISO date, and the layout it was in. The time of day is
// kept as it is written, so the zone changes nothing but the written form.
func readDate(s string) (t time.Time, layout string, ok bool) {
	layout, ok = layouts[len(s)]
	if !ok || s[4] != '-' || s[7] != '-' || s[0] < '0' || s[0] > '9' {
		return t, "", false
	}
	if len(s) > len(day) && s[10] == ' ' { // as databases write it
		layout = strings.Replace(layout, "T", " ", 1)
	}
	t, err := time.Parse(layout, s)
	return t, layout, err == nil && t.Year() > 0
}

// writeDate writes a date in the layout it came in, when it still has four
// digits to its year.
func writeDate(t time.Time, layout string) (string, bool) {
	return t.Format(layout), t.Year() >= 1 && t.Year() <= 9999
}

// civil is the moment as the clock on the wall shows it, without its zone.
func civil(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// midnight is the day alone.
func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// isoWeekday counts from Monday, 1, to Sunday, 7.
func isoWeekday(t time.Time) int { return (int(t.Weekday())+6)%7 + 1 }

// addMonths goes to the same day of another month, or to its last day when it
// has none.
func addMonths(t time.Time, months int) time.Time {
	first := time.Date(t.Year(), t.Month(), 1, t.Hour(), t.Minute(), t.Second(), 0, t.Location()).AddDate(0, months, 0)
	days := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), days)-1)
}

// addWorkdays passes over Saturdays and Sundays. Zero days from one of them is
// the Monday after.
func addWorkdays(t time.Time, days int) time.Time {
	step := 1
	if days < 0 {
		step, days = -1, -days
	}
	if weekend := isoWeekday(t) - 5; weekend > 0 { // stand on the working day before, seen from where we go
		if step > 0 && days > 0 {
			t = t.AddDate(0, 0, -weekend)
		} else {
			t = t.AddDate(0, 0, 3-weekend)
		}
	}
	t = t.AddDate(0, 0, step*7*(days/5))
	for range days % 5 {
		t = t.AddDate(0, 0, step)
		for isoWeekday(t) > 5 {
			t = t.AddDate(0, 0, step)
		}
	}
	return t
}

// dateTokens are the parts of a date format, longest first.
var dateTokens = []struct {
	token  string
	layout string // of package time; "" for names, which depend on the language
}{
	{"yyyy", "2006"}, {"yy", "06"}, {"MMMM", ""}, {"MMM", ""}, {"MM", "01"}, {"M", "1"},
	{"dd", "02"}, {"d", "2"}, {"EEEE", ""}, {"EEE", ""},
	{"HH", "15"}, {"H", ""}, {"mm", "04"}, {"m", "4"}, {"ss", "05"}, {"s", "5"},
}

// formatDate writes a date by a format like "dd/MM/yyyy"; words stand between
// single quotes.
func formatDate(t time.Time, format, lang string) (string, bool) {
	var out strings.Builder
	for format != "" {
		if format[0] == '\'' {
			words, rest, closed := strings.Cut(format[1:], "'")
			if !closed {
				return "", false
			}
			out.WriteString(words)
			format = rest
			continue
		}
		token := dateToken(format)
		switch {
		case token != "":
			out.WriteString(datePart(t, token, lang))
		case isLetter(format[0]):
			return "", false
		default:
			token = format[:1]
			out.WriteString(token)
		}
		format = format[len(token):]
	}
	return out.String(), true
}

func isLetter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }

// dateToken returns the token a format begins with, if any.
func dateToken(format string) string {
	for _, part := range dateTokens {
		if strings.HasPrefix(format, part.token) {
			return part.token
		}
	}
	return ""
}

func datePart(t time.Time, token, lang string) string {
	names := wordsOf(lang)
	switch token {
	case "MMMM":
		return names.months[t.Month()-1]
	case "MMM":
		return short(names.months[t.Month()-1])
	case "EEEE":
		return names.days[isoWeekday(t)-1]
	case "EEE":
		return short(names.days[isoWeekday(t)-1])
	case "H":
		return strings.TrimPrefix(t.Format("15"), "0")
	}
	for _, part := range dateTokens {
		if part.token == token {
			return t.Format(part.layout)
		}
	}
	return ""
}

// short is the first three letters of a name, four where three would not tell
// juin from juillet.
func short(name string) string {
	n := 3
	if strings.HasPrefix(name, "jui") {
		n = 4
	}
	return name[:byteOffset(name, n)]
}
