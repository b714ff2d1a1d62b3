package job

import (
	"context"
	"fmt"

	"selfhelp/app/fault"
	"selfhelp/store"
)

// Rule says how long the platform keeps what people did. A project may have a
// rule of its own for its executions.
type Rule struct {
	Months int `json:"months"` // executions, searches and messages done are kept so long
	Names  int `json:"names"`  // days after which a name gives way to a pseudonym
	Idle   int `json:"idle"`   // days after which what nobody goes on with counts as abandoned
}

// DefaultRule is the one of a platform whose administrator said nothing.
var DefaultRule = Rule{Months: 13, Names: 30, Idle: 7}

// ruleKey is the setting that keeps the rule.
const ruleKey = "retention"

// The bounds of a rule.
const (
	mostMonths = 120
	mostNames  = 3650
	mostIdle   = 365
)

// ReadRule returns the platform's rule, and the version a change must name.
func ReadRule(ctx context.Context, c *store.Content) (Rule, int64, error) {
	r := DefaultRule
	version, err := c.Setting(ctx, ruleKey, &r)
	return r, version, err
}

// SaveRule keeps another rule. One out of bounds is refused with its fields.
func SaveRule(ctx context.Context, c *store.Content, r Rule, version int64, by string) error {
	wrong := map[string]string{}
	for field, n := range map[string][2]int{"months": {r.Months, mostMonths}, "names": {r.Names, mostNames}, "idle": {r.Idle, mostIdle}} {
		if n[0] < 1 || n[0] > n[1] {
			wrong[field] = "fault.retention." + field
		}
	}
	if len(wrong) > 0 {
		return &fault.Error{Kind: fault.Invalid, Key: "fault.form", Fields: wrong}
	}
	was, _, err := ReadRule(ctx, c)
	if err != nil {
		return err
	}
	told, err := store.Differences(was, r)
	if err != nil {
		return fmt.Errorf("compare the rules: %w", err)
	}
	return c.SaveSetting(ctx, ruleKey, version, r, by, told)
}
