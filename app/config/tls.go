package config

import (
	"net/url"
	"strings"
)

// Secure reports whether the server itself ends TLS.
func (c Config) Secure() bool { return c.Certificate != "" || c.ACME != "" }

// ACMEHosts are the names that certificates are made for.
func (c Config) ACMEHosts() []string {
	return strings.FieldsFunc(strings.ToLower(c.ACME), func(r rune) bool { return r == ',' || r == ' ' })
}

// checkTLS refuses what does not go together, and answering strangers in clear.
func (c Config) checkTLS(host string) error {
	if (c.Certificate == "") != (c.Key == "") {
		return wrong("--tls-cert and --tls-key go together")
	}
	if !c.Secure() && c.BehindProxy == "" && !loopback(host) {
		return wrong(`%s is reachable from other machines, and without TLS passwords would travel in clear.
  Give --tls-cert and --tls-key; or --acme NAMES to have a certificate made; or
  --behind-proxy NETWORKS when a reverse proxy ends TLS before this server; or
  listen on 127.0.0.1`, c.Listen)
	}
	hosts := c.ACMEHosts()
	if len(hosts) == 0 && (c.ACME != "" || c.ACMEEmail != "" || c.ACMEDirectory != "" || c.ACMECA != "") {
		return wrong("--acme takes names like help.example.org, and the other settings of ACME need it")
	}
	for _, name := range hosts {
		if !strings.Contains(strings.Trim(name, "."), ".") || strings.ContainsAny(name, ":/*") {
			return wrong("--acme takes names like help.example.org, not %q", name)
		}
	}
	if u, err := url.Parse(c.ACMEDirectory); c.ACMEDirectory != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		return wrong("--acme-directory takes a URL like https://acme.example.org/directory, not %q", c.ACMEDirectory)
	}
	return nil
}
