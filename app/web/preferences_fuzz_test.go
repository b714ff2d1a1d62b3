package web

import (
	"net/url"
	"strings"
	"testing"
)

// FuzzLocalPath holds that wherever somebody is sent after signing in, browsers find
// it here: as URLs are resolved by RFC 3986, and as browsers do it, who read a
// backslash as a slash and skip what cannot be seen.
func FuzzLocalPath(f *testing.F) {
	for _, seed := range []string{"/me?x=1#y", "//evil.example", `/\evil.example`, "/\t/evil.example", "https://evil.example/", "javascript:alert(1)", "", "/%2f/evil.example", "/./\u2025/x", "/\n", "/x\r\nSet-Cookie: a=b", "/\u2028/evil", "/.//evil.example", "/@evil.example", " //evil.example"} {
		f.Add(seed)
	}
	here, err := url.Parse("https://help.example.org/login")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, address string) {
		path := localPath(address)
		if path != "/" && path != address {
			t.Fatalf("%q became %q", address, path)
		}
		if to, err := here.Parse(path); err == nil && (to.Host != here.Host || to.Scheme != here.Scheme || to.User != nil) {
			t.Errorf("%q leads to %s", address, to)
		}
		seen := strings.NewReplacer("\t", "", "\n", "", "\r", "", `\`, "/").Replace(strings.TrimLeft(path, "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f "))
		if !strings.HasPrefix(seen, "/") || strings.HasPrefix(seen, "//") || strings.ContainsAny(path, "\r\n\x00") {
			t.Errorf("%q leads to %q", address, seen)
		}
		if localPath(path) != path {
			t.Errorf("%q is not taken twice", path)
		}
	})
}
