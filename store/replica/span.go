package replica

import (
	"context"
	"fmt"
	"path/filepath"
	"selfhelp/store/replica/chain"
	"slices"
	"time"
)

// Span is a time to whose moments an epoch can be restored. Until is the zero time where
// it goes as far as the epoch does.
type Span struct{ From, Until time.Time }

// Spans says to which moments an epoch can be restored, by what is at the target now: what
// was there once, and was taken away, brings nothing back. Contents are not read.
func (s Settings) Spans(ctx context.Context, e Epoch) (spans []Span, err error) {
	spans = []Span{{From: e.Since}}
	for _, d := range s.Databases {
		c, gaps, err := d.lies(ctx, e)
		if err != nil {
			return nil, err
		}
		first, some := c.First()
		if !some {
			return nil, nil
		}
		spans = cut(spans, time.Time{}, first)
		for _, g := range gaps {
			spans = cut(spans, g.After, g.Before)
		}
	}
	return spans, nil
}

// lies is what lies at the target of a database, and what is missing in it.
func (d Database) lies(ctx context.Context, e Epoch) (c chain.Chain, gaps []chain.Gap, err error) {
	client := d.Target.of(e).client()
	if err := client.Init(ctx); err != nil {
		return nil, nil, fmt.Errorf("reach the target: %w", err)
	}
	for range 2 { // a listing made while files come may miss one
		if c, err = chain.Of(ctx, client, false); err != nil {
			return nil, nil, err
		}
		if gaps = c.Gaps(filepath.Base(d.Path), 0); !slices.ContainsFunc(gaps, chain.Gap.Open) {
			break
		}
	}
	return c, gaps, nil
}

// cut takes the time between two moments out of spans: the zero time is their beginning,
// or their end.
func cut(spans []Span, after, before time.Time) (left []Span) {
	for _, s := range spans {
		if head := (Span{s.From, after}); after.After(s.From) {
			if !s.Until.IsZero() && s.Until.Before(after) {
				head.Until = s.Until
			}
			left = append(left, head)
		}
		if before.IsZero() || !s.Until.IsZero() && !before.Before(s.Until) {
			continue
		}
		tail := s
		if before.After(s.From) {
			tail.From = before
		}
		left = append(left, tail)
	}
	return left
}
