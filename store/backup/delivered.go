package backup

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store/disk"
)

// deliveriesFolder holds what is known of copies elsewhere. It stands with the backups:
// databases that are restored to what they were forget nothing of it.
const (
	deliveriesFolder = ".deliveries"
	deliveredFile    = "delivered.json"
)

// rememberedDeliveries is how many copies elsewhere are remembered: some years of months.
const rememberedDeliveries = 60

// Delivered is a backup of which a copy was given elsewhere.
type Delivered struct {
	Name  string    `json:"name"`  // of the backup
	Began time.Time `json:"began"` // the backup
	To    string    `json:"to"`    // without secrets
	File  string    `json:"file"`  // its name there
	At    time.Time `json:"at"`    // it was whole there
	Bytes int64     `json:"bytes"`
	Hash  string    `json:"sha256"`
}

// Delivered are the copies that were given elsewhere, the first first.
func (f Folder) Delivered() (all []Delivered, err error) {
	if err := mark.On(f.Root); err != nil {
		return nil, f.fault("read what was delivered", err)
	}
	_, err = readSummed(filepath.Join(f.path(deliveriesFolder), deliveredFile), &all)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("read what was delivered: %w", err)
	}
	return all, nil
}

// Deliver has one copy given elsewhere at a time, and remembers it. Backups are made
// meanwhile.
func (f Folder) Deliver(give func() (Delivered, error)) (d Delivered, err error) {
	if err := mark.On(f.Root); err != nil {
		return d, f.fault("deliver a backup", err)
	}
	dir := f.path(deliveriesFolder)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return d, f.fault("deliver a backup", err)
	}
	lock, err := disk.HoldPlain(dir)
	if key, args := fault.TextOf(err); key == "fault.store.locked" {
		return d, fault.Because(fault.Conflict, err, "fault.delivery.running", args[1])
	}
	if err != nil {
		return d, f.fault("deliver a backup", err)
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	all, err := f.Delivered()
	if err != nil {
		return d, err
	}
	if d, err = give(); err != nil {
		return d, err
	}
	all = append(all, d)
	all = slices.Delete(all, 0, max(0, len(all)-rememberedDeliveries))
	if err := keepSummed(filepath.Join(dir, deliveredFile), all); err != nil {
		return d, f.fault("remember what was delivered", err)
	}
	return d, nil
}
