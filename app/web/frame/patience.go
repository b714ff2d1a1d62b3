package frame

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"selfhelp/app/fault"
)

// What a slow route waits for: not for a client that only pretends to send.
const (
	slowest   = 10 * time.Minute // of everything
	grace     = 30 * time.Second // before the rate counts
	leastRate = 4 << 10          // bytes a second, since the first was waited for
)

// allowTime lets a slow route take longer than others while its body keeps
// coming. What a handler leaves unread is not waited for either.
func (s *Site) allowTime(w http.ResponseWriter, v *Visit) {
	p := &patient{ReadCloser: v.Body, control: http.NewResponseController(w), now: time.Now} // the network's clock, not the product's
	p.began = p.now()
	p.control.SetWriteDeadline(p.began.Add(slowest)) // not every writer has deadlines; those without have no limit to lift
	if v.Body == http.NoBody {
		p.control.SetReadDeadline(p.began.Add(slowest))
		return
	}
	p.control.SetReadDeadline(p.began.Add(grace))
	v.Body = p
}

// patient is a body that must come at a least rate.
type patient struct {
	io.ReadCloser
	control *http.ResponseController
	now     func() time.Time
	began   time.Time
	reading bool
	got     int64
}

// Read waits no longer than what came before has earned.
func (p *patient) Read(b []byte) (int, error) {
	if !p.reading {
		p.reading, p.began = true, p.now()
	}
	p.control.SetReadDeadline(p.began.Add(min(slowest, grace+time.Duration(p.got)*time.Second/leastRate)))
	n, err := p.ReadCloser.Read(b)
	if p.got += int64(n); err == io.EOF {
		p.control.SetReadDeadline(p.began.Add(slowest)) // what follows is our own work: a deadline would cancel it
	}
	return n, err
}

// heard is a body that remembers when its time was over.
type heard struct {
	io.ReadCloser
	visit *Visit
}

// Read notes what readers of forms may hide: to them, a body that was cut in the
// head of a part is a malformed one.
func (h *heard) Read(b []byte) (int, error) {
	n, err := h.ReadCloser.Read(b)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		h.visit.late = true
	}
	return n, err
}

// late recognises what failed because the body did not come in time.
func late(v *Visit, err error) error {
	if kind := fault.KindOf(err); v.late && (kind == fault.Internal || kind == fault.Invalid || kind == fault.Unavailable) {
		return fault.Because(fault.Late, err, "fault.late")
	}
	return err
}
