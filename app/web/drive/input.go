package drive

import (
	"net/url"
	"slices"
	"strconv"

	"selfhelp/app/execution"
	"selfhelp/app/fault"
	"selfhelp/app/web/frame"
)

// moves are what the buttons of a page ask for.
var moves = map[string]execution.InputKind{
	"": execution.DoAnswer, "answer": execution.DoAnswer, "back": execution.DoBack, "restart": execution.DoRestart, "browse": execution.DoBrowse,
	"pause": execution.DoPause, "resume": execution.DoResume, "postit": execution.DoPostit, "feedback": execution.DoFeedback,
}

// Posted is a page's form as it came.
type Posted struct {
	Token string
	Pass  string
	Turn  int64
	Input execution.Input
}

// ourFields are the names of the form that are not the engine's business.
var ourFields = []string{"state", "pass", "turn", "do", "postit", "journal"}

// InputOf makes what the engine is given of a form.
func InputOf(values url.Values, step string) (Posted, error) {
	kind, known := moves[values.Get("do")]
	if !known {
		return Posted{}, fault.New(fault.Invalid, "fault.form.unreadable")
	}
	if values.Has(execution.NameSpeak) {
		kind = execution.DoSpeak
	}
	turn, err := strconv.ParseInt(values.Get("turn"), 10, 64)
	if err != nil || turn < 1 {
		return Posted{}, fault.Because(fault.Invalid, err, "fault.form.unreadable")
	}
	if values.Has(execution.NameSheet) && kind == execution.DoAnswer {
		kind = execution.DoBrowse
	}
	p := Posted{Token: values.Get("state"), Pass: values.Get("pass"), Turn: turn, Input: execution.Input{Kind: kind, Step: step, Values: map[string][]string{}}}
	if kind == execution.DoPostit {
		p.Input.Data = values.Get("postit")
	}
	for name, given := range values {
		if !slices.Contains(ourFields, name) {
			p.Input.Values[name] = given
		}
	}
	return p, nil
}

// work are the moves of a page that take along what somebody typed.
var work = []execution.InputKind{execution.DoAnswer, execution.DoPostit, execution.DoFeedback}

// KeepAnswer keeps what was given on a page of an execution. Its state, which the
// form carries along sealed, is where it goes on.
func KeepAnswer(v *frame.Visit) frame.Kept {
	kind, known := moves[v.PostFormValue("do")]
	return frame.Kept{
		Page: v.URL.EscapedPath(), Nothing: known && !slices.Contains(work, kind) || v.PostForm.Has(execution.NameSpeak),
		Inner: func(name string) bool { return slices.Contains(ourFields, name) && name != "postit" },
		About: map[execution.InputKind]string{execution.DoAnswer: "answer"}[kind], // of post-its, each is another's
	}
}

// PlayerScripts are the scripts of a page of an execution.
var PlayerScripts = []string{"player"}
