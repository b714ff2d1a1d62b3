package portal_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
)

// walker answers a page and goes back, over and over, as a browser with script
// does: each answer is another one.
type walker struct {
	client *http.Client
	server string
	cookie string
	path   string
	values url.Values
	back   bool
}

// step sends one answer and reads the page it leads to.
func (w *walker) step(b *testing.B) {
	values := url.Values{"state": w.values["state"], "pass": w.values["pass"], "turn": w.values["turn"]}
	if w.back {
		values.Set("do", "back")
	} else {
		values.Set("answer", "red")
	}
	r, err := http.NewRequest("POST", w.server+w.path, strings.NewReader(values.Encode()))
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Cookie", w.cookie)
	r.Header.Set(frame.SwapHeader, "1")
	reply, err := w.client.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	page, err := io.ReadAll(reply.Body)
	reply.Body.Close()
	if err != nil || reply.StatusCode != http.StatusOK {
		b.Fatalf("%d %v %.300s", reply.StatusCode, err, page)
	}
	w.keep(reply)
	w.read(page)
	if at := reply.Header.Get("Swap-Url"); at != "" {
		w.path = at
	}
	w.back = !w.back
}

// keep takes the cookies that an answer sets, beside those that are there.
func (w *walker) keep(reply *http.Response) {
	for _, c := range reply.Cookies() {
		kept := strings.Split(w.cookie, "; ")
		kept = slices.DeleteFunc(kept, func(one string) bool { return one == "" || strings.HasPrefix(one, c.Name+"=") })
		w.cookie = strings.Join(append(kept, c.Name+"="+c.Value), "; ")
	}
}

// read takes the hidden fields of a page.
func (w *walker) read(page []byte) {
	for _, name := range []string{"state", "pass", "turn"} {
		_, rest, _ := bytes.Cut(page, []byte(`name="`+name+`" value="`))
		value, _, _ := bytes.Cut(rest, []byte(`"`))
		w.values.Set(name, string(value))
	}
}

// newWalker begins an execution.
func newWalker(b *testing.B, server string) *walker {
	w := &walker{client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, server: server, values: url.Values{}}
	r, err := w.client.Get(server + "/r/lamp?lang=en")
	if err != nil {
		b.Fatal(err)
	}
	r.Body.Close()
	w.path = r.Header.Get("Location")
	w.keep(r)
	again, err := http.NewRequest("GET", server+w.path, nil)
	if err != nil {
		b.Fatal(err)
	}
	again.Header.Set("Cookie", w.cookie)
	page, err := w.client.Do(again)
	if err != nil {
		b.Fatal(err)
	}
	defer page.Body.Close()
	body, err := io.ReadAll(page.Body)
	if err != nil {
		b.Fatal(err)
	}
	w.read(body)
	return w
}

// BenchmarkAnswer answers steps over HTTP, the log durable before each reply.
func BenchmarkAnswer(b *testing.B) { answers(b, frame.Both) }

// BenchmarkAnswerOfSeveral is BenchmarkAnswer on one of several servers, where each
// page has its browser carry along where it stands: at most 1.1 times the cost.
func BenchmarkAnswerOfSeveral(b *testing.B) { answers(b, frame.Presentation) }

func answers(b *testing.B, role frame.Role) {
	s := webtest.DeskSite(b, func(c *frame.Config) {
		c.Role = role
		c.Limits = frame.Limits{All: frame.Rate{PerSecond: -1}, Starts: frame.Rate{PerSecond: -1}}
	})
	server := httptest.NewServer(s)
	defer server.Close()
	measure(b, func(p *testing.PB) {
		w := newWalker(b, server.URL)
		for p.Next() {
			w.step(b)
		}
	})
}

// BenchmarkShow shows a page of an execution again and again.
func BenchmarkShow(b *testing.B) {
	s := webtest.DeskSite(b, func(c *frame.Config) {
		c.Limits = frame.Limits{All: frame.Rate{PerSecond: -1}, Starts: frame.Rate{PerSecond: -1}}
	})
	server := httptest.NewServer(s)
	defer server.Close()
	measure(b, func(p *testing.PB) {
		w := newWalker(b, server.URL)
		for p.Next() {
			fetched(b, w)
		}
	})
}

// BenchmarkBare sends the same bytes from a bare handler to the same clients.
func BenchmarkBare(b *testing.B) {
	s := webtest.DeskSite(b, func(c *frame.Config) {
		c.Limits = frame.Limits{All: frame.Rate{PerSecond: -1}, Starts: frame.Rate{PerSecond: -1}}
	})
	real := httptest.NewServer(s)
	one := newWalker(b, real.URL)
	one.step(b)
	page := fetched(b, one)
	real.Close()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			http.Error(w, "", http.StatusBadRequest)
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(page)
	}))
	defer server.Close()
	measure(b, func(p *testing.PB) {
		w := &walker{client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1}}, server: server.URL, values: one.values, path: one.path, cookie: one.cookie}
		w.values = url.Values{}
		for name, v := range one.values {
			w.values[name] = v
		}
		for p.Next() {
			w.step(b)
		}
	})
}

// measure runs a benchmark with many clients and tells the processor time of
// one operation, which a busy machine changes less than the time of the clock.
func measure(b *testing.B, body func(*testing.PB)) {
	b.SetParallelism(64)
	b.ReportAllocs()
	began := processorTime()
	b.RunParallel(body)
	b.ReportMetric(float64((processorTime()-began).Microseconds())/float64(b.N), "cpu-µs/op")
}

func processorTime() time.Duration {
	var used syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// fetched is the page a walker stands on, as a fragment.
func fetched(b *testing.B, w *walker) []byte {
	r, err := http.NewRequest("GET", w.server+w.path, nil)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Cookie", w.cookie)
	r.Header.Set(frame.SwapHeader, "1")
	reply, err := w.client.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer reply.Body.Close()
	page, err := io.ReadAll(reply.Body)
	if err != nil || reply.StatusCode != http.StatusOK {
		b.Fatalf("%d %v %.300s", reply.StatusCode, err, page)
	}
	return page
}
