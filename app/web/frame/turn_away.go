package frame

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"time"

	"selfhelp/app/fault"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// tooOften is why somebody has to wait.
type tooOften struct{ wait time.Duration }

func (e *tooOften) Error() string { return "too often: wait " + e.wait.String() }

// TooOften is the failure of who has to wait: key is the sentence that says why.
func TooOften(key string, wait time.Duration) error {
	return fault.Because(fault.Limited, &tooOften{wait}, key)
}

// told is a wait as it is told. There are a few of them only, so that a page can
// be kept for each.
type told struct {
	wait   time.Duration
	header []string
}

var waits = toldWaits(5, 10, 20, 30, 60, 120, 180, 240, 300)

func toldWaits(seconds ...int) (all []told) {
	for _, n := range seconds {
		all = append(all, told{time.Duration(n) * time.Second, []string{strconv.Itoa(n)}})
	}
	return all
}

// waitOf is how long who failed is told to wait: no less than they have to.
func waitOf(err error) told {
	var why *tooOften
	if !errors.As(err, &why) {
		return waits[1]
	}
	for _, t := range waits {
		if t.wait >= why.wait {
			return t
		}
	}
	return waits[len(waits)-1]
}

// notice is all that the page of somebody turned away depends on.
type notice struct {
	lang, mode, why string
	wait            time.Duration
	signIn          bool
	fragment        bool
}

// notices are pages that were rendered, kept whole: a flood must cost less than
// people do.
var notices sync.Map // notice → []byte

// turnAway answers who came too often with a page that is ready. It knows of no
// session and reads nothing. It reports whether it answered: a failure with
// arguments has a page of its own.
func (s *Site) turnAway(w http.ResponseWriter, v *Visit, err error) bool {
	key, args := fault.TextOf(err)
	if len(args) > 0 || !v.Words.Has(key) {
		return false
	}
	n := notice{v.Words.Lang(), v.mode, key, waitOf(err).wait, v.route != nil && v.route.Rate == s.Limits.Signs, v.Fragment}
	page, ready := notices.Load(n)
	if !ready {
		rendered, err := n.render(v.Words)
		if err != nil {
			s.Log.Error("failure not sent", "request", v.ID, "error", err)
			return false
		}
		page, _ = notices.LoadOrStore(n, rendered)
	}
	v.away = true
	s.turned.add(v, s.Now())
	body := page.([]byte)
	h := w.Header()
	h["Content-Type"] = htmlType
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	w.WriteHeader(http.StatusTooManyRequests)
	w.Write(body) // a browser that left is not our failure
	return true
}

// render makes the page of a notice.
func (n notice) render(words *ui.Words) ([]byte, error) {
	page := views.Failure{
		Chrome: ui.Chrome{Words: words, Title: words.T("fail.limited.title"), Room: ui.Portal, Mode: n.mode, Fragment: n.fragment, Quiet: true, Plain: true},
		Kind:   fault.Limited.String(), Why: words.T(n.why), Wait: words.Duration(n.wait),
	}
	if n.signIn {
		page.SignIn = "/login"
	}
	var out bytes.Buffer
	if err := page.View().Render(context.Background(), &out); err != nil {
		return nil, fmt.Errorf("render the page of those turned away: %w", err)
	}
	return out.Bytes(), nil
}

// turned tells the log how many were turned away: a line for each would be what
// they come for.
type turned struct {
	log *slog.Logger

	mu    sync.Mutex
	count tally
	open  bool // a line will be written
}

// turnedEvery is how often the log tells of those turned away.
const turnedEvery = 10 * time.Second

func (t *turned) add(v *Visit, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.count.add(Household(v.Address))
	if t.open {
		return
	}
	t.open = true
	time.AfterFunc(turnedEvery, t.tell)
}

func (t *turned) tell() {
	t.mu.Lock()
	count := t.count
	t.count, t.open = tally{}, false
	t.mu.Unlock()
	t.log.Info("requests turned away", "count", count.all, "from", count.most(), "during", turnedEvery)
}
