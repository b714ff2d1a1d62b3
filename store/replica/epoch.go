package replica

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"time"

	"selfhelp/store/disk"
)

// Epoch is a term of office: who writes to a target, and since when. Two servers that
// write to one replica spoil it without a word, so every change of hands begins a new
// epoch with folders of its own, and the highest one that a target knows is in force.
type Epoch struct {
	Number int       `json:"number"` // from 1
	Site   string    `json:"site"`
	Since  time.Time `json:"since"`
}

// Name is that of its folders, like e0001-lyon.
func (t Epoch) Name() string { return fmt.Sprintf("e%04d-%s", t.Number, t.Site) }

// Is says whether both are one and the same.
func (t Epoch) Is(other Epoch) bool {
	return t.Number == other.Number && t.Site == other.Site && t.Since.Equal(other.Since)
}

var (
	epochPattern = regexp.MustCompile(`^e(\d{4,})-([a-z0-9]+(?:-[a-z0-9]+)*)$`)
	sitePattern  = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
)

// ParseEpoch reads the name of an epoch.
func ParseEpoch(name string) (Epoch, error) {
	m := epochPattern.FindStringSubmatch(name)
	if m == nil {
		return Epoch{}, fmt.Errorf("%q is no epoch: they look like e0001-lyon", name)
	}
	n, err := strconv.Atoi(m[1])
	if err != nil || n < 1 {
		return Epoch{}, fmt.Errorf("%q is no epoch: they begin with e0001", name)
	}
	return Epoch{Number: n, Site: m[2]}, nil
}

// epochFile is where a data folder keeps its own epoch.
const epochFile = "epoch.json"

// EpochOf reads the epoch of a data folder. One that has none begins with the first
// one of its site, once that is kept.
func EpochOf(dir, site string, now time.Time) (Epoch, error) {
	if !sitePattern.MatchString(site) {
		return Epoch{}, fmt.Errorf("site %q: its name takes small letters, digits and hyphens, like lyon", site)
	}
	b, err := os.ReadFile(filepath.Join(dir, epochFile))
	if errors.Is(err, fs.ErrNotExist) {
		return Epoch{1, site, now.UTC()}, nil
	}
	if err != nil {
		return Epoch{}, fmt.Errorf("read the epoch: %w", err)
	}
	var t Epoch
	if err := json.Unmarshal(b, &t); err != nil {
		return Epoch{}, fmt.Errorf("read %s: %w", filepath.Join(dir, epochFile), err)
	}
	return t, nil
}

// Keep writes the epoch of a data folder, whole or not at all.
func (t Epoch) Keep(dir string) error {
	b, err := json.Marshal(t)
	if err == nil {
		err = disk.Whole(filepath.Join(dir, epochFile), bytes.NewReader(b), os.Rename)
	}
	if err != nil {
		return fmt.Errorf("write the epoch: %w", err)
	}
	return nil
}

// fenceFile is where a data folder keeps that its epoch is over, and who ended it.
const fenceFile = "fence.json"

// Fence keeps in a data folder that its epoch is over: a server that is started again
// while nobody can tell it would take what nobody else ever sees. A folder that begins
// another epoch is free of it.
func (r Replaced) Fence(dir string) error {
	b, err := json.Marshal(r)
	if err == nil {
		err = disk.Whole(filepath.Join(dir, fenceFile), bytes.NewReader(b), os.Rename)
	}
	if err != nil {
		return fmt.Errorf("keep that %s is over: %w", r.Own.Name(), err)
	}
	return nil
}

// fenceOf reads who ended the epoch of a data folder, as far as it was told; the zero
// epoch for nobody.
func fenceOf(dir string, own Epoch) (by Epoch, err error) {
	name := filepath.Join(dir, fenceFile)
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return by, nil
	}
	var r Replaced
	if err == nil {
		err = json.Unmarshal(b, &r)
	}
	if err != nil {
		return by, fmt.Errorf("read %s: %w", name, err)
	}
	if r.Own.Is(own) {
		by = r.By
	}
	return by, nil
}

// receivedFile is where a data folder keeps where what it took over was received.
const receivedFile = "received.json"

// KeepReceived keeps in a data folder where the replica was received that it takes over
// from: the server it replaced asks there, and has to be told.
func KeepReceived(dir, folder string) error {
	b, err := json.Marshal(folder)
	if err == nil {
		err = disk.Whole(filepath.Join(dir, receivedFile), bytes.NewReader(b), os.Rename)
	}
	if err != nil {
		return fmt.Errorf("keep where the replica was received: %w", err)
	}
	return nil
}

// Received is where a data folder took over from what was received, "" where it did not.
func Received(dir string) (folder string, err error) {
	name := filepath.Join(dir, receivedFile)
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err == nil {
		err = json.Unmarshal(b, &folder)
	}
	if err != nil {
		return "", fmt.Errorf("read %s: %w", name, err)
	}
	return folder, nil
}

// epochs is the folder of a target where each epoch stands by its number, so that
// one number is given once.
const epochs = "epochs"

// claimed is the file of an epoch's number.
func claimed(number int) string { return fmt.Sprintf("%s/%04d.json", epochs, number) }

// Replaced says that the target is somebody else's: they began a later epoch, or one
// of the same number before. No clock decides it.
type Replaced struct {
	By  Epoch `json:"by"`
	Own Epoch `json:"own"`
}

func (r Replaced) Error() string {
	return fmt.Sprintf("the target is that of %s, begun %s, and not of %s", r.By.Name(), r.By.Since.Format(time.RFC3339), r.Own.Name())
}

// claim enters an epoch at a target, or says who has replaced it.
func claim(ctx context.Context, d depot, own Epoch) error {
	b, err := json.Marshal(own)
	if err != nil {
		return err
	}
	if err := d.claim(ctx, claimed(own.Number), b); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("enter the epoch %s at the target: %w", own.Name(), err)
	}
	return inForce(ctx, d, own)
}

// inForce says whether an epoch is still the highest one of a target.
func inForce(ctx context.Context, d depot, own Epoch) error {
	latest, err := latestEpoch(ctx, d)
	if err != nil {
		return err
	}
	return latest.replaces(own)
}

// replaces says that an epoch, the highest of a target, ended another one.
func (t Epoch) replaces(own Epoch) error {
	if t.Number < own.Number || t.Is(own) {
		return nil
	}
	return Replaced{By: t, Own: own}
}

// latestEpoch is the highest epoch that a target knows, the zero one where none.
func latestEpoch(ctx context.Context, d depot) (t Epoch, err error) {
	names, err := d.list(ctx, epochs)
	if err != nil {
		return t, fmt.Errorf("read the epochs at the target: %w", err)
	}
	if len(names) == 0 {
		return t, nil
	}
	b, err := read(ctx, d, epochs+"/"+slices.Max(names))
	if err == nil {
		err = json.Unmarshal(b, &t)
	}
	if err != nil {
		return t, fmt.Errorf("read the epochs at the target: %w", err)
	}
	return t, nil
}
