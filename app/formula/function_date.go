package formula

import (
	"strings"
	"time"
)

// farthest is how many days the whole calendar of four-digit years has.
const farthest = 3_652_059

// dateFunctions work on dates written in ISO form.
var dateFunctions = []function{
	{Function{"addDays", "addDays(date, days)", "La date tant de jours plus tard, ou plus tôt si le nombre est négatif.", "The date so many days later, or earlier when the number is negative.", `addDays("2026-12-30", 3)`, `"2027-01-02"`}, 2, 2, addDays},
	{Function{"addWorkdays", "addWorkdays(date, days)", "La date tant de jours ouvrés plus tard, samedis et dimanches sautés.", "The date so many working days later, Saturdays and Sundays passed over.", `addWorkdays("2026-11-20", 1)`, `"2026-11-23"`}, 2, 2, workdays},
	{Function{"addMonths", "addMonths(date, months)", "Le même jour tant de mois plus tard, ou le dernier du mois.", "The same day so many months later, or the last of the month.", `addMonths("2026-01-31", 1)`, `"2026-02-28"`}, 2, 2, months},
	{Function{"addMinutes", "addMinutes(dateTime, minutes)", "La date et l’heure tant de minutes plus tard.", "The date and time so many minutes later.", `addMinutes("2026-11-23T23:50", 20)`, `"2026-11-24T00:10"`}, 2, 2, addMinutes},
	{Function{"daysBetween", "daysBetween(from, to)", "Le nombre de jours de la première date à la seconde.", "How many days from the first date to the second.", `daysBetween("2026-02-27", "2026-03-01")`, `2`}, 2, 2, daysBetween},
	{Function{"minutesBetween", "minutesBetween(from, to)", "Le nombre de minutes de la première date à la seconde.", "How many minutes from the first date to the second.", `minutesBetween("2026-11-23T09:00", "2026-11-23T10:30")`, `90`}, 2, 2, minutesBetween},
	{Function{"weekday", "weekday(date)", "Le jour de la semaine, de 1 (lundi) à 7 (dimanche).", "The day of the week, from 1 (Monday) to 7 (Sunday).", `weekday("2026-11-23")`, `1`}, 1, 1, dateNumber(isoWeekday)},
	{Function{"week", "week(date)", "Le numéro ISO de la semaine.", "The ISO number of the week.", `week("2026-11-23")`, `48`}, 1, 1, dateNumber(isoWeek)},
	{Function{"year", "year(date)", "L’année.", "The year.", `year("2026-11-23")`, `2026`}, 1, 1, dateNumber(time.Time.Year)},
	{Function{"month", "month(date)", "Le mois, de 1 à 12.", "The month, from 1 to 12.", `month("2026-11-23")`, `11`}, 1, 1, dateNumber(monthNumber)},
	{Function{"day", "day(date)", "Le jour du mois.", "The day of the month.", `day("2026-11-23")`, `23`}, 1, 1, dateNumber(time.Time.Day)},
	{Function{"hour", "hour(dateTime)", "L’heure, de 0 à 23.", "The hour, from 0 to 23.", `hour("2026-11-23T14:05")`, `14`}, 1, 1, dateNumber(time.Time.Hour)},
	{Function{"minute", "minute(dateTime)", "La minute, de 0 à 59.", "The minute, from 0 to 59.", `minute("2026-11-23T14:05")`, `5`}, 1, 1, dateNumber(time.Time.Minute)},
	{Function{"isDate", "isDate(value)", "Oui si le texte est une date.", "Yes when the text is a date.", `isDate("2026-02-30")`, `false`}, 1, 1, isDate},
	{Function{"formatDate", "formatDate(date, format, language)", "La date dans une forme : yyyy MM dd HH mm ss, MMMM et EEEE pour les noms du mois et du jour dans la langue (anglais si absente).", "The date in a form: yyyy MM dd HH mm ss, MMMM and EEEE for the names of month and day in the language (English when left out).", `formatDate("2026-11-23", "EEEE d MMMM", "fr")`, `"lundi 23 novembre"`}, 2, 3, formatted},
}

// date is a value as a date.
func (c *call) date(i int) (t time.Time, layout string) {
	s, ok := c.args[i].(string)
	if !ok {
		c.wrong(i, KindText)
		return t, ""
	}
	c.pays(10, 0) // reading a date tries several forms
	t, layout, ok = readDate(s)
	if !ok {
		c.fail(fail("formula.date", s))
	}
	return t, layout
}

// moved writes a date that was moved, in the form it came in.
func (c *call) moved(t time.Time, layout string) any {
	s, ok := writeDate(t, layout)
	if !ok {
		c.fail(fail("formula.limit", c.name, s))
	}
	c.pays(4, 64)
	return s
}

func addDays(c *call) any {
	t, layout := c.date(0)
	return c.moved(t.AddDate(0, 0, c.count(1, -farthest, farthest)), layout)
}

func workdays(c *call) any {
	t, layout := c.date(0)
	return c.moved(addWorkdays(t, c.count(1, -farthest, farthest)), layout)
}

func months(c *call) any {
	t, layout := c.date(0)
	return c.moved(addMonths(t, c.count(1, -120_000, 120_000)), layout)
}

func addMinutes(c *call) any {
	t, layout := c.date(0)
	if layout == day {
		layout = dayTime
	}
	minutes := c.count(1, -farthest*1440, farthest*1440)
	t = t.AddDate(0, 0, minutes/1440)
	return c.moved(t.Add(time.Duration(minutes%1440)*time.Minute), layout)
}

func daysBetween(c *call) any {
	from, _ := c.date(0)
	to, _ := c.date(1)
	return float64((midnight(to).Unix() - midnight(from).Unix()) / (24 * 3600))
}

// minutesBetween counts on the clock on the wall, unless both dates have a
// zone.
func minutesBetween(c *call) any {
	from, a := c.date(0)
	to, b := c.date(1)
	if !zoned(a) || !zoned(b) {
		from, to = civil(from), civil(to)
	}
	return float64((to.Unix() - from.Unix()) / 60)
}

func zoned(layout string) bool { return strings.HasSuffix(layout, "Z07:00") }

func isoWeek(t time.Time) int {
	_, week := t.ISOWeek()
	return week
}

func monthNumber(t time.Time) int { return int(t.Month()) }

// dateNumber makes a function of what a date has a number for.
func dateNumber(of func(time.Time) int) func(c *call) any {
	return func(c *call) any {
		t, _ := c.date(0)
		return float64(of(t))
	}
}

func isDate(c *call) any {
	s, ok := c.args[0].(string)
	if !ok || !c.pays(10, 0) {
		return false
	}
	_, _, ok = readDate(s)
	return ok
}

func formatted(c *call) any {
	t, _ := c.date(0)
	format, lang := c.text(1), "en"
	if c.has(2) {
		lang = c.text(2)
	}
	if len(format) > 100 {
		c.fail(fail("formula.limit", c.name, format))
	}
	if c.err != nil || !c.pays(len(format), 8*len(format)) {
		return nil
	}
	s, ok := formatDate(t, format, lang)
	if !ok {
		c.fail(fail("formula.date_pattern", format))
	}
	return s
}
