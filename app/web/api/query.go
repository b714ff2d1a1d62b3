package api

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/app/web/frame"
)

// apiParameter is a parameter of the address's query: what it is about, and
// what it may say.
type apiParameter struct {
	name, about string
	required    bool
	is          saying   // nothing else is looked at where it has a closed list
	one         []string // closed list of what it may say
	min, max    int      // of a number
}

// saying is what a parameter may say.
type saying string

// What parameters say.
const (
	saysWords    saying = "words"
	saysNumber   saying = "number"
	saysTime     saying = "time"
	saysLanguage saying = "language"
	saysUID      saying = "uid"
	saysID       saying = "id"
	saysVersion  saying = "version"
	saysCursor   saying = "cursor"
)

// maxWords bounds what a parameter says, in characters.
const maxWords = 300

// strict lets a call through only when its query is one that is described:
// a slip of the finger in a name must not list what nobody asked for.
func (s *API) strict(parameters []apiParameter, do frame.Handler) frame.Handler {
	return func(w http.ResponseWriter, v *frame.Visit) error {
		name, words := badQuery(v, parameters)
		if words == "" {
			return do(w, v)
		}
		p := v.Problem(fault.Invalid, fault.New(fault.Invalid, "fault.api.query"))
		p.Status, p.Detail = http.StatusBadRequest, words
		if name != "" {
			p.Fields = map[string]string{name: words}
		}
		return frame.ShowJSON(w, p.Status, frame.MediaProblem, p)
	}
}

// badQuery finds the first parameter that is not as described, and says why.
func badQuery(v *frame.Visit, parameters []apiParameter) (name, words string) {
	given, err := url.ParseQuery(v.URL.RawQuery)
	if err != nil {
		return "", v.Words.T("fault.api.query")
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		i := slices.IndexFunc(parameters, func(p apiParameter) bool { return p.name == name })
		switch {
		case i < 0 && len(parameters) == 0:
			return name, v.Words.T("fault.api.query.none", brief(name))
		case i < 0:
			return name, v.Words.T("fault.api.query.unknown", brief(name), namesOf(parameters))
		case len(given[name]) > 1:
			return name, v.Words.T("fault.api.query.twice", name)
		}
		if key, args := parameters[i].refuses(given[name][0]); key != "" {
			return name, v.Words.T(key, append([]any{name}, args...)...)
		}
	}
	return "", ""
}

func namesOf(parameters []apiParameter) string {
	names := make([]string, len(parameters))
	for i, p := range parameters {
		names[i] = p.name
	}
	return strings.Join(names, ", ")
}

// brief cuts what a sentence quotes.
func brief(name string) string {
	if r := []rune(strings.ToValidUTF8(name, "?")); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return name
}

// refuses says what is wrong with a value, by the key of a sentence that takes
// the parameter's name and then these values; "" when nothing is. An empty
// value is as none.
func (p apiParameter) refuses(value string) (key string, args []any) {
	switch {
	case value == "":
		return "", nil
	case p.one != nil:
		if !slices.Contains(p.one, value) {
			return "fault.api.query.one", []any{strings.Join(p.one, ", ")}
		}
		return "", nil
	case p.is == saysNumber:
		if n, err := strconv.Atoi(value); err != nil || n < p.min || n > p.max {
			return "fault.api.query.number", []any{p.min, p.max}
		}
		return "", nil
	}
	if saysSo[p.is](value) {
		return "", nil
	}
	return "fault.api.query." + string(p.is), nil
}

// saysSo tells by kind whether a value is of it.
var saysSo = map[saying]func(string) bool{
	saysWords:    func(v string) bool { return utf8.ValidString(v) && utf8.RuneCountInString(v) <= maxWords },
	saysCursor:   func(v string) bool { return utf8.ValidString(v) && len(v) <= 1000 },
	saysTime:     func(v string) bool { _, err := time.Parse(time.RFC3339, v); return err == nil },
	saysLanguage: procedure.IsLanguage,
	saysUID:      func(v string) bool { return procedure.IsSpelt("uid", v) },
	saysID:       func(v string) bool { return procedure.IsSpelt("alias", v) || procedure.IsID(v) },
	saysVersion: func(v string) bool {
		_, err := publication.ParseNumber(v)
		return err == nil || v == "active"
	},
}

// schema describes what the parameter may say.
func (p apiParameter) schema() map[string]any {
	switch {
	case p.one != nil:
		return map[string]any{"type": "string", "enum": p.one}
	case p.is == saysNumber:
		return map[string]any{"type": "integer", "minimum": p.min, "maximum": p.max}
	case p.is == saysTime:
		return map[string]any{"type": "string", "format": "date-time"}
	case p.is == saysWords:
		return map[string]any{"type": "string", "maxLength": maxWords}
	}
	return map[string]any{"type": "string"}
}
