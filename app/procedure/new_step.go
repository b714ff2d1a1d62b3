package procedure

import (
	"maps"
	"slices"
)

// wordings are the words new things begin with, in the languages we know.
var wordings = map[string]map[string]string{
	"yes":    {"fr": "Oui", "en": "Yes"},
	"no":     {"fr": "Non", "en": "No"},
	"answer": {"fr": "Votre réponse", "en": "Your answer"},
	"name":   {"fr": "Nom", "en": "Name"},
}

// wording gives known words in the languages asked for.
func wording(key string, langs []string) Text {
	t := Text{In: map[string]string{}}
	for _, lang := range langs {
		if words, ok := wordings[key][lang]; ok {
			t.In[lang] = words
		}
	}
	if len(t.In) == 0 {
		return Text{}
	}
	return t
}

// isWording reports whether a text is one that new things begin with, as it was.
func isWording(t Text) bool {
	if len(t.In) == 0 || len(t.Dated) > 0 {
		return false
	}
	for key := range wordings {
		if maps.Equal(t.In, wording(key, slices.Collect(maps.Keys(t.In))).In) {
			return true
		}
	}
	return false
}

// NewStep returns a sensible new step of a type, without a title: one whose
// form has a field, whose question has two answers, and so on. Its words are
// in the languages given, as far as we know them.
func NewStep(kind StepType, id string, langs []string) Step {
	s := Step{ID: id}
	switch kind {
	case StepStart:
		s.Start = &Start{}
	case StepEnd:
		s.End = &End{Outcome: Solved, Feedback: true}
	case StepCall:
		s.Call = &Call{}
	case StepJump:
		s.Jump = &Jump{Max: 3}
	case StepEach:
		s.Each = &Each{Item: "item"}
	case StepBox:
		s.Box = &Box{}
	case StepSticky:
		s.Sticky = &Sticky{}
	default:
		newInteractive(&s, kind, langs)
		newAutomatic(&s, kind)
	}
	return s
}

func newInteractive(s *Step, kind StepType, langs []string) {
	answers := []Answer{{ID: "yes", Text: wording("yes", langs)}, {ID: "no", Text: wording("no", langs)}}
	switch kind {
	case StepPage:
		s.Page = &Page{}
	case StepQuestion:
		s.Question = &Question{Answers: answers}
	case StepChoices:
		s.Choices = &Choices{Answers: answers, Min: 1}
	case StepForm:
		s.Form = &FormStep{Form: Form{Fields: []Field{{ID: s.ID + "_answer", Type: FieldText, Label: wording("answer", langs), Required: "true"}}}}
	case StepTable:
		s.Table = &Table{Columns: []Column{{ID: "name", Title: wording("name", langs), Value: "item.name"}}}
	case StepUpload:
		s.Upload = &Upload{Min: 1}
	case StepLink:
		s.Link = &Link{URL: "https://"}
	case StepConfirm:
		s.Confirm = &Confirm{}
	case StepFeedback:
		s.Feedback = &Feedback{Comment: true}
	case StepHandover:
		s.Handover = &Handover{Transcript: true}
	}
}

func newAutomatic(s *Step, kind StepType) {
	switch kind {
	case StepTest:
		s.Test = &Test{Rules: []Rule{{ID: "rule"}}}
	case StepSwitch:
		s.Switch = &Switch{Cases: []Case{{ID: "case"}}}
	case StepSet:
		s.Set = &Set{Values: []Assignment{{ID: "value"}}}
	case StepScript:
		s.Script = &Script{}
	case StepREST:
		s.REST = &REST{Method: "GET"}
	case StepSOAP:
		s.SOAP = &SOAP{}
	case StepTicket:
		s.Ticket = &Ticket{AttachReport: true}
	case StepMail:
		s.Mail = &Mail{To: "user.mail"}
	case StepDirectory:
		s.Directory = &Directory{By: "mail", Value: "user.mail"}
	case StepSearch:
		s.Search = &Search{}
	case StepWait:
		s.Wait = &Wait{Seconds: "5"}
	case StepLog:
		s.Log = &Log{}
	case StepLocale:
		s.Locale = &Locale{}
	case StepBreakpoint:
		s.Breakpoint = &Breakpoint{}
	}
}
