package measure

import (
	"net/http"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"selfhelp/app/watch"
	"selfhelp/store"
)

func measures(t testing.TB) *Measures {
	t.Helper()
	st, err := store.Open(t.Context(), t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return New(watch.New(watch.Sources{Store: st}), st, "test")
}

// TestLabelsAreFew: whatever a request calls itself, it is counted under few names.
func TestLabelsAreFew(t *testing.T) {
	m := measures(t)
	count := m.Route("GET /p/{domain}/{project}")
	for _, method := range []string{"GET", "get", "BREW", "PROPFIND", "GET ", ""} {
		for _, status := range []int{-1, 0, 99, 200, 299, 600, 1 << 40} {
			count(method, status, time.Millisecond)
		}
	}
	if n := testutil.CollectAndCount(m.requests); n != 4 {
		t.Errorf("%d series", n)
	}
	if n := testutil.ToFloat64(m.requests.WithLabelValues("/p/{domain}/{project}", "other", "2xx")); n != 10 {
		t.Errorf("%v of other methods", n)
	}
}

// BenchmarkRoute is what a request costs more.
func BenchmarkRoute(b *testing.B) {
	count := measures(b).Route("GET /p/{domain}/{project}")
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			count(http.MethodGet, 200, 1234*time.Microsecond)
		}
	})
}

// TestARequestCostsNoMemory: what counts a request leaves nothing to collect.
func TestARequestCostsNoMemory(t *testing.T) {
	count := measures(t).Route("GET /p/{domain}/{project}")
	if n := testing.AllocsPerRun(100, func() { count(http.MethodGet, 200, time.Millisecond) }); n > 0 {
		t.Errorf("a request costs %v allocations more", n)
	}
}
