package webtest

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
)

// Parts sends the page's form with files, each as a name and a content.
func (b *Browser) Parts(files ...string) *http.Response {
	b.t.Helper()
	return b.PartsWith(nil, files...)
}

// PartsWith is Parts with values besides.
func (b *Browser) PartsWith(values map[string]string, files ...string) *http.Response {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, values := range b.Fields() {
		w.WriteField(name, values[0])
	}
	w.WriteField("do", "answer")
	for name, value := range values {
		w.WriteField(name, value)
	}
	for i := 0; i < len(files); i += 2 {
		h := textproto.MIMEHeader{}
		h.Set("Content-Disposition", `form-data; name="files"; filename="`+files[i]+`"`)
		h.Set("Content-Type", "image/png") // a claim
		part, err := w.CreatePart(h)
		if err != nil {
			b.t.Fatal(err)
		}
		io.WriteString(part, files[i+1])
	}
	w.Close()
	return b.Send("POST", b.Action(), Header("Content-Type", w.FormDataContentType()), func(r *http.Request) {
		r.Body, r.ContentLength = io.NopCloser(&body), int64(body.Len())
	})
}
