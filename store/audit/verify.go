package audit

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store/db"
)

// Verified is what following the chain found.
type Verified struct {
	Entries int64     // that hold, from the first
	Noted   int64     // the last of them that the other database had noted; 0: none
	NotedAt time.Time // when
	Missing []Missing
	Foreign bool // the other database has notes of another audit
}

// Missing are entries that were there when the other database noted the last of
// them, and are not now: they were cut off, or the database was brought back to
// an earlier moment. Which of the two, nothing here can tell.
type Missing struct {
	From, To int64
	NotedAt  time.Time
}

// VerifyAudit follows the whole chain, compares it with how far the other
// database noted it to go, and notes it anew. An entry that was changed, added or
// taken out is a Conflict, beside the number of entries that hold.
func (c *Log) VerifyAudit(ctx context.Context) (v Verified, err error) {
	var noted []head
	if c.beside != nil { // read first: what is noted later than the chain is read would seem to be missing
		if noted, err = db.List(ctx, c.beside, scanHead, sqlHeads); err != nil {
			return v, fmt.Errorf("verify audit: %w", err)
		}
	}
	if v.Entries, err = c.follow(ctx); err != nil {
		return v, err
	}
	err = c.d.Read(ctx, func(t *db.Tx) error { return v.compare(t, noted) })
	if err == nil && c.beside != nil {
		err = c.noteHead(ctx)
	}
	if err != nil {
		err = fmt.Errorf("verify audit: %w", err)
	}
	return v, err
}

// follow returns how many entries hold.
func (c *Log) follow(ctx context.Context) (int64, error) {
	var last Entry
	for {
		entries, err := db.List(ctx, c.d, scanAudit, sqlAuditFrom, last.Seq)
		if err != nil {
			return last.Seq, fmt.Errorf("verify audit: %w", err)
		}
		if len(entries) == 0 {
			return last.Seq, nil
		}
		for _, a := range entries {
			sum, err := a.seal()
			if err != nil {
				return last.Seq, fmt.Errorf("verify audit: %w", err)
			}
			if a.Seq != last.Seq+1 || !bytes.Equal(a.previous, last.hash) || !bytes.Equal(a.hash, sum) {
				return last.Seq, fault.New(fault.Conflict, "fault.audit_broken", a.Seq)
			}
			last = a
		}
	}
}

// compare holds the chain against what was noted of it.
func (v *Verified) compare(t *db.Tx, noted []head) error {
	first, err := db.ListIn(t, db.ScanBytes, sqlAuditHash, 1)
	if err != nil {
		return err
	}
	for _, h := range noted {
		if len(first) > 0 && !bytes.Equal(first[0], h.first) {
			v.Foreign = true
			continue
		}
		stands, err := h.stands(t)
		if err != nil {
			return err
		}
		if stands {
			v.Noted, v.NotedAt = h.seq, h.noted
			continue
		}
		from, err := h.gone(t, v.Entries)
		if err != nil {
			return err
		}
		v.Missing = append(v.Missing, Missing{from, h.seq, h.noted})
	}
	return nil
}

// gone is the first entry that is missing of those up to a note. Entries that
// were written after it stand in the places of some that were there.
func (h head) gone(t *db.Tx, last int64) (int64, error) {
	from, err := db.OneIn(t, db.ScanNumber, sqlAuditSince, db.Instant(h.noted), h.seq)
	if from == 0 {
		from = min(last+1, h.seq)
	}
	return from, err
}
