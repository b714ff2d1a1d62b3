package platform

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/url"
	"strings"

	"selfhelp/app/fault"
	"selfhelp/store"
)

// checkAddress refuses an address at which no server of ours can be: keys and accounts
// go there, so it is HTTPS, or this machine for a trial.
func checkAddress(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
		return fault.Because(fault.Invalid, err, "fault.peer.address", address)
	}
	ip := net.ParseIP(u.Hostname())
	here := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	if u.Scheme != "https" && (u.Scheme != "http" || !here) {
		return fault.New(fault.Invalid, "fault.peer.plain", address)
	}
	return nil
}

// isFree refuses a name or an address that another server has: one that was asked to join
// already would belong to a platform that does not know it.
func (p *Platform) isFree(ctx context.Context, s store.Server) error {
	all, err := p.Store.Content.Servers(ctx)
	for _, other := range all {
		switch {
		case strings.EqualFold(other.Name, s.Name):
			return fault.New(fault.Conflict, "fault.server.name")
		case other.Address == s.Address:
			return fault.New(fault.Conflict, "fault.server.address")
		}
	}
	return err
}

func readerOf(b []byte) io.ReaderAt { return bytes.NewReader(b) }
