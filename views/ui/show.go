package ui

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Number returns a whole number with its thousands apart.
func (w *Words) Number(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "−", digits[1:]
	}
	if len(digits) <= 4 && w.lang == "fr" || len(digits) <= 3 {
		return sign + digits
	}
	apart := ","
	if w.lang == "fr" {
		apart = narrowSpace
	}
	var grouped strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			grouped.WriteString(apart)
		}
		grouped.WriteRune(d)
	}
	return sign + grouped.String()
}

// zone is where people read the hours; see ReadIn.
var zone atomic.Pointer[time.Location]

// ReadIn says in which time zone every date and hour is shown from now on. Until
// then it is universal time.
func ReadIn(z *time.Location) { zone.Store(z) }

// Zone is the time zone of the dates and hours that people read and type.
func Zone() *time.Location {
	if z := zone.Load(); z != nil {
		return z
	}
	return time.UTC
}

// ZoneName names the zone of a moment as people know it.
func ZoneName(at time.Time) string {
	if name := Zone().String(); name != "Local" {
		return name
	}
	name, _ := at.In(Zone()).Zone()
	return name
}

// space stands between a number and its unit: a line never ends there.
const space = "\u00a0"

// Date returns a day in words: "23 novembre 2026", "23 November 2026".
func (w *Words) Date(t time.Time) string {
	t = t.In(Zone())
	day := strconv.Itoa(t.Day())
	if w.lang == "fr" && t.Day() == 1 {
		day = "1er"
	}
	return day + " " + w.T("month."+strconv.Itoa(int(t.Month()))) + " " + strconv.Itoa(t.Year())
}

// Time returns the hour and minute of an instant.
func (w *Words) Time(t time.Time) string {
	t = t.In(Zone())
	if w.lang == "fr" {
		return fmt.Sprintf("%d"+space+"h"+space+"%02d", t.Hour(), t.Minute())
	}
	return t.Format("15:04")
}

// DateTime returns a day and an hour.
func (w *Words) DateTime(t time.Time) string {
	return w.T("date.at", w.Date(t), w.Time(t))
}

// Ago returns how long before now an instant was, roughly, as people say it;
// beyond a week it is the date.
func (w *Words) Ago(t, now time.Time) string {
	switch d := now.Sub(t); {
	case d < time.Minute:
		return w.T("ago.now")
	case d < time.Hour:
		return w.N("ago.minutes", int(d/time.Minute))
	case d < 24*time.Hour:
		return w.N("ago.hours", int(d/time.Hour))
	case d < 7*24*time.Hour:
		return w.N("ago.days", int(d/(24*time.Hour)))
	}
	return w.Date(t)
}

// Duration returns a length of time in its two largest units, on one line.
func (w *Words) Duration(d time.Duration) string {
	return strings.ReplaceAll(w.duration(d), " ", space)
}

func (w *Words) duration(d time.Duration) string {
	seconds := int(d.Round(time.Second) / time.Second)
	switch {
	case seconds < 60:
		return w.T("duration.seconds", seconds)
	case seconds < 3600 && seconds%60 == 0:
		return w.T("duration.whole_minutes", seconds/60)
	case seconds < 3600:
		return w.T("duration.minutes", seconds/60, seconds%60)
	}
	if seconds/60%60 == 0 {
		return w.T("duration.whole_hours", seconds/3600)
	}
	return w.T("duration.hours", seconds/3600, seconds/60%60)
}

// Decimal returns a number with one decimal.
func (w *Words) Decimal(n float64) string {
	text := strconv.FormatFloat(n, 'f', 1, 64)
	if w.lang == "fr" {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text
}

// Size returns a number of bytes as people read it.
func (w *Words) Size(bytes int64) string {
	units := []string{"size.bytes", "size.kb", "size.mb", "size.gb"}
	value, unit := float64(bytes), 0
	for value >= 1000 && unit < len(units)-1 {
		value, unit = value/1000, unit+1
	}
	if unit == 0 {
		return strings.ReplaceAll(w.N(units[0], int(bytes)), " ", space)
	}
	decimals := 0
	if value < 10 && math.Round(value*10) != math.Round(value)*10 {
		decimals = 1
	}
	text := strconv.FormatFloat(value, 'f', decimals, 64)
	if w.lang == "fr" {
		text = strings.Replace(text, ".", ",", 1)
	}
	return strings.ReplaceAll(w.T(units[unit], text), " ", space)
}
