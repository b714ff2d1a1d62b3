package frame

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

// Say keeps a sentence for the next page.
func (s *Site) Say(w http.ResponseWriter, tone ui.Tone, key string, values ...string) {
	body, err := json.Marshal(flash{tone, key, values})
	if err != nil || len(body) > 2000 {
		return // three texts always marshal; one that is too long for a cookie is not worth failing for
	}
	http.SetCookie(w, &http.Cookie{
		Name: flashCookie, Value: s.Keys.Sign("flash", base64.RawURLEncoding.EncodeToString(body)), Path: "/",
		MaxAge: int(time.Minute / time.Second), HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode,
	})
}

// Said takes the sentence kept for this page, if any.
func (s *Site) Said(w http.ResponseWriter, v *Visit) *ui.Flash {
	signed := v.CookieValue(flashCookie)
	if signed == "" {
		return nil
	}
	DropCookie(w, flashCookie)
	value, ok := s.Keys.Verify("flash", signed)
	if !ok {
		return nil
	}
	body, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil {
		return nil
	}
	var f flash
	if json.Unmarshal(body, &f) != nil || !v.Words.Has(f.Key) {
		return nil
	}
	values := make([]any, len(f.Values))
	for i, value := range f.Values {
		values[i] = value
	}
	return &ui.Flash{Tone: f.Tone, Text: v.Words.T(f.Key, values...)}
}
