package load

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/url"
	"slices"
	"strings"
)

// attachment is a small file that is sent along.
type attachment struct {
	input, name string
	content     []byte
}

// attach sends a small file of a type that the control takes, once.
func (f *form) attach(input string) {
	if slices.ContainsFunc(f.files, func(a attachment) bool { return a.input == input }) {
		return
	}
	accepts := ""
	if controls := f.named(input); len(controls) > 0 {
		accepts = attribute(controls[0], "accept")
	}
	f.files = append(f.files, attachmentFor(input, accepts))
}

func attachmentFor(input, accepts string) attachment {
	switch {
	case strings.Contains(accepts, "image/"):
		return attachment{input, "picture.png", tinyPicture}
	case strings.Contains(accepts, "application/pdf"):
		return attachment{input, "note.pdf", tinyDocument}
	}
	return attachment{input, "note.txt", []byte("A note of a load test.\n")}
}

// body is the form as it is sent, and its type.
func (f *form) body() (io.Reader, string, error) {
	if !f.parts {
		return strings.NewReader(f.values.Encode()), "application/x-www-form-urlencoded", nil
	}
	return inParts(f.values, f.files)
}

func inParts(values url.Values, files []attachment) (io.Reader, string, error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b) // a buffer takes everything
	for name, texts := range values {
		for _, text := range texts {
			if err := w.WriteField(name, text); err != nil {
				return nil, "", err
			}
		}
	}
	for _, file := range files {
		part, err := w.CreateFormFile(file.input, file.name)
		if err != nil {
			return nil, "", err
		}
		if _, err := part.Write(file.content); err != nil {
			return nil, "", err
		}
	}
	return &b, w.FormDataContentType(), w.Close()
}

// The smallest files that are what they say.
var (
	tinyPicture  = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU\x00\x00\x00\nIDATx\x9cc`\x00\x00\x00\x02\x00\x01H\xaf\xa4q\x00\x00\x00\x00IEND\xaeB`\x82")
	tinyDocument = []byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
)
