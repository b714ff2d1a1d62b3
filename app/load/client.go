package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// mostBytes is how much of one page is read.
const mostBytes = 8 << 20

// agent is how the load says what it is.
const agent = "selfhelp-loadtest"

// newClient returns a browser with connections of its own.
func (c *crowd) newClient() *http.Client {
	dialer := &net.Dialer{Timeout: c.plan.Patience}
	if !c.plan.Elsewhere {
		dialer.Control = hereOnly
	}
	return &http.Client{
		Transport: &http.Transport{
			DialContext: dialer.DialContext, ForceAttemptHTTP2: true, TLSClientConfig: c.trust, TLSHandshakeTimeout: c.plan.Patience, MaxResponseHeaderBytes: 1 << 20,
		},
		CheckRedirect: func(next *http.Request, before []*http.Request) error {
			if len(before) > 5 {
				return errors.New("it leads from one address to the next without an end")
			}
			if !c.isHome(next.URL) {
				return fmt.Errorf("to %s: %w", hostOf(next.URL), errElsewhere)
			}
			return nil
		},
	}
}

// errNotHere is said of an address of another machine.
var errNotHere = errors.New("it leads to another machine, and --elsewhere was not given")

// hereOnly refuses to connect to another machine, whatever a name led to.
func hereOnly(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !at.Addr().Unmap().IsLoopback() {
		return errNotHere
	}
	return nil
}

// asking is what somebody sends.
type asking struct {
	kind   kind
	method string
	target *url.URL
	body   io.Reader
	media  string // type of the body
	swaps  bool   // a script sends it
}

// open reads a page of the server.
func (p *person) open(ctx context.Context, kind kind, to string) (page, ending) {
	target, err := p.home.Parse(to)
	if err != nil {
		return page{}, p.fails(ctx, err)
	}
	return p.ask(ctx, asking{kind: kind, method: http.MethodGet, target: target})
}

// send sends a form, as a browser does, or the script of the page where it does that.
func (p *person) send(ctx context.Context, at page, f *form) (page, ending) {
	target, err := at.address.Parse(f.action)
	if err != nil {
		return page{}, p.fails(ctx, err)
	}
	body, media, err := f.body()
	if err != nil {
		return page{}, p.fails(ctx, err)
	}
	kind := kindStep
	if at.step() == "" {
		kind = kindStart
	}
	return p.ask(ctx, asking{kind, http.MethodPost, target, body, media, f.swaps})
}

// ask waits for a page, with the redirections that lead to it, and counts it.
func (p *person) ask(ctx context.Context, a asking) (page, ending) {
	patient, stop := context.WithTimeout(ctx, p.plan.Patience)
	defer stop()
	began := time.Now()
	reply, read, err := p.exchange(patient, a)
	if err == nil && reply.Header.Get("Swap-Location") != "" { // the script leads the browser there
		var there *url.URL
		if there, err = a.target.Parse(reply.Header.Get("Swap-Location")); err == nil {
			reply, read, err = p.exchange(patient, asking{method: http.MethodGet, target: there})
		}
	}
	if err != nil {
		return page{}, p.fails(ctx, err)
	}
	came := time.Now()
	at, end := p.look(reply, read)
	if end == "" {
		if a.kind == kindStep && at.ended() {
			a.kind = kindOutcome
		}
		p.tally.arrived(a.kind, came.Sub(began), !came.After(p.until))
	}
	return at, end
}

// errElsewhere is said of an address of another server.
var errElsewhere = errors.New("addresses of other servers are not followed")

// exchange sends a request and reads its whole reply.
func (p *person) exchange(ctx context.Context, a asking) (*http.Response, []byte, error) {
	if !p.isHome(a.target) {
		return nil, nil, fmt.Errorf("to %s: %w", hostOf(a.target), errElsewhere)
	}
	request, err := http.NewRequestWithContext(ctx, a.method, a.target.String(), a.body)
	if err != nil {
		return nil, nil, err
	}
	request.Header.Set("User-Agent", agent)
	request.Header.Set("Accept", "text/html")
	request.Header.Set("X-Forwarded-For", p.from)
	if a.media != "" {
		request.Header.Set("Content-Type", a.media)
	}
	if a.swaps {
		request.Header.Set("Swap", "1")
	}
	reply, err := p.client.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer reply.Body.Close()
	read, err := io.ReadAll(io.LimitReader(reply.Body, mostBytes+1))
	return reply, read, err
}

// isHome reports whether an address is of the server that is looked at.
func (c *crowd) isHome(u *url.URL) bool { return u.Scheme == c.home.Scheme && u.Host == c.home.Host }

// look says what a reply is.
func (p *person) look(reply *http.Response, read []byte) (page, ending) {
	status := reply.StatusCode
	switch {
	case reply.Request.URL.Path == "/login" || status == http.StatusForbidden || status == http.StatusNotFound:
		return page{}, closed
	case status != http.StatusOK && status != http.StatusUnprocessableEntity:
		p.tally.fail(cause(fmt.Sprint("status ", status)), reply.Request.Method+" "+reply.Request.URL.Path)
		return page{}, broken
	case len(read) > mostBytes || !strings.HasPrefix(reply.Header.Get("Content-Type"), "text/html"):
		p.tally.fail(unreadable, fmt.Sprintf("%d bytes of type %q", len(read), reply.Header.Get("Content-Type")))
		return page{}, broken
	}
	at := reply.Request.URL
	if named, err := at.Parse(reply.Header.Get("Swap-Url")); err == nil && reply.Header.Get("Swap-Url") != "" {
		at = named
	}
	shown, err := readPage(at, status, read)
	if err != nil {
		p.tally.fail(unreadable, err.Error())
		return page{}, broken
	}
	return shown, ""
}

func hostOf(u *url.URL) string { return u.Scheme + "://" + u.Host }

// fails counts why a page did not come. What the end of the load cut off is no failure.
func (p *person) fails(ctx context.Context, err error) ending {
	if ctx.Err() != nil {
		return unended
	}
	late, is := errors.AsType[net.Error](err)
	why := connection
	switch {
	case errors.Is(err, errElsewhere):
		why = elsewhere
	case errors.Is(err, context.DeadlineExceeded), is && late.Timeout():
		why = timeout
	}
	if told, is := errors.AsType[*url.Error](err); is {
		err = told.Err
	}
	p.tally.fail(why, err.Error())
	return broken
}
