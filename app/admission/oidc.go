package admission

import (
	"net/http"
	"reflect"
	"time"

	"selfhelp/app/login/oidc"
)

// party is a relying party, and the settings it was made from.
type party struct {
	of   oidc.Provider
	back string
	*oidc.Party
}

// outward is the transport by which providers are asked.
var outward = &http.Transport{
	Proxy: http.ProxyFromEnvironment, TLSHandshakeTimeout: 5 * time.Second, ResponseHeaderTimeout: 8 * time.Second,
	IdleConnTimeout: time.Minute, MaxIdleConnsPerHost: 4, MaxResponseHeaderBytes: 64 << 10,
}

// Party returns what it takes to speak with the provider of a method. It is the
// same as long as the settings are: it knows what the provider said of itself.
func (d *Desk) Party(m Method, origin string) *oidc.Party {
	back := origin + "/login/oidc/" + m.ID + "/back"
	d.mu.Lock()
	defer d.mu.Unlock()
	if known, is := d.parties[m.ID]; is && known.back == back && reflect.DeepEqual(known.of, *m.OIDC) {
		return known.Party
	}
	made := party{*m.OIDC, back, oidc.New(*m.OIDC, back, &http.Client{Transport: outward})}
	d.parties[m.ID] = made
	return made.Party
}
