package frame

import (
	"net/http"
	"net/url"
	"strings"
)

// pagePolicy lets a page load what is ours and nothing else; nobody may frame
// it, and no script or style stands in it.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"

// filePolicy is for files that people gave: they may show themselves, and do
// nothing.
const filePolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; media-src 'self'; frame-ancestors 'none'"

// secureHeaders sets what every answer carries. The map is filled directly:
// the names are in their canonical form already.
func secureHeaders(h http.Header, secure bool) {
	for name, value := range everyHeader {
		h[name] = value
	}
	if secure {
		h["Strict-Transport-Security"] = strictTransport
	}
}

var (
	everyHeader = map[string][]string{
		"Content-Security-Policy":      {pagePolicy},
		"X-Content-Type-Options":       {"nosniff"},
		"X-Frame-Options":              {"DENY"},
		"Referrer-Policy":              {"same-origin"},
		"Permissions-Policy":           {"camera=(self), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"},
		"Cross-Origin-Opener-Policy":   {"same-origin"},
		"Cross-Origin-Resource-Policy": {"same-origin"},
		"Cache-Control":                {"no-store"},
	}
	strictTransport = []string{"max-age=31536000; includeSubDomains"}
)

// AllowFrames adds to a page's policy the places it may frame, each the origin
// of an address a writer gave.
func AllowFrames(h http.Header, origins ...string) {
	h.Set("Content-Security-Policy", pagePolicy+"; frame-src "+strings.Join(origins, " "))
}

// AllowFormTo lets the forms of a page go to an address elsewhere, as those do
// that take people to their provider and back.
func AllowFormTo(h http.Header, address string) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || strings.ContainsAny(u.Host, "; ,'\"") {
		return
	}
	h.Set("Content-Security-Policy", strings.Replace(pagePolicy, "form-action 'self'", "form-action 'self' "+u.Scheme+"://"+u.Host, 1))
}

// AllowOwnFrame lets our own pages frame this one, as previews do.
func AllowOwnFrame(h http.Header) {
	h.Set("Content-Security-Policy", strings.Replace(pagePolicy, "frame-ancestors 'none'", "frame-ancestors 'self'", 1))
	h.Set("X-Frame-Options", "SAMEORIGIN")
}

// isSecure reports whether people reach the site by HTTPS.
func isSecure(origin string) bool { return strings.HasPrefix(origin, "https://") }
