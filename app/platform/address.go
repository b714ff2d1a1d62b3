package platform

import (
	"bytes"
	"io"
	"net"
	"net/url"

	"selfhelp/app/fault"
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

func readerOf(b []byte) io.ReaderAt { return bytes.NewReader(b) }
