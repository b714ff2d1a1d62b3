package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"selfhelp/app/certificate"
	"selfhelp/app/fault"
	"selfhelp/app/post"
	"selfhelp/store"
)

// soon is how early the end of a certificate is told.
const soon = 30 * 24 * time.Hour

func lookAtAddress(_ context.Context, p *Patient) (Line, bool) {
	if p.Config.Address == "" {
		if p.Config.Loopback() {
			return nothing()
		}
		return warning("give --address, the URL people type", "none is given: letters hold no links")
	}
	u, err := url.Parse(p.Config.Address)
	switch {
	case err != nil || u.Host == "":
		return wrong("give --address a URL like https://help.example.org", "%q is no address", p.Config.Address)
	case u.Scheme != "https" && !p.Config.Loopback():
		return warning("let people come by https", "%s is not encrypted", p.Config.Address)
	}
	return ok("%s", p.Config.Address)
}

func lookAtCertificate(_ context.Context, p *Patient) (Line, bool) {
	c := p.Config
	if c.Certificate == "" || c.Key == "" {
		return nothing()
	}
	pair, err := tls.LoadX509KeyPair(c.Certificate, c.Key)
	if err != nil {
		return wrong("give --tls-cert and --tls-key files in PEM that belong together and that the server may read", "%v", err)
	}
	leaf, err := x509.ParseCertificate(pair.Certificate[0])
	if err != nil {
		return wrong("have it made anew", "%s: %v", c.Certificate, err)
	}
	until := leaf.NotAfter.Format(time.DateOnly)
	const renew = "have it renewed, and put it in place of the old one: the server takes it by itself"
	switch left := leaf.NotAfter.Sub(p.Now); {
	case p.Now.Before(leaf.NotBefore):
		return wrong("set the clock, or wait", "it is good from %s on", leaf.NotBefore.Format(time.RFC3339))
	case left <= 0:
		return wrong(renew, "it ended on %s", until)
	case left < soon:
		return warning(renew, "%d days left, until %s", int(left.Hours()/24), until)
	}
	if host := hostOf(c.Address); host != "" && leaf.VerifyHostname(host) != nil {
		return wrong("have one made for "+host, "it is for %s, and people come to %s", strings.Join(leaf.DNSNames, ", "), host)
	}
	return ok("for %s, until %s", strings.Join(leaf.DNSNames, ", "), until)
}

// lookAtGiven looks at the certificates that administrators gave for domains.
func lookAtGiven(ctx context.Context, p *Patient) (Line, bool) {
	st, err := store.Glance(ctx, p.Config.Data)
	if err != nil {
		return nothing() // told already
	}
	defer st.Close()
	all, _, err := certificate.List(ctx, st.Content)
	if err != nil || len(all) == 0 {
		return nothing() // the databases have their own line
	}
	for _, k := range all {
		leaf, err := k.Leaf()
		if err != nil {
			return wrong("give it again under Administration, Server, Certificates", "that of %s cannot be read: %v", k.Host, err)
		}
		if left := leaf.NotAfter.Sub(p.Now); left < soon {
			return warning("give the next one under Administration, Server, Certificates", "that of %s ends on %s", k.Host, leaf.NotAfter.Format(time.DateOnly))
		}
	}
	return ok("%d", len(all))
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

func lookAtCertificateKey(_ context.Context, p *Patient) (Line, bool) {
	if p.Config.Key == "" {
		return nothing()
	}
	info, err := os.Stat(p.Config.Key)
	if err != nil {
		return wrong("name the file with --tls-key, and let the server read it", "%v", err)
	}
	if certificate.OpenToOthers(info) {
		return wrong("chmod o= "+p.Config.Key, "%s can be read by everybody on this machine", p.Config.Key)
	}
	return ok("closed to others")
}

// lookAtPort tries to take the port; who has it already should be this server.
func lookAtPort(ctx context.Context, p *Patient) (Line, bool) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", p.Config.Listen)
	if err == nil {
		if err := listener.Close(); err != nil {
			return warning("try again", "%v", err)
		}
		return ok("%s is free: no server answers there now", p.Config.Listen)
	}
	if errors.Is(err, os.ErrPermission) {
		return warning("below 1024 a program needs a right: AmbientCapabilities=CAP_NET_BIND_SERVICE in the unit", "%v", err)
	}
	here, wrongly := p.Config.Here()
	if wrongly != nil {
		return nothing() // told already
	}
	reply, failed := p.ask(ctx, "/healthz")
	if failed != nil {
		return wrong("stop who has it, or listen on another port", "%v, and who has it does not answer as a server of ours", err)
	}
	defer reply.Body.Close()
	switch {
	case reply.StatusCode == http.StatusServiceUnavailable && p.waits() && strings.Contains(reply.Header.Get("Content-Type"), "json"):
		return ok("the standby answers on %s", here) // what is not well has its own line
	case reply.StatusCode == http.StatusServiceUnavailable:
		return wrong("look into its log", "the server answers on %s and says that it is not well", here)
	case reply.StatusCode != http.StatusOK || !strings.Contains(reply.Header.Get("Content-Type"), "json"):
		return wrong("stop who has it, or listen on another port", "another program answers on %s", here)
	}
	return ok("the server answers on %s and is well", here)
}

// ask asks who answers on the port of this server.
func (p *Patient) ask(ctx context.Context, path string) (*http.Response, error) {
	here, err := p.Config.Here()
	if err != nil {
		return nil, err
	}
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, here+path, nil)
	if err != nil {
		return nil, err
	}
	// The certificate names the public address, and we ask this very machine.
	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true}}
	return client.Do(ask)
}

// lookAtCopies signs in where copies of backups go, and leaves nothing there.
func lookAtCopies(ctx context.Context, p *Patient) (Line, bool) {
	switch {
	case p.Copies == nil:
		return nothing()
	case p.Copies.Err != nil:
		return wrong("change --backup-copy and what belongs to it", "%v", p.Copies.Err)
	case !p.Network:
		return ok("given to %s each month; --network signs in there", p.Copies.To)
	}
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	if err := p.Copies.Try(ctx); err != nil {
		mend := "look at the address, and whether a firewall lets the server through"
		if told, is := errors.AsType[*fault.Error](err); is {
			mend = told.Hint
		}
		return wrong(mend, "%v", err)
	}
	return ok("%s lets the server in", p.Copies.To)
}

// lookAtMail reaches for the mail server, and says nothing to it.
func lookAtMail(ctx context.Context, p *Patient) (Line, bool) {
	if !p.Network {
		return nothing()
	}
	st, err := store.Glance(ctx, p.Config.Data)
	if err != nil {
		return nothing() // told already
	}
	defer st.Close()
	server, _, err := post.ReadServer(ctx, st.Content, st.Keys)
	if err != nil {
		return wrong("set it up again in the administration", "its settings cannot be read: %v", err)
	}
	if server.Host == "" {
		return warning("set it up in the administration", "none is set up: nobody can be written to")
	}
	at := net.JoinHostPort(server.Host, strconv.Itoa(server.Port))
	line, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, "tcp", at)
	if err != nil {
		return wrong("look whether the name is right and a firewall lets the server through", "%v", err)
	}
	line.Close()
	return ok("%s can be reached", at)
}
