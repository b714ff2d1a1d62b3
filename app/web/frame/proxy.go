package frame

import (
	"net/http"
	"net/netip"
	"strings"
)

// proxies are the networks whose word about the client is believed.
type proxies []netip.Prefix

func parseProxies(networks []string) (proxies, error) {
	var list proxies
	for _, network := range networks {
		prefix, err := netip.ParsePrefix(network)
		if err != nil {
			return nil, err
		}
		list = append(list, prefix.Masked())
	}
	return list, nil
}

func (p proxies) hold(addr netip.Addr) bool {
	for _, prefix := range p {
		if prefix.Contains(addr) {
			return true
		}
	}
	return false
}

// FromProxy reports whether a visit came through a proxy whose word is believed:
// one that writes the headers it is believed for, or takes them out.
func (s *Site) FromProxy(v *Visit) bool {
	peer, err := netip.ParseAddrPort(v.RemoteAddr)
	return err == nil && s.proxies.hold(peer.Addr().Unmap())
}

// client returns the address a request came from and whether it came by HTTPS.
// What a forwarding header says counts only as far as proxies of ours wrote it:
// from the right, until the first that is not one of them.
func (p proxies) client(r *http.Request) (addr netip.Addr, secure bool) {
	secure = r.TLS != nil
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}, secure
	}
	addr = peer.Addr().Unmap()
	if !p.hold(addr) {
		return addr, secure
	}
	secure = secure || r.Header.Get("X-Forwarded-Proto") == "https"
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && p.hold(addr); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		addr = hop.Unmap()
	}
	return addr, secure
}
