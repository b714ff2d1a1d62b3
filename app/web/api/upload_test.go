package api_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"testing"

	"selfhelp/app/web/webtest"
)

// sends answers in parts: JSON under a name, and files as input name and content.
func (p *program) sends(at, name, body string, files ...string) (int, map[string]any) {
	p.t.Helper()
	var parts bytes.Buffer
	w := multipart.NewWriter(&parts)
	w.WriteField(name, body)
	for i := 0; i+1 < len(files); i += 2 {
		part, err := w.CreateFormFile(files[i], "notes.txt")
		if err != nil {
			p.t.Fatal(err)
		}
		io.WriteString(part, files[i+1])
	}
	w.Close()
	return p.call("POST", at+"/answers", "", func(r *http.Request) {
		r.Header.Set("Content-Type", w.FormDataContentType())
		r.Body, r.ContentLength = io.NopCloser(&parts), int64(parts.Len())
	})
}

// TestProgramsSendFiles answers a page that asks for files as browsers do, in
// parts; what is no such answer is refused with the reason.
func TestProgramsSendFiles(t *testing.T) {
	p := &program{t: t, site: webtest.DeskSite(t)}
	_, begun := p.call("POST", "/procedures/picture/executions", `{"lang":"en"}`)
	p.secret, _ = begun["secret"].(string)
	at := "/executions/" + begun["id"].(string)
	answer := fmt.Sprintf(`{"turn":%v,"step":"send"}`, begun["turn"])
	for _, c := range []struct {
		what, name, body string
		status           int
		files            []string
	}{
		{"JSON under another name", "body", answer, 422, []string{"files", "Bonjour"}},
		{"no file", "json", answer, 422, nil},
		{"a name that is not known", "json", `{"turn":1,"step":"send","more":1}`, 422, []string{"files", "Bonjour"}},
		{"data beside files", "json", `{"turn":1,"step":"send","data":[]}`, 422, []string{"files", "Bonjour"}},
		{"a page in disguise", "json", answer, 422, []string{"files", "<html><script>alert(1)</script>"}},
	} {
		if status, reply := p.sends(at, c.name, c.body, c.files...); status != c.status {
			t.Errorf("%s: %d %v", c.what, status, reply)
		}
	}
	status, reply := p.sends(at, "json", answer, "files", "Bonjour à tous")
	if status != 200 || pageOf(reply)["step"] != "report" {
		t.Fatalf("a file: %d %v", status, reply)
	}
	if status, _ := p.call("POST", at+"/answers", `{"turn":1,"step":"send","data":"`+string(bytes.Repeat([]byte("x"), 300<<10))+`"}`); status != 413 {
		t.Errorf("more JSON than any answer needs: %d", status)
	}
}

// TestHashesAreNoKeys lets another person name the content that someone sent:
// knowing its hash gives nobody the file.
func TestHashesAreNoKeys(t *testing.T) {
	site := webtest.DeskSite(t)
	begin := func() (*program, string, any) {
		p := &program{t: t, site: site}
		_, begun := p.call("POST", "/procedures/picture/executions", `{"lang":"en"}`)
		p.secret, _ = begun["secret"].(string)
		return p, "/executions/" + begun["id"].(string), begun["turn"]
	}
	const content = "What only Camille has"
	owner, at, turn := begin()
	if status, reply := owner.sends(at, "json", fmt.Sprintf(`{"turn":%v,"step":"send"}`, turn), "files", content); status != 200 {
		t.Fatalf("the owner: %d %v", status, reply)
	}
	hash := fmt.Sprintf("%x", sha256.Sum256([]byte(content)))
	named := fmt.Sprintf(`{"name":"notes.txt","type":"text/plain","size":%d,"hash":%q}`, len(content), hash)
	other, at, turn := begin()
	for _, data := range []string{named, "[" + named + "]"} {
		status, reply := other.call("POST", at+"/answers", fmt.Sprintf(`{"turn":%v,"step":"send","data":%s}`, turn, data))
		if status != 422 || reply["fields"] == nil {
			t.Errorf("another names it by %s: %d %v", data, status, reply)
		}
	}
	if status, reply := other.call("GET", at, ""); status != 200 || pageOf(reply)["step"] != "send" {
		t.Errorf("the other stands at %d %v", status, pageOf(reply)["step"])
	}
}
