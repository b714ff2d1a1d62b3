package connect

import (
	"context"
	"errors"
	"time"

	"selfhelp/app/execution"
)

// Sources is what the platform itself can be asked.
type Sources struct {
	Search Search
	Person Person
}

// Search finds procedures for the person an execution is of.
type Search func(ctx context.Context, q Query) ([]Found, error)

// Query is what a search step looks for.
type Query struct {
	Words    string
	Category string
	Language string
	Groups   []string
	Max      int
}

// Found is a procedure that was found.
type Found struct {
	Title, Alias, URL string
	Score             float64
}

// Person finds the one person whose attribute has a value, and returns what may
// be told of them; false when there is none, or more than one.
type Person func(ctx context.Context, by, value string) (map[string]string, bool, error)

// usualTimeout is how long an effect may take when its step does not say.
const usualTimeout = 15 * time.Second

// Perform carries out an effect. It always has a reply: what goes wrong is one
// too.
func Perform(ctx context.Context, e *execution.Effect, from Sources) execution.EffectResult {
	began := time.Now() // how long the outside took, not when it was
	reply := perform(ctx, e, from)
	reply.Key, reply.Millis = e.Key, time.Since(began).Milliseconds()
	return reply
}

func perform(ctx context.Context, e *execution.Effect, from Sources) execution.EffectResult {
	if e.Test {
		return execution.MockResult(e) // nothing may really be called
	}
	limit := e.Timeout
	if limit <= 0 {
		limit = usualTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	switch e.Kind {
	case execution.EffectSearch:
		return search(ctx, e.Request, from.Search)
	case execution.EffectDirectory:
		return person(ctx, e.Request, from.Person)
	}
	return execution.EffectResult{Status: execution.EffectError, Error: "not configured: " + string(e.Kind)}
}

// failed is the reply of what could not be done.
func failed(err error) execution.EffectResult {
	status := execution.EffectError
	if errors.Is(err, context.DeadlineExceeded) {
		status = execution.EffectTimeout
	}
	return execution.EffectResult{Status: status, Error: err.Error()}
}

func search(ctx context.Context, request map[string]any, find Search) execution.EffectResult {
	found, err := find(ctx, Query{
		Words: text(request["query"]), Category: text(request["category"]), Language: text(request["language"]),
		Groups: texts(request["groups"]), Max: int(number(request["max"])),
	})
	if err != nil {
		return failed(err)
	}
	list := make([]any, len(found))
	for i, f := range found {
		list[i] = map[string]any{"title": f.Title, "alias": f.Alias, "url": f.URL, "score": f.Score}
	}
	return execution.EffectResult{Status: execution.EffectOK, Body: list}
}

func person(ctx context.Context, request map[string]any, find Person) execution.EffectResult {
	known, ok, err := find(ctx, text(request["by"]), text(request["value"]))
	if err != nil {
		return failed(err)
	}
	attributes := map[string]any{}
	if !ok {
		return execution.EffectResult{Status: execution.EffectMissing, Body: map[string]any{"found": false, "attributes": attributes}}
	}
	for _, name := range texts(request["attributes"]) {
		if value, has := known[name]; has {
			attributes[name] = value
		}
	}
	return execution.EffectResult{Status: execution.EffectOK, Body: map[string]any{"found": true, "attributes": attributes}}
}

// The values of a request are those of formulas: a wrong type is nothing.

func text(v any) string {
	s, _ := v.(string)
	return s
}

func number(v any) float64 {
	n, _ := v.(float64)
	return n
}

func texts(v any) []string {
	list, _ := v.([]any)
	all := make([]string, len(list))
	for i, one := range list {
		all[i] = text(one)
	}
	return all
}
