package portal

import (
	"bytes"
	"net/http"

	"selfhelp/app/procedure"
	"selfhelp/app/web/drive"
	"selfhelp/app/web/frame"
)

// readAnswer reads what was posted on a page. Files are kept as they come in,
// after the guards: nobody's bytes are stored who may not answer.
func (s *Portal) readAnswer(v *frame.Visit) (drive.Posted, error) {
	if !frame.IsMultipart(v.Request) {
		return drive.InputOf(v.PostForm, drive.StepOf(v))
	}
	values, files, err := s.ReadParts(v)
	if err != nil {
		return drive.Posted{}, err
	}
	v.PostForm = values
	p, err := drive.InputOf(values, drive.StepOf(v))
	p.Input.Files = files
	return p, err
}

// sentFile gives a file back that was sent in an execution, to its owner and to
// keep: what it is inside is nobody's promise.
func (s *Portal) sentFile(w http.ResponseWriter, v *frame.Visit) error {
	hash := v.PathValue("hash")
	turns, err := s.Activity.Turns(v.Context(), v.Pass.Execution)
	if err != nil {
		return err
	}
	named := []byte(`"hash":"` + hash + `"`)
	for _, t := range turns {
		if len(hash) == 64 && bytes.Contains(t.Events, named) {
			return s.SendFile(w, v, procedure.File{Name: v.PathValue("name"), Type: "application/octet-stream", Hash: hash}, false)
		}
	}
	return frame.Unknown()
}
