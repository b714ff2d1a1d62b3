package web

import (
	"encoding/json"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"selfhelp/app/admission"
	"selfhelp/app/fault"
	"selfhelp/app/web/frame"
)

// passage is what is remembered of somebody who was sent to a provider, until
// they are back: their browser keeps it, sealed, so that an answer meant for one
// browser is nothing in another.
type passage struct {
	Method string          `json:"m"`
	Out    bool            `json:"o,omitempty"` // they are signing out
	Try    bool            `json:"t,omitempty"` // an administrator tries the method: nobody is signed in
	Asked  string          `json:"a,omitempty"` // the request that is to be answered
	Kept   json.RawMessage `json:"k,omitempty"` // what else the method needs
	Next   string          `json:"n,omitempty"`
	Until  int64           `json:"u"` // seconds since 1970
}

const (
	passageCookie = "passage"
	passageTime   = 15 * time.Minute // to sign in elsewhere
)

// depart keeps a passage in the browser.
func (s *hall) depart(w http.ResponseWriter, p passage) error {
	p.Until = s.Now().Add(passageTime).Unix()
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{
		Name: s.CookieName(passageCookie), Value: s.Store.Keys.Seal(passageCookie, string(body)), Path: "/", MaxAge: int(passageTime / time.Second),
		HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode,
	})
	return nil
}

// comeBack takes the passage of a browser, the zero one when there is none for
// the method.
func (s *hall) comeBack(w http.ResponseWriter, v *frame.Visit, method string, out bool) passage {
	p, ok := s.peek(v, method, out)
	if ok {
		frame.DropCookie(w, s.CookieName(passageCookie))
	}
	return p
}

// peek is comeBack that leaves the passage.
func (s *hall) peek(v *frame.Visit, method string, out bool) (p passage, ok bool) {
	text := v.CookieValue(s.CookieName(passageCookie))
	if text == "" {
		return p, false
	}
	body, err := s.Store.Keys.Unseal(passageCookie, text)
	if err != nil || json.Unmarshal([]byte(body), &p) != nil || p.Method != method || p.Out != out || s.Now().Unix() > p.Until {
		return passage{}, false
	}
	return p, true
}

// provider is the method of a kind that the address names, and how its provider
// knows us.
func (s *hall) provider(v *frame.Visit, kind admission.Kind, off bool) (m admission.Method, origin string, err error) {
	if m, err = s.Desk.Method(v.Context(), v.PathValue("method"), kind, off); err != nil {
		return m, "", err
	}
	origin, err = s.origin(v)
	return m, origin, err
}

// origin is how providers know us. Without a public address only this very
// machine may take part: a name that anybody can claim is no address to come
// back to.
func (s *hall) origin(v *frame.Visit) (string, error) {
	if s.Origin != "" {
		return s.Origin, nil
	}
	host := (&url.URL{Host: v.Host}).Hostname()
	if ip, err := netip.ParseAddr(host); host == "localhost" || err == nil && ip.IsLoopback() {
		return "http://" + v.Host, nil
	}
	return "", &fault.Error{Kind: fault.Unavailable, Key: "fault.sign_in.origin", Hint: "set the public address of the server: --address"}
}
