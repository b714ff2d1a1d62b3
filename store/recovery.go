package store

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"selfhelp/app/recovery"
	"selfhelp/store/audit"
	"selfhelp/store/db"
	"selfhelp/store/trouble"
)

// The log of the recovery plan is a part of the audit: it travels with the content,
// and nobody changes it afterwards. What is noted while no server runs waits in a
// file of the data folder.

// recoveryNotes is the file of what waits.
const recoveryNotes = "recovery.jsonl"

// recoveryKept is how many of the last events are read.
const recoveryKept = 500

const sqlRecovery = `SELECT at, actor, action, detail FROM (SELECT seq, at, actor, action, detail FROM audit WHERE action GLOB 'recovery.*' ORDER BY seq DESC LIMIT ?) ORDER BY seq`

// recoveryDetail is what the audit keeps of an event beside its own columns.
type recoveryDetail struct {
	Phase recovery.Phase `json:"phase,omitempty"`
	Drill bool           `json:"drill,omitempty"`
	Text  string         `json:"text,omitempty"`
	At    *time.Time     `json:"noted,omitempty"` // where that was before it came into the audit
}

func scanRecovery(r db.Row) (e recovery.Event, err error) {
	var action, detail string
	if err := r.Scan((*db.Instant)(&e.At), &e.By, &action, &detail); err != nil {
		return e, err
	}
	var d recoveryDetail
	if err := json.Unmarshal([]byte(detail), &d); err != nil {
		return e, fmt.Errorf("read the log of the recovery: %w", err)
	}
	e.Kind, e.Phase, e.Drill, e.Text = recovery.Kind(action[len("recovery."):]), d.Phase, d.Drill, d.Text
	if d.At != nil {
		e.At = *d.At
	}
	return e, nil
}

// Recovery returns the last events of the recovery plan, in their order. By is the
// id of a user, or who ran a command.
func (c *Content) Recovery(ctx context.Context) ([]recovery.Event, error) {
	return db.List(ctx, c.DB, scanRecovery, sqlRecovery, recoveryKept)
}

// NoteRecovery enters an event of the recovery plan, now.
func (c *Content) NoteRecovery(ctx context.Context, e recovery.Event) error {
	return c.Audit(ctx, e.By, "recovery."+string(e.Kind), "server", recoveryDetail{Phase: e.Phase, Drill: e.Drill, Text: e.Text})
}

// KeepRecoveryNote adds an event to what waits in a data folder for the server that
// will be started there.
func KeepRecoveryNote(dir string, e recovery.Event) error {
	b, err := json.Marshal(e)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(dir, recoveryNotes), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err == nil {
		_, err = f.Write(append(b, '\n'))
		err = errors.Join(err, f.Sync(), f.Close())
	}
	if err != nil {
		return fmt.Errorf("note in the log of the recovery: %w", trouble.Of(err))
	}
	return nil
}

// RecoveryNotes reads what waits in a data folder. A line that was cut off by a
// fault is passed over: the next one tells the same or more.
func RecoveryNotes(dir string) (events []recovery.Event, err error) {
	b, err := os.ReadFile(filepath.Join(dir, recoveryNotes))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the notes of the recovery: %w", trouble.Of(err))
	}
	lines := bufio.NewScanner(bytes.NewReader(b))
	for lines.Scan() {
		var e recovery.Event
		if json.Unmarshal(lines.Bytes(), &e) == nil && e.Kind != "" {
			events = append(events, e)
		}
	}
	return events, lines.Err()
}

// TakeRecoveryNotes brings what waits in the data folder into the audit, each once
// though the machine stops in between, and returns it.
func (s *Store) TakeRecoveryNotes(ctx context.Context) ([]recovery.Event, error) {
	waiting, err := RecoveryNotes(s.dir)
	if err != nil || len(waiting) == 0 {
		return nil, err
	}
	err = s.Content.Write(ctx, "take the notes of the recovery", func(t *db.Tx) error {
		known, err := db.ListIn(t, scanRecovery, sqlRecovery, recoveryKept)
		if err != nil {
			return err
		}
		for _, e := range waiting {
			if slices.ContainsFunc(known, func(k recovery.Event) bool { return k.At.Equal(e.At) && k.Kind == e.Kind && k.Text == e.Text }) {
				continue
			}
			if err := audit.Add(t, e.By, "recovery."+string(e.Kind), "server", recoveryDetail{e.Phase, e.Drill, e.Text, &e.At}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := os.Remove(filepath.Join(s.dir, recoveryNotes)); err != nil {
		return nil, fmt.Errorf("take the notes of the recovery: %w", trouble.Of(err))
	}
	return waiting, nil
}

// RecoveryOf reads the events of a data folder that may be open elsewhere: those of
// its audit, and what waits beside it.
func RecoveryOf(ctx context.Context, dir string) (events []recovery.Event, err error) {
	if _, err := os.Stat(filepath.Join(dir, contentSchema.Name+".db")); err == nil {
		content, err := db.Glance(ctx, dir, contentSchema)
		if err != nil {
			return nil, fmt.Errorf("look into %s: %w", dir, err)
		}
		defer content.Close()
		if events, err = db.List(ctx, content, scanRecovery, sqlRecovery, recoveryKept); err != nil {
			return nil, err
		}
	}
	waiting, err := RecoveryNotes(dir)
	return append(events, waiting...), err
}
