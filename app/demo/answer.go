package demo

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"selfhelp/app/execution"
	"selfhelp/app/procedure"
)

// answer is what a person gives on a page, as a value.
func (w *walker) answer(page *execution.Page, now time.Time) any {
	switch page.Kind {
	case execution.PageText:
		if len(page.Buttons) > 1 && w.chance(10) {
			return pick(w.random, page.Buttons).ID
		}
		return page.Buttons[0].ID
	case execution.PageQuestion:
		return w.one(page.Answers)
	case execution.PageChoices:
		return w.some(page)
	case execution.PageForm:
		return w.form(page, now)
	case execution.PageTable:
		return w.rows(page)
	case execution.PageUpload:
		return w.upload(page)
	case execution.PageFeedback:
		return w.opinion(page)
	case execution.PageConfirm, execution.PageHandover:
		return w.chance(75)
	}
	return true // a link, opened
}

// one prefers what comes first: writers put the usual case there.
func (w *walker) one(answers []execution.Answer) string {
	for i := range answers[:len(answers)-1] {
		if w.chance(45 - 5*min(i, 4)) {
			return answers[i].Key
		}
	}
	return answers[len(answers)-1].Key
}

// some chooses as many answers as the page wants and one or two more; "none of
// these" stands alone.
func (w *walker) some(page *execution.Page) []any {
	most := len(page.Answers)
	if page.Max > 0 {
		most = min(most, page.Max)
	}
	wanted := min(max(page.Min, 1)+w.random.IntN(2), most)
	var keys []any
	for _, i := range w.random.Perm(len(page.Answers))[:wanted] {
		key := page.Answers[i].Key
		if key == "none" || key == "nothing" {
			return []any{key}
		}
		keys = append(keys, key)
	}
	return keys
}

func (w *walker) rows(page *execution.Page) any {
	if page.Min == 0 && w.chance(10) {
		return []any{}
	}
	key := pick(w.random, page.Table.Rows).Key
	if page.Table.Multiple {
		return []any{key}
	}
	return key
}

func (w *walker) upload(page *execution.Page) any {
	if page.Min == 0 && w.chance(50) {
		return []any{}
	}
	return []any{fileValue(w.paper)}
}

func fileValue(f execution.File) any {
	return map[string]any{"name": f.Name, "type": f.Type, "size": float64(f.Size), "hash": f.Hash}
}

// opinion is a score and, now and then, a comment in keeping with it.
func (w *walker) opinion(page *execution.Page) any {
	view := page.Feedback
	happy := w.chance(84)
	score := view.Lowest
	if happy {
		score = view.Highest
	}
	if span := view.Highest - view.Lowest; span > 1 {
		if off := w.random.IntN(span/2 + 1); happy {
			score -= off
		} else {
			score += off
		}
	}
	value := map[string]any{"score": float64(score)}
	if view.Comment && w.chance(35) {
		if happy {
			value["comment"] = pick(w.random, pleased[page.Language])
		} else {
			value["comment"] = pick(w.random, displeased[page.Language])
		}
	}
	return value
}

// form leaves what stands there already, fills in what must be, and a part of
// the rest.
func (w *walker) form(page *execution.Page, now time.Time) any {
	values := map[string]any{}
	for i := range page.Fields {
		f := &page.Fields[i]
		wrong := f.Problem != ""
		switch {
		case !f.Visible || !f.Enabled || f.Input == "":
		case len(f.Values) > 0 && f.Values[0] != "" && !wrong:
			values[f.ID] = present(f)
		case f.Required || wrong || w.chance(35):
			if v := w.value(f, page.Language, now); v != nil {
				values[f.ID] = v
			}
		}
	}
	return values
}

// present is what stands in a field, as an answer.
func present(f *execution.Field) any {
	if f.Type != procedure.FieldMulti {
		return f.Values[0]
	}
	list := make([]any, len(f.Values))
	for i, v := range f.Values {
		list[i] = v
	}
	return list
}

func (w *walker) value(f *execution.Field, language string, now time.Time) any {
	known, ok := typed[string(f.Type)+" "+f.ID]
	if !ok {
		known, ok = typed[f.ID]
	}
	if ok && len(f.Options) == 0 {
		return known
	}
	switch f.Type {
	case procedure.FieldCheck:
		return f.Required || w.chance(50)
	case procedure.FieldRadio, procedure.FieldSelect, procedure.FieldLookup, procedure.FieldMulti:
		return w.option(f)
	case procedure.FieldNumber, procedure.FieldSlider, procedure.FieldRating:
		return w.number(f)
	case procedure.FieldDate, procedure.FieldDateTime:
		return w.date(f, now)
	case procedure.FieldTime:
		return "09:30"
	case procedure.FieldPhoto, procedure.FieldSignature:
		return fileValue(w.picture)
	case procedure.FieldFile:
		return fileValue(w.paper)
	case procedure.FieldMail:
		return "camille@example.org"
	case procedure.FieldPhone:
		return "+33 6 39 98 12 34"
	case procedure.FieldURL:
		return "https://www.example.com/logiciel"
	case procedure.FieldPerson:
		return pick(w.random, accounts).Login
	case procedure.FieldText, procedure.FieldLongText, procedure.FieldRichText:
		return pick(w.random, remarks[language])
	}
	return nil // rows, hidden values, and in a test the captcha
}

func (w *walker) option(f *execution.Field) any {
	if len(f.Options) == 0 {
		return nil
	}
	key := pick(w.random, f.Options).Key
	if f.Type == procedure.FieldMulti {
		return []any{key}
	}
	return key
}

// number is between the bounds of a field, near the lower one.
func (w *walker) number(f *execution.Field) any {
	low, high := 1.0, 5.0
	if v, err := strconv.ParseFloat(f.Min, 64); err == nil {
		low, high = v, v+4
	}
	if v, err := strconv.ParseFloat(f.Max, 64); err == nil {
		high = min(v, max(high, low+20))
	}
	step := 1.0
	if v, err := strconv.ParseFloat(f.Step, 64); err == nil && v >= 1 {
		step = v
	}
	return low + step*float64(w.random.IntN(int((high-low)/step)+1))
}

// date is soon, or a little while ago where the future is not allowed.
func (w *walker) date(f *execution.Field, now time.Time) any {
	past := f.Max != "" || slices.Contains([]string{"seen", "when", "from_day"}, f.ID)
	days := w.random.IntN(20) + 3
	if past {
		days = -w.random.IntN(4)
	}
	at := now.AddDate(0, 0, days).Add(-time.Hour)
	if f.Type == procedure.FieldDateTime {
		return at.Format("2006-01-02T15:04")
	}
	day := at.Format(time.DateOnly)
	if strings.Compare(day, f.Min) < 0 {
		day = f.Min
	}
	return day
}
