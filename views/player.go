package views

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"selfhelp/app/execution"
	"selfhelp/app/procedure"
	"selfhelp/views/ui"
)

// Player is one page of an execution.
type Player struct {
	ui.Chrome
	*execution.Page
	Token     string // sealed state of this page
	Pass      string // proof of whose execution it is
	Turn      int64  // number of the turn that showed this page
	Portal    ui.Place
	Postit    string // what is wrong with the post-it, if anything
	Note      string // the post-it as it was typed, when it was refused
	Problems  map[string]string
	Address   string   // of the execution, /x/{id}
	Elsewhere []string // hashes of the files sent before whose contents are on another server
	Journal   string   // of a test run: what was done, sealed; "" when no scenario can be made of it
	Keep      string   // where a scenario is made of it
}

// The sentences of the page are in the language of the execution, those of the
// masthead in the person's: T is the page's own.

// Action is where the page's form goes.
func (p Player) Action() string { return p.Address + "/" + p.Page.Address }

// encoding is how the page's form is sent: as parts where files may be in it.
func (p Player) encoding() string {
	if p.Kind == execution.PageUpload {
		return "multipart/form-data"
	}
	for _, f := range p.Fields {
		if f.Type.TakesFiles() {
			return "multipart/form-data"
		}
	}
	return "application/x-www-form-urlencoded"
}

// listed is what is wrong, each with the control it is about, for the head of
// the page.
func (p Player) listed() (list []ui.Problem) {
	for _, f := range p.Fields {
		if f.Problem != "" {
			list = append(list, ui.Problem{Field: controlID(f), Text: p.T("player.field_problem", f.Label, f.Problem)})
		}
	}
	if len(list) == 0 && p.Problem != "" && p.Kind != execution.PageProblem {
		list = append(list, ui.Problem{Text: p.Problem})
	}
	return list
}

// refreshes reports whether the form asks the server again when a field
// changes, because what is shown depends on formulas no script can follow.
func (p Player) refreshes() bool {
	for _, f := range p.Fields {
		if !f.Visible && f.ShowIf == nil || !f.Enabled && f.EnableIf == nil {
			return true
		}
	}
	return false
}

// spoken is the language the page's words are in.
func (p Player) spoken() string { return cmp.Or(p.Spoken, p.Language) }

// asksItself reports whether a page of opinion asks its question by its title.
func (p Player) asksItself() bool {
	return p.Kind == execution.PageFeedback && p.Page.Title != ""
}

// feedbackQuestion is what the scores answer.
func (p Player) feedbackQuestion() string {
	if p.asksItself() {
		return p.Page.Title
	}
	return p.T("player.feedback")
}

// single is the page's one way on, when it has no other.
func (p Player) single() string {
	if len(p.Buttons) == 0 {
		return p.T("player.continue")
	}
	return p.Buttons[0].Text
}

// heading is the h1: the step's title, the procedure's where it has none.
func (p Player) heading() string {
	if p.Page.Title != "" {
		return p.Page.Title
	}
	return p.Heading
}

// hasTools reports whether the line of tools has anything on it.
func (p Player) hasTools() bool {
	t := p.Toolbar
	return !(t.NoReport && t.NoPostit && t.NoPause && t.NoPrint && (t.NoRestart || !p.CanRestart))
}

// layoutClass is the class of a page by how its words, media and buttons stand.
func (p Player) layoutClass() string {
	switch {
	case p.Layout != procedure.LayoutText:
		return "wrap turn layout-" + strings.ReplaceAll(string(p.Layout), "_", "-")
	case !strings.Contains(p.Body, "<img") && !strings.Contains(p.Body, "<video"):
		return "wrap turn"
	case p.picked():
		return "wrap turn with-media"
	}
	return "wrap turn pictured"
}

// picked reports whether the page is answered by looking from its picture to
// what can be chosen or filled in: that stands beside it then. A button on
// which one goes on has its place below what is read.
func (p Player) picked() bool {
	switch p.Kind {
	case execution.PageQuestion, execution.PageChoices, execution.PageForm, execution.PageTable, execution.PageUpload:
		return true
	}
	return false
}

// asClass is the class of a list of answers.
func asClass(as procedure.Presentation) string {
	if as == procedure.AsButtons {
		return "answers"
	}
	return "answers as-" + string(as)
}

// hintOfCount says how many answers are wanted.
func hintOfCount(w *ui.Words, least, most int) string {
	switch {
	case least > 0 && most > 0 && least == most:
		return w.N("player.count.exactly", least)
	case least > 0 && most > 0:
		return w.T("player.count.between", least, most)
	case most > 1:
		return w.N("player.count.most", most)
	case least > 1:
		return w.N("player.count.least", least)
	}
	return w.T("player.count.any")
}

// outcomeIcons are the signs of the outcomes.
var outcomeIcons = map[procedure.Outcome]string{
	procedure.Solved: "ok", procedure.Unsolved: "help", procedure.Escalated: "ticket", procedure.Informed: "info", procedure.Abandoned: "pause", procedure.Failed: "wrong",
}

var outcomeTones = map[procedure.Outcome]ui.Tone{
	procedure.Solved: ui.OK, procedure.Unsolved: ui.Warn, procedure.Escalated: ui.Info, procedure.Informed: ui.Info, procedure.Abandoned: ui.Warn, procedure.Failed: ui.Wrong,
}

// controlID is the id of a field's control.
func controlID(f execution.Field) string { return f.Input }

// described names what explains a field's control.
func described(f execution.Field) string {
	var ids []string
	if f.Problem != "" {
		ids = append(ids, controlID(f)+"-error")
	}
	if f.Help != "" {
		ids = append(ids, controlID(f)+"-help")
	}
	return strings.Join(ids, " ")
}

// value is the present value of a field of one.
func value(f execution.Field) string {
	if len(f.Values) == 0 {
		return ""
	}
	return f.Values[0]
}

// inputTypes are the controls of the fields that are one line.
var inputTypes = map[procedure.FieldType]string{
	procedure.FieldText: "text", procedure.FieldNumber: "number", procedure.FieldSlider: "range", procedure.FieldDate: "date", procedure.FieldTime: "time",
	procedure.FieldDateTime: "datetime-local", procedure.FieldMail: "email", procedure.FieldPhone: "tel", procedure.FieldURL: "url",
	procedure.FieldSecret: "password", procedure.FieldCaptcha: "text", procedure.FieldPerson: "text",
}

// autocompletes are what browsers may fill in for the person.
var autocompletes = map[procedure.FieldType]string{
	procedure.FieldMail: "email", procedure.FieldPhone: "tel", procedure.FieldURL: "url", procedure.FieldSecret: "off", procedure.FieldCaptcha: "off",
}

// limits are the attributes that tell the browser what the server will check.
func limits(f execution.Field) map[string]string {
	limits := map[string]string{}
	least, most := "min", "max"
	switch f.Type {
	case procedure.FieldText, procedure.FieldLongText, procedure.FieldRichText, procedure.FieldMail, procedure.FieldPhone, procedure.FieldURL, procedure.FieldSecret:
		least, most = "minlength", "maxlength"
	case procedure.FieldNumber:
		limits["step"], limits["inputmode"] = "any", "decimal"
	}
	for name, v := range map[string]string{least: f.Min, most: f.Max, "step": f.Step, "placeholder": f.Placeholder, "autocomplete": autocompletes[f.Type]} {
		if v != "" {
			limits[name] = v
		}
	}
	return limits
}

// ratings are the scores of a rating field, from 1.
func ratings(f execution.Field) (scores []string) {
	most, err := strconv.Atoi(f.Max)
	if err != nil || most < 1 || most > 10 {
		most = 5
	}
	for i := range most {
		scores = append(scores, strconv.Itoa(i+1))
	}
	return scores
}

// scores are those of a feedback, the lowest first; of a yes and a no, the yes is.
func scores(f *execution.FeedbackView) (list []int) {
	for n := f.Lowest; n <= f.Highest; n++ {
		list = append(list, n)
	}
	if f.Scale == procedure.ScaleThumbs {
		slices.Reverse(list)
	}
	return list
}

func scored(f *execution.FeedbackView, n int) bool { return f.Score != nil && *f.Score == n }

// accepts is what a file control lets one choose.
func accepts(f execution.Field) string {
	if len(f.Types) == 0 && f.Type != procedure.FieldFile {
		return "image/*"
	}
	return strings.Join(f.Types, ",")
}

func manyOptions(f execution.Field) bool { return len(f.Options) > 12 }

// fieldClass is the class of a field's place in the form.
func fieldClass(f execution.Field) string {
	class := "field"
	if f.Width != "" {
		class += " " + f.Width
	}
	return class
}

// Thumbs are shown by sign and word: down is 0, up is 1.
var (
	thumbIcons = []string{"thumb-down", "thumb-up"}
	thumbKeys  = []string{"player.thumb.down", "player.thumb.up"}
)

func scaleName(s procedure.FeedbackScale) string {
	if s == procedure.ScaleThumbs {
		return "thumbs"
	}
	return string(s)
}

// tools are what the line of tools is made of; pages that have the same show
// the same.
type tools struct {
	words    *ui.Words
	toolbar  procedure.Toolbar
	over     bool // the execution is
	restarts bool
}

var toolLines sync.Map // tools → HTML

// toolsOf is the line of tools, made once for all pages that have the same.
func toolsOf(p Player) templ.Component {
	if p.Postit != "" {
		return playerTools(p)
	}
	key := tools{p.Words, p.Toolbar, p.Kind == execution.PageEnd, p.CanRestart && len(p.Trail) > 1}
	line, made := toolLines.Load(key)
	if !made {
		var b strings.Builder
		if err := playerTools(p).Render(context.Background(), &b); err != nil {
			return playerTools(p) // it fails where it is shown
		}
		line, _ = toolLines.LoadOrStore(key, b.String())
	}
	return templ.Raw(line.(string))
}
