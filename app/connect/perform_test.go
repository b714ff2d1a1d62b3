package connect

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"selfhelp/app/execution"
)

var platform = Sources{
	Search: func(ctx context.Context, q Query) ([]Found, error) {
		switch q.Words {
		case "broken":
			return nil, errors.New("index unreadable")
		case "slow":
			<-ctx.Done()
			return nil, ctx.Err()
		}
		return []Found{{Title: "Printer for " + q.Groups[0], Alias: "printer", URL: "/r/printer", Score: 2}}, nil
	},
	Person: func(_ context.Context, by, value string) (map[string]string, bool, error) {
		return map[string]string{"mail": value, "password": "secret"}, by == "mail", nil
	},
}

func TestPerform(t *testing.T) {
	query := func(words string) map[string]any {
		return map[string]any{"query": words, "max": 5.0, "groups": []any{"Support"}}
	}
	for _, c := range []struct {
		name   string
		effect execution.Effect
		status execution.EffectStatus
		body   any
	}{
		{"search", execution.Effect{Kind: execution.EffectSearch, Request: query("paper")}, execution.EffectOK, []any{map[string]any{"title": "Printer for Support", "alias": "printer", "url": "/r/printer", "score": 2.0}}},
		{"search that fails", execution.Effect{Kind: execution.EffectSearch, Request: query("broken")}, execution.EffectError, nil},
		{"search in vain", execution.Effect{Kind: execution.EffectSearch, Request: query("slow"), Timeout: time.Millisecond}, execution.EffectTimeout, nil},
		{"a person", execution.Effect{Kind: execution.EffectDirectory, Request: map[string]any{"by": "mail", "value": "a@b.c", "attributes": []any{"mail", "floor"}}}, execution.EffectOK, map[string]any{"found": true, "attributes": map[string]any{"mail": "a@b.c"}}},
		{"nobody", execution.Effect{Kind: execution.EffectDirectory, Request: map[string]any{"by": "name", "value": "x"}}, execution.EffectMissing, map[string]any{"found": false, "attributes": map[string]any{}}},
		{"a ticket", execution.Effect{Kind: execution.EffectTicket}, execution.EffectError, nil},
		{"a kind nobody knows", execution.Effect{Kind: "fax"}, execution.EffectError, nil},
	} {
		c.effect.Key = "k1"
		got := Perform(t.Context(), &c.effect, platform)
		if got.Status != c.status || !reflect.DeepEqual(got.Body, c.body) || got.Key != "k1" {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}
