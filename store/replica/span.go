package replica

import (
	"context"
	"fmt"
	"path/filepath"
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
		first, some := c.first()
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
func (d Database) lies(ctx context.Context, e Epoch) (c chain, gaps []Gap, err error) {
	client := d.Target.of(e).client()
	if err := client.Init(ctx); err != nil {
		return nil, nil, fmt.Errorf("reach the target: %w", err)
	}
	for range 2 { // a listing made while files come may miss one
		if c, err = chainOf(ctx, client, false); err != nil {
			return nil, nil, err
		}
		if gaps = c.gaps(filepath.Base(d.Path), 0); !slices.ContainsFunc(gaps, Gap.Open) {
			break
		}
	}
	return c, gaps, nil
}

// first is the earliest moment that a chain can be restored to: of a snapshot, or of what
// begins with the first change.
func (c chain) first() (at time.Time, some bool) {
	for _, f := range c {
		if f.MinTXID <= 1 && (!some || f.CreatedAt.Before(at)) {
			at, some = f.CreatedAt, true
		}
	}
	return at, some
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
