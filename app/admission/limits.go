package admission

import (
	"context"
	"fmt"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store"
)

// Limits say how long sessions last, and how many an account has at once.
type Limits struct {
	Idle    int `json:"unused"`  // minutes after which one that nobody uses ends
	Longest int `json:"longest"` // minutes after which one ends whatever happens
	Most    int `json:"most"`    // of one account; the one unused for longest gives way
}

// DefaultLimits are those of a server whose administrator said nothing.
var DefaultLimits = Limits{Idle: 2 * 60, Longest: 12 * 60, Most: 20}

// The bounds of limits.
const (
	leastIdle    = 5
	mostIdle     = 24 * 60
	leastLongest = 15
	mostLongest  = 30 * 24 * 60
	mostSessions = 100
)

// limitsKey is the setting that keeps the limits.
const limitsKey = "sessions"

// IdleTime is how long a session that nobody uses lasts.
func (l Limits) IdleTime() time.Duration { return time.Duration(l.Idle) * time.Minute }

// LongestTime is how long a session lasts whatever happens.
func (l Limits) LongestTime() time.Duration { return time.Duration(l.Longest) * time.Minute }

// ReadLimits returns the limits of sessions, and the version a change must name.
func ReadLimits(ctx context.Context, c *store.Content) (Limits, int64, error) {
	l := DefaultLimits
	version, err := c.Setting(ctx, limitsKey, &l)
	return l, version, err
}

// SaveLimits keeps other limits, and brings the sessions that there are within
// them. Those out of bounds are refused with their fields.
func SaveLimits(ctx context.Context, st *store.Store, l Limits, version int64, by string) error {
	if wrong := l.check(); len(wrong) > 0 {
		return &fault.Error{Kind: fault.Invalid, Key: "fault.form", Fields: wrong}
	}
	was, _, err := ReadLimits(ctx, st.Content)
	if err != nil {
		return err
	}
	told, err := store.Differences(was, l)
	if err != nil {
		return fmt.Errorf("compare the limits: %w", err)
	}
	if err := st.Content.SaveSetting(ctx, limitsKey, version, l, by, told); err != nil {
		return err
	}
	return st.Activity.CurbSessions(ctx, l.IdleTime(), l.LongestTime())
}

// check says what is wrong with limits, by field: keys of sentences.
func (l Limits) check() map[string]string {
	wrong := map[string]string{}
	if l.Idle < leastIdle || l.Idle > mostIdle {
		wrong["idle"] = "fault.limits.idle"
	}
	if l.Longest < leastLongest || l.Longest > mostLongest {
		wrong["longest"] = "fault.limits.longest"
	} else if wrong["idle"] == "" && l.Idle > l.Longest {
		wrong["idle"] = "fault.limits.order"
	}
	if l.Most < 1 || l.Most > mostSessions {
		wrong["most"] = "fault.limits.most"
	}
	return wrong
}
