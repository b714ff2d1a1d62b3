package frame

import (
	"net/http/httptest"
	"testing"
)

func TestAddressIsBelievedFromProxiesOnly(t *testing.T) {
	own, err := parseProxies([]string{"10.0.0.0/8", "192.0.2.1/32"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		peer, forwarded, proto string
		want                   string
		secure                 bool
	}{
		{"203.0.113.9:1", "198.51.100.7", "https", "203.0.113.9", false},
		{"10.0.0.2:1", "198.51.100.7", "https", "198.51.100.7", true},
		{"10.0.0.2:1", "1.2.3.4, 198.51.100.7, 192.0.2.1", "http", "198.51.100.7", false},
		{"10.0.0.2:1", "nonsense", "", "10.0.0.2", false},
		{"10.0.0.2:1", "", "", "10.0.0.2", false},
		{"[::ffff:203.0.113.9]:1", "", "", "203.0.113.9", false},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		r.Header.Set("X-Forwarded-For", c.forwarded)
		r.Header.Set("X-Forwarded-Proto", c.proto)
		r.Header.Set("X-Forwarded-User", "admin")
		addr, secure := own.client(r)
		if addr.String() != c.want || secure != c.secure {
			t.Errorf("%+v: got %s %v", c, addr, secure)
		}
	}
	if _, err := parseProxies([]string{"everyone"}); err == nil {
		t.Error("a network that is none was taken")
	}
}
