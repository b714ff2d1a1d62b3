package platform

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"selfhelp/store"
	"selfhelp/store/journal"
)

// batchesAtOnce bounds how long one look at a server collects: others are published to
// meanwhile.
const batchesAtOnce = 50

// collect takes in what happened on a server since it was asked last, in order, and
// acknowledges what is on the disk here.
func (p *Platform) collect(ctx context.Context, m *Member) error {
	for range batchesAtOnce {
		more, err := p.collectBatch(ctx, m)
		if err != nil || !more {
			return err
		}
	}
	return nil
}

func (p *Platform) collectBatch(ctx context.Context, m *Member) (more bool, err error) {
	id := m.Server().ID
	after, _, err := p.Store.Activity.GatheredTo(ctx, id)
	if err != nil {
		return false, err
	}
	b, err := p.batch(ctx, m, after)
	if err != nil {
		return false, err
	}
	err = p.take(ctx, m, b)
	if out, is := errors.AsType[*journal.OutOfOrder](err); is {
		if b, err = p.batch(ctx, m, out.Want); err == nil {
			err = p.take(ctx, m, b)
		}
	}
	if err != nil {
		return false, fmt.Errorf("take in what happened there: %w", err)
	}
	if b.To.N == after.N && b.To.Audit == after.Audit && b.To.Journal == after.Journal {
		return false, nil // nothing happened
	}
	body, err := json.Marshal(b.To)
	if err == nil {
		_, err = p.ask(ctx, m, "POST", "journal/acknowledge", nil, body)
	}
	if err != nil {
		return false, fmt.Errorf("acknowledge what happened there: %w", err)
	}
	return b.More, nil
}

// take takes a batch in, the files that it names first.
func (p *Platform) take(ctx context.Context, m *Member, b store.Batch) error {
	if err := p.fetchFiles(ctx, m, b); err != nil {
		return err
	}
	return p.Store.Activity.Gather(ctx, m.Server().ID, b)
}

// batch asks for what happened after a cursor.
func (p *Platform) batch(ctx context.Context, m *Member, after store.Cursor) (b store.Batch, err error) {
	body, err := json.Marshal(after)
	if err != nil {
		return b, err
	}
	answer, err := p.ask(ctx, m, "POST", "journal", nil, body)
	if err == nil {
		b, err = journal.Decode(bytes.NewReader(answer))
	}
	if err != nil {
		return b, fmt.Errorf("ask what happened there: %w", err)
	}
	return b, nil
}
