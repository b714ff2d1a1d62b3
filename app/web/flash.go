package web

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"

	"selfhelp/views/ui"
)

// A flash is a sentence about what was just done, shown on the next page. It
// travels in a signed cookie, so that saying something costs no session.

const flashCookie = "flash"

// flash is what travels: the key of a sentence and its values.
type flash struct {
	Tone   ui.Tone  `json:"t"`
	Key    string   `json:"k"`
	Values []string `json:"v,omitempty"`
}

// say keeps a sentence for the next page.
func (s *Site) say(w http.ResponseWriter, tone ui.Tone, key string, values ...string) {
	body, err := json.Marshal(flash{tone, key, values})
	if err != nil || len(body) > 2000 {
		return // three texts always marshal; one that is too long for a cookie is not worth failing for
	}
	http.SetCookie(w, &http.Cookie{
		Name: flashCookie, Value: s.keys.sign("flash", base64.RawURLEncoding.EncodeToString(body)), Path: "/",
		MaxAge: int(time.Minute / time.Second), HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode,
	})
}

// said takes the sentence kept for this page, if any.
func (s *Site) said(w http.ResponseWriter, v *visit) *ui.Flash {
	signed := v.cookie(flashCookie)
	if signed == "" {
		return nil
	}
	dropCookie(w, flashCookie)
	value, ok := s.keys.verify("flash", signed)
	if !ok {
		return nil
	}
	body, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil {
		return nil
	}
	var f flash
	if json.Unmarshal(body, &f) != nil || !v.words.Has(f.Key) {
		return nil
	}
	values := make([]any, len(f.Values))
	for i, value := range f.Values {
		values[i] = value
	}
	return &ui.Flash{Tone: f.Tone, Text: v.words.T(f.Key, values...)}
}
