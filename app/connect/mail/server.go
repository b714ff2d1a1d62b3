package mail

import (
	"crypto/x509"
	"net"
	"strings"
	"unicode"
)

// Server is what is configured of the mail server that letters are given to.
type Server struct {
	Host       string   `json:"host"` // empty: none is set up
	Port       int      `json:"port"`
	Security   Security `json:"security"`
	Plain      bool     `json:"plain,omitempty"`    // letters may go unencrypted; without it only to this very machine
	Roots      string   `json:"roots,omitempty"`    // certificates to trust, PEM; empty: those of the system
	Login      string   `json:"login,omitempty"`    // empty: the server takes letters from us without
	Password   string   `json:"password,omitempty"` // of Login
	Sender     string   `json:"sender"`             // address that letters come from
	SenderName string   `json:"sender_name,omitempty"`
}

// Security is how the connection is encrypted.
type Security string

// The kinds of security. There is none that is given up when the server does not
// offer it.
const (
	TLS      Security = "tls"      // from the first byte
	STARTTLS Security = "starttls" // before anything is said
	None     Security = "none"
)

// Securities are the kinds, in the order they are offered.
func Securities() []Security { return []Security{STARTTLS, TLS, None} }

// The bounds of settings, in bytes.
const (
	maxHost    = 253
	maxAccount = 500
	maxRoots   = 256 << 10
)

// Check says what is wrong with the settings, by field: keys of sentences.
func (s Server) Check() map[string]string {
	wrong := map[string]string{}
	refuse := func(field, key string, isWrong bool) {
		if isWrong && wrong[field] == "" {
			wrong[field] = "fault.mail." + key
		}
	}
	refuse("host", "host", !isHost(s.Host))
	refuse("port", "port", s.Port < 1 || s.Port > 65535)
	refuse("security", "security", s.Security != TLS && s.Security != STARTTLS && s.Security != None)
	refuse("plain", "plain", s.Security == None && !s.Plain && !isHere(s.Host))
	refuse("login", "clear", s.Security == None && s.Login != "" && !isHere(s.Host))
	refuse("roots", "roots", s.Roots != "" && (len(s.Roots) > maxRoots || !x509.NewCertPool().AppendCertsFromPEM([]byte(s.Roots))))
	refuse("login", "account", len(s.Login) > maxAccount || strings.ContainsFunc(s.Login, unicode.IsControl))
	refuse("password", "account", len(s.Password) > maxAccount || strings.ContainsFunc(s.Password, unicode.IsControl))
	refuse("password", "password", s.Login != "" && s.Password == "")
	refuse("sender", "address", !IsAddress(s.Sender))
	refuse("sender_name", "name", !isLine(s.SenderName))
	return wrong
}

// isHost reports whether a text is a name or an address of a machine.
func isHost(host string) bool {
	if net.ParseIP(host) != nil {
		return true
	}
	odd := func(r rune) bool {
		return r != '-' && r != '.' && r != '_' && (r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r))
	}
	return host != "" && len(host) <= maxHost && !strings.ContainsFunc(host, odd) && strings.Trim(host, ".-") == host
}

// isHere reports whether a host is this very machine.
func isHere(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
