package web_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"selfhelp/app/web/webtest"
)

// stalled is a body whose rest does not come in time: as the server does, it
// gives the request up with the reading.
type stalled struct{ leave context.CancelFunc }

func (s stalled) Read([]byte) (int, error) {
	s.leave()
	return 0, os.ErrDeadlineExceeded
}

// TestASlowBodyIsToldSo sends the beginning of a form, or of a call, and then
// nothing.
func TestASlowBodyIsToldSo(t *testing.T) {
	site := webtest.DeskSite(t)
	const form, parts, object = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json"
	const part = "--x\r\nContent-Disposition: form-data; name=\"login\"\r\n\r\na"
	for _, sent := range []struct{ path, kind, begins string }{
		{"/login", form, "login=a"}, {"/preferences", form, "mode=d"}, {"/r/lamp", form, "in=p"},
		{"/login", parts, part}, {"/login", parts, part[:20]}, {"/preferences", parts, part}, {"/r/lamp", parts, part},
		{"/api/v1/procedures/lamp/executions", object, `{"a":`},
	} {
		r := webtest.Ask(site, "POST", sent.path, webtest.Header("Content-Type", sent.kind), webtest.Header("Accept-Language", "fr"), cut(sent.begins))
		if said := webtest.Text(t, r); r.StatusCode != http.StatusRequestTimeout || !strings.Contains(said, "à temps") {
			t.Errorf("%s as %s: %d %s", sent.path, sent.kind, r.StatusCode, webtest.MainOf(said))
		}
	}
}

// cut gives a request a body of which only the beginning comes.
func cut(begins string) func(*http.Request) {
	return func(r *http.Request) {
		ctx, leave := context.WithCancel(r.Context())
		*r = *r.WithContext(ctx)
		r.Body, r.ContentLength = io.NopCloser(io.MultiReader(strings.NewReader(begins), stalled{leave})), 1000
	}
}

// TestASlowFileIsToldSo sends the beginning of a file that a page asks for: its
// head only, and more than what shows what it is.
func TestASlowFileIsToldSo(t *testing.T) {
	b := webtest.NewBrowser(t, webtest.DeskSite(t)).Open("/r/picture?lang=fr")
	head := "--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.txt\"\r\n\r\n"
	for _, begins := range []string{head[:40], head + "Bonjour", head + strings.Repeat("Bonjour ", 100<<10)} {
		r := b.Send("POST", b.Path, webtest.Header("Content-Type", "multipart/form-data; boundary=x"), webtest.Header("Accept-Language", "fr"), cut(begins))
		if said := webtest.Text(t, r); r.StatusCode != http.StatusRequestTimeout || !strings.Contains(said, "à temps") {
			t.Errorf("after %d bytes: %d %s", len(begins), r.StatusCode, webtest.MainOf(said))
		}
	}
}

// TestWhatIsTooLargeIsNotWaitedFor says that much is to come, and sends nothing
// of it: the answer is there before the time is over.
func TestWhatIsTooLargeIsNotWaitedFor(t *testing.T) {
	server := httptest.NewServer(webtest.DeskSite(t))
	defer server.Close()
	for _, length := range []int{100 << 10, 1 << 20} {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(10 * time.Second))
		fmt.Fprintf(conn, "POST /login HTTP/1.1\r\nHost: desk.example\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\na", length)
		r, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Errorf("%d bytes to come: %v", length, err)
		} else if r.StatusCode != http.StatusRequestEntityTooLarge || !r.Close {
			t.Errorf("%d bytes to come: %d, closes %v", length, r.StatusCode, r.Close)
		}
	}
}
