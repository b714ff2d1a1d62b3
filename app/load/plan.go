package load

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"
)

// How much load there may be: enough to fill a server, too little to fill a network.
const (
	MostPeople = 2000
	Longest    = 10 * time.Minute
)

// Plan is who comes, where, and for how long.
type Plan struct {
	Address     string
	Elsewhere   bool // the server may stand on another machine
	People      int
	For         time.Duration
	Think       time.Duration // about how long somebody looks at a page
	Patience    time.Duration // how long somebody waits for one
	Rate        float64       // journeys begun a second at most; 0: as they come
	Scripts     []Script      // what is played; none: people answer as they see fit
	Authorities []byte        // PEM of who signed the server's certificate, beside those of the system
}

// Check says what makes no sense in a plan.
func (p Plan) Check() error {
	_, err := p.home()
	switch {
	case err != nil:
		return err
	case p.People < 1 || p.People > MostPeople:
		return fmt.Errorf("--people is from 1 to %d, not %d", MostPeople, p.People)
	case p.For <= 0 || p.For > Longest:
		return fmt.Errorf("--for is more than nothing and %v at most, not %v", Longest, p.For)
	case p.Think < 0 || p.Think > Longest:
		return fmt.Errorf("--think is at most %v, not %v", Longest, p.Think)
	case p.Patience <= 0 || p.Patience > Longest:
		return fmt.Errorf("--patience is more than nothing and %v at most, not %v", Longest, p.Patience)
	case !(p.Rate >= 0 && p.Rate <= MostPeople):
		return fmt.Errorf("--rate is from 0 to %d, not %v", MostPeople, p.Rate)
	}
	_, err = p.authorities()
	return err
}

// home is the first page of the portal.
func (p Plan) home() (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(p.Address))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, fmt.Errorf("--address is like http://127.0.0.1:8080, not %q", p.Address)
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "" {
		return nil, fmt.Errorf("--address is that of a server and nothing more, not %q", p.Address)
	}
	if !p.Elsewhere && !isHere(u.Hostname()) {
		return nil, fmt.Errorf("%s is not this machine: a load is made against servers of one's own, and its journeys are real ones; --elsewhere says that this is meant", u.Host)
	}
	u.Path = "/"
	return u, nil
}

// isHere reports whether a host is this machine. Of other names that is not looked
// up: what a name leads to may change until it is dialled.
func isHere(host string) bool {
	ip := net.ParseIP(host)
	return ip.IsLoopback() || ip == nil && strings.EqualFold(host, "localhost")
}

// authorities are those whose certificates are believed, nil for the system's.
func (p Plan) authorities() (*x509.CertPool, error) {
	if p.Authorities == nil {
		return nil, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // a machine without any
	}
	if !pool.AppendCertsFromPEM(p.Authorities) {
		return nil, errors.New("the file of --ca holds no certificate in PEM")
	}
	return pool, nil
}
