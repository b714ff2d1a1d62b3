package oidc

import (
	"net"
	"net/url"
	"slices"
	"strings"
)

// Provider is what is configured of one provider.
type Provider struct {
	Issuer       string   `json:"issuer"` // https://login.example.org, to the letter what the provider calls itself
	ClientID     string   `json:"client_id"`
	ClientSecret string   `json:"client_secret,omitempty"` // empty: we are a public client, proven by PKCE alone
	Scopes       []string `json:"scopes,omitempty"`        // asked for beside openid; empty: profile and email

	Login string `json:"login"` // claim that holds the login: preferred_username
	// Names maps fields of ours (first_name, last_name, name, mail, language,
	// title, and any attribute) to claims of the provider. "a.b" is b within a,
	// where no claim is called so.
	Names  map[string]string `json:"names"`
	Groups string            `json:"groups,omitempty"` // claim that lists groups; empty: none are read
}

// maxName is how many bytes a claim or a scope has at most.
const maxName = 200

// Check says what is wrong with the settings, by field: keys of sentences.
func (p Provider) Check() map[string]string {
	wrong := map[string]string{}
	issuer, err := url.Parse(p.Issuer)
	switch {
	case err != nil || issuer.Hostname() == "" || issuer.User != nil || issuer.RawQuery != "" || issuer.Fragment != "":
		wrong["issuer"] = "fault.oidc.issuer"
	case !isSafe(issuer):
		wrong["issuer"] = "fault.oidc.https"
	}
	if p.ClientID == "" {
		wrong["client_id"] = "fault.oidc.client"
	}
	if slices.ContainsFunc(p.Scopes, func(s string) bool { return !isName(s) || strings.ContainsAny(s, "\"\\ ") }) {
		wrong["scopes"] = "fault.oidc.scopes"
	}
	if !isName(p.Login) {
		wrong["login"] = "fault.oidc.claim"
	}
	if p.Groups != "" && !isName(p.Groups) {
		wrong["groups"] = "fault.oidc.claim"
	}
	for _, claim := range p.Names {
		if !isName(claim) {
			wrong["names"] = "fault.oidc.claim"
		}
	}
	return wrong
}

// scopes are those that are asked for (RFC 6749, section 3.3).
func (p Provider) scopes() []string {
	if len(p.Scopes) == 0 {
		return []string{"openid", "profile", "email"}
	}
	others := slices.DeleteFunc(slices.Clone(p.Scopes), func(s string) bool { return s == "openid" })
	return append([]string{"openid"}, others...)
}

// isName reports whether a text can name a claim or a scope.
func isName(s string) bool {
	return s != "" && len(s) <= maxName && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}

// isSafe reports whether what is said to an address cannot be heard on the way:
// it is encrypted, or stays on this very machine.
func isSafe(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	isHere := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	return u.Scheme == "https" || u.Scheme == "http" && isHere
}
