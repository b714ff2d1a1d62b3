package web_test

import (
	"context"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

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
	for path, kind := range map[string]string{"/login": "application/x-www-form-urlencoded", "/preferences": "application/x-www-form-urlencoded"} {
		r := webtest.Ask(site, "POST", path, webtest.Header("Content-Type", kind), webtest.Header("Accept-Language", "fr"), func(r *http.Request) {
			ctx, leave := context.WithCancel(r.Context())
			*r = *r.WithContext(ctx)
			r.Body, r.ContentLength = io.NopCloser(io.MultiReader(strings.NewReader(`{"a":`), stalled{leave})), 1000
		})
		if said := webtest.Text(t, r); r.StatusCode != http.StatusRequestTimeout || !strings.Contains(said, "à temps") {
			t.Errorf("%s: %d %s", path, r.StatusCode, webtest.MainOf(said))
		}
	}
}
