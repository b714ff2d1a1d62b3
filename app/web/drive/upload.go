package drive

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/url"

	"selfhelp/app/execution"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/transfer"
	"selfhelp/app/web/frame"
)

// The limits of a form sent in parts.
const (
	maxParts     = 500
	maxPartText  = 256 << 10 // bytes of one value
	maxFiles     = 20
	examinedHead = 512 << 10 // bytes in which a file shows what it is
)

// ReadParts reads the parts of a form one after the other, in bounded memory.
func (s *Driver) ReadParts(v *frame.Visit) (url.Values, map[string][]execution.File, error) {
	_, parameters, err := mime.ParseMediaType(v.Header.Get("Content-Type"))
	if err != nil || parameters["boundary"] == "" {
		return nil, nil, fault.Because(fault.Invalid, err, "fault.form.unreadable")
	}
	parts := multipart.NewReader(v.Body, parameters["boundary"])
	values, files, count, room := url.Values{}, map[string][]execution.File{}, 0, frame.PlainBody
	for range maxParts {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			values.Del(frame.PageField)
			return values, files, s.signTyped(v, values, files)
		}
		if err != nil {
			return nil, nil, frame.Unreadable(err)
		}
		if part.FileName() == "" {
			err = readText(part, values, &room)
		} else if count++; count > maxFiles {
			err = fault.New(fault.TooLarge, "fault.files.many", maxFiles)
		} else {
			err = s.readFile(v, part, files)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	return nil, nil, fault.New(fault.TooLarge, "fault.form.parts")
}

// readText reads a value into what room is left for all of them.
func readText(part *multipart.Part, values url.Values, room *int) error {
	most := min(maxPartText, *room)
	text, err := io.ReadAll(io.LimitReader(part, int64(most)+1))
	if err != nil {
		return frame.Unreadable(err)
	}
	if *room -= len(text); len(text) > most {
		return fault.New(fault.TooLarge, "fault.form.parts")
	}
	if name := part.FormName(); name != "" { // a file control left empty has no file name in some browsers
		values.Add(name, string(text))
	}
	return nil
}

// readFile keeps a file once its first bytes have said what it is, whatever its
// name claims. One that could run in a browser, or that would need absurd
// memory to be shown, is refused.
func (s *Driver) readFile(v *frame.Visit, part *multipart.Part, files map[string][]execution.File) error {
	content := bufio.NewReaderSize(part, examinedHead)
	head, err := content.Peek(examinedHead)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return frame.Unreadable(err)
	}
	if len(head) == 0 {
		return nil // nothing was chosen
	}
	seen, err := transfer.Examine(part.FileName(), procedure.KindDownload, bytes.NewReader(head))
	if err != nil {
		return err
	}
	kept, err := s.ReceiveFile(v, content)
	if err != nil {
		return err
	}
	files[part.FormName()] = append(files[part.FormName()], execution.File{Name: part.FileName(), Type: seen.Type, Size: kept.Size, Hash: kept.Hash})
	return nil
}
