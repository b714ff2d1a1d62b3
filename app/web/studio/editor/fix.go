package editor

import (
	"strings"

	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/studio"
)

// fixWords says what the operation that mends a problem will do.
func (s *Editor) fixWords(v *frame.Visit, b bench, op procedure.Operation) string {
	switch op.Do {
	case "add_variable":
		kind := string(procedure.TypeText)
		if given, ok := op.Value.(map[string]any); ok {
			kind, _ = given["type"].(string)
		}
		return v.Words.T("fix.add_variable", op.ID, strings.ToLower(former{v: v}.wordName("type", kind)))
	case "add_step", "insert_on_edge":
		return v.Words.T("fix.add_step", kindName(v, op.Kind))
	case "delete_step":
		if step := b.proc.Data.Step(op.Step); step != nil {
			return v.Words.T("fix.delete_step", s.stepTitle(v, b, step))
		}
	case "add_item":
		if given, ok := op.Value.(procedure.Binding); ok {
			return v.Words.T("fix.add_item", given.Name)
		}
	case "delete_item":
		return v.Words.T("fix.delete_item", op.Item)
	case "set":
		if name := studio.PropertyWords(v, op.Path); name != "" && op.Value == nil {
			return v.Words.T("fix.clear", name)
		} else if word, ok := op.Value.(string); ok && name != "" {
			return v.Words.T("fix.set", name, former{v: v}.wordName(lastName(op.Path), word))
		}
	}
	return v.Words.T("editor.fix")
}
