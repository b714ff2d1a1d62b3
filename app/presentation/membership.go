package presentation

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/peer"
	"selfhelp/store"
	"selfhelp/store/disk"
)

// Membership says which platform a presentation server belongs to, and whom it
// believes. It stands in a file of the data folder.
type Membership struct {
	ID       string              `json:"id"`       // of this server, for as long as its folder lasts
	Platform string              `json:"platform"` // id; "" while it belongs to none
	Edition  string              `json:"edition"`  // where that is written, for people
	Keys     []ed25519.PublicKey `json:"keys"`     // of the edition server's requests
	Trusted  []ed25519.PublicKey `json:"trusted"`  // of what it publishes
	Joined   time.Time           `json:"joined"`
	Term     uint64              `json:"term"`              // the highest an edition server came with
	Deed     *Deed               `json:"deed,omitempty"`    // of that term; nil where none was shown
	Office   Office              `json:"office"`            // the process of it that this server follows
	Code     []byte              `json:"code"`              // the key of the joining code, until the first request that was proved
	Extract  string              `json:"extract,omitempty"` // hash of the one that was adopted last
}

// joined reports whether the server belongs to a platform.
func (m Membership) joined() bool { return m.Platform != "" }

// knows reports whether a key is one of the edition server's.
func (m Membership) knows(key string) bool {
	return slices.ContainsFunc(m.Keys, func(k ed25519.PublicKey) bool { return peer.KeyID(k) == key })
}

const membershipFile = "membership.json"

// readMembership reads the file of a data folder; a new one where there is none.
func readMembership(folder string) (m Membership, err error) {
	b, err := os.ReadFile(filepath.Join(folder, membershipFile))
	if errors.Is(err, fs.ErrNotExist) {
		m.ID = store.NewID()
		return m, m.keep(folder)
	}
	if err == nil {
		err = json.Unmarshal(b, &m)
	}
	if err != nil {
		return m, fmt.Errorf("read which platform this server belongs to: %w", err)
	}
	return m, nil
}

// Belongs reports whether a data folder is that of a server of a platform, and where the
// edition server is; "" where nobody said.
func Belongs(folder string) (edition string, belongs bool, err error) {
	b, err := os.ReadFile(filepath.Join(folder, membershipFile))
	if errors.Is(err, fs.ErrNotExist) {
		return "", false, nil
	}
	var m Membership
	if err == nil {
		err = json.Unmarshal(b, &m)
	}
	if err != nil {
		return "", false, fmt.Errorf("read which platform this server belongs to: %w", err)
	}
	return m.Edition, m.joined(), nil
}

// keep writes the file, whole or not at all.
func (m Membership) keep(folder string) error {
	b, err := json.MarshalIndent(m, "", "  ")
	if err == nil {
		err = disk.Whole(filepath.Join(folder, membershipFile), bytes.NewReader(b), os.Rename)
	}
	if err != nil {
		return fmt.Errorf("keep which platform this server belongs to: %w", err)
	}
	return nil
}

// Peopled reports whether accounts of the platform are here: a server that lost them
// keeps everybody out until they come again.
func (p *Presentation) Peopled(ctx context.Context) bool {
	if p.peopled.Load() {
		return true
	}
	n, err := p.store.Content.CountUsers(ctx)
	p.peopled.Store(err == nil && n > 0)
	return err == nil && n > 0
}

// isFree refuses a folder in which things were written: a server that joins a platform
// takes what the platform has in place of what is there.
func (p *Presentation) isFree(ctx context.Context) error {
	if p.member.joined() {
		return nil
	}
	e, err := p.store.Extent(ctx)
	if err != nil || e.Users == 0 && e.Procedures == 0 && e.Revisions == 0 {
		return err
	}
	return &fault.Error{
		Kind: fault.Conflict, Key: "fault.peer.written", Args: []any{p.folder, e.Procedures, e.Users},
		Hint: "give a presentation server a new, empty folder with --data; to go on with this one, start it without --role presentation",
	}
}

// newCode makes a joining code, which replaces the one before.
func (m *Membership) newCode(folder string) (string, error) {
	code := peer.NewCode()
	m.Code = peer.CodeKey(code)
	return code, m.keep(folder)
}
