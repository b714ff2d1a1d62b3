package entry

import (
	"net/url"
	"strings"
)

// WebAddress returns an http or https address, "" for anything else.
func WebAddress(v any) string {
	s, _ := v.(string)
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}

// IsLocalPath refuses what browsers read as another host.
func IsLocalPath(s string) bool {
	return strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "//") && !strings.ContainsAny(s, "\\") && !strings.ContainsFunc(s, IsControl)
}
