package store

import (
	"testing"
	"time"
)

// TestSessionsAreSoughtAmongMany looks among 100,000 sessions: what comes is bounded, and
// the one that was used longest ago is found by whose it is, by its browser and by its name.
func TestSessionsAreSoughtAmongMany(t *testing.T) {
	s, c := open(t)
	now := c.now()
	check(t, s.Activity.Set(t.Context(), "seed", `INSERT INTO session (token, data, expiry, seen, user, agent, address, began)
		WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99999)
		SELECT CAST(printf('%032d', i) AS BLOB), x'00', ?1, ?2 - i * 1000, 'u' || i, iif(i = 99999, 'Konqueror/5', 'Firefox/1'), '192.0.2.' || (i % 250), ?2 FROM n`,
		now.Add(time.Hour).UnixMicro(), now.UnixMicro()))
	last := must[[]Session](t)(s.Activity.SessionsOf(t.Context(), "u99999", 1))[0]
	word := func(text string, users ...string) SoughtWord { return SoughtWord{Text: text, Users: users} }
	for name, k := range map[string]struct {
		q    Sought
		n    int
		more bool
	}{
		"all":                      {Sought{Most: 50}, 50, true},
		"by a name":                {Sought{IDs: []string{last.ID, "00"}, Most: 50}, 1, false},
		"by whose it is":           {Sought{Words: []SoughtWord{word("zoé", "u99999")}, Most: 50}, 1, false},
		"by its browser":           {Sought{Words: []SoughtWord{word("konqueror")}, Most: 50}, 1, false},
		"by both":                  {Sought{Words: []SoughtWord{word("konqueror"), word("zoé", "u99999", "u1")}, Most: 50}, 1, false},
		"by another browser":       {Sought{Words: []SoughtWord{word("firefox"), word("zoé", "u99999")}, Most: 50}, 0, false},
		"as many as there may be":  {Sought{Words: []SoughtWord{word("192.0.2.249")}, Most: 400}, 400, false},
		"one more than may be":     {Sought{Words: []SoughtWord{word("192.0.2.249")}, Most: 399}, 399, true},
		"what nothing is found by": {Sought{Words: []SoughtWord{word("opera")}, Most: 50}, 0, false},
	} {
		all, more, err := s.Activity.SoughtSessions(t.Context(), k.q)
		if err != nil || len(all) != k.n || more != k.more {
			t.Errorf("%s: %d sessions, more: %v (%v)", name, len(all), more, err)
		}
		if k.n == 1 && len(all) == 1 && all[0].ID != last.ID {
			t.Errorf("%s: %+v", name, all[0])
		}
	}
}
