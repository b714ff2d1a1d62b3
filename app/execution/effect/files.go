package effect

import (
	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/message"
)

// maxFiles bounds the files of people that one request carries.
const maxFiles = 20

// files computes the files of people that a request carries. A formula can make
// a value that looks like a file, of anything a person gave: only what was
// really sent in this execution goes, as it was when it came.
func (a *asker) files(q *Request, source string) error {
	if source == "" {
		return nil
	}
	v, is, err := a.Known(source)
	if err != nil {
		return err
	}
	items := flat(v)
	if len(items) > maxFiles {
		return message.Fails("effect.files_many", maxFiles)
	}
	sent := make([]entry.File, 0, len(items))
	for _, item := range items {
		claimed, ok := entry.FileOf(item)
		if !ok {
			return message.Fails("effect.no_file")
		}
		f, ok := a.Sent(claimed.Hash)
		if !ok {
			return message.Fails("effect.file_unknown")
		}
		sent = append(sent, f)
	}
	value, _ := entry.FileValues(sent)
	q.set("files", value, is)
	return nil
}

// flat lists what stands in a value and the lists inside it: several uploads
// are written [step.a.result, step.b.result], and one that was left out is nil.
func flat(v any) (items []any) {
	list, ok := v.([]any)
	switch {
	case v == nil:
		return nil
	case !ok:
		return []any{v}
	}
	for _, item := range list {
		items = append(items, flat(item)...)
	}
	return items
}

// FilesOf returns the names of the files that a request carried, as a log shows
// it.
func FilesOf(shown any) []string {
	request, _ := shown.(map[string]any)
	if request["files"] == mask {
		return []string{mask}
	}
	_, names := entry.FileValues(entry.FilesOf(request["files"]))
	return names
}
