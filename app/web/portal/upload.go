package portal

import (
	"bytes"
	"net/http"

	"selfhelp/app/fault"
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
	if s.isSentElsewhere(v, hash) && !(s.Elsewhere != nil && v.Who.SignedIn() && s.Elsewhere.Recall(v.Context(), v.Who.ID) && s.Files.Has(hash)) {
		return fault.New(fault.Unavailable, "fault.file.elsewhere")
	}
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

// sentElsewhere are the files of a page that were sent at another server of the
// platform: the state names them, and their contents are not here. They count as
// sent, and reach the edition server from there.
func (s *Portal) sentElsewhere(at drive.Stand) (hashes []string) {
	if !s.IsOneOfSeveral() {
		return nil
	}
	for _, f := range at.Page.Sent() {
		if !s.Files.Has(f.Hash) {
			hashes = append(hashes, f.Hash)
		}
	}
	return hashes
}

// isSentElsewhere reports whether a file was sent in an execution at another server.
func (s *Portal) isSentElsewhere(v *frame.Visit, hash string) bool {
	if !s.IsOneOfSeveral() || s.Files.Has(hash) {
		return false
	}
	_, last, err := s.Reopen(v)
	if err != nil {
		return false
	}
	state, err := s.Sealer.Open(string(last.State), v.Pass.Execution)
	if err != nil {
		return false
	}
	_, sent := state.FileSent(hash)
	return sent
}
