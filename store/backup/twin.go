package backup

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"selfhelp/app/fault"
	"selfhelp/store/disk"
)

// madeFile is where a data folder remembers the backups it made.
const madeFile = "backups.json"

// made is what a data folder remembers: the mark of the last backup it made or took for
// its own, and of the one that was being made when it was written. Two servers on clones
// of one folder make backups into one place, and what comes back would be now of one and
// then of the other: the second one to make one finds a mark that it does not know.
type made struct {
	Epoch  string `json:"epoch"` // one that began another remembers nothing of before
	Mark   string `json:"mark"`
	Making string `json:"making,omitempty"`
}

func (m made) knows(mark string) bool { return mark == m.Mark || mark == m.Making }

// madeBy reads what a data folder remembers in an epoch; the zero value for nothing.
func madeBy(data, epoch string) (m made, err error) {
	name := filepath.Join(data, madeFile)
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &m)
	}
	if err != nil {
		return m, fmt.Errorf("read %s: %w", name, err)
	}
	if m.Epoch != epoch {
		return made{}, nil
	}
	return m, nil
}

func (m made) keep(data string) error {
	b, err := json.Marshal(m)
	if err == nil {
		err = disk.Whole(filepath.Join(data, madeFile), bytes.NewReader(b), os.Rename)
	}
	if err != nil {
		return fmt.Errorf("remember the backups that were made: %w", err)
	}
	return nil
}

// marked is the last backup of a list that says who made it.
func marked(all []Entry) (last Manifest) {
	for _, e := range all {
		if e.Mark != "" {
			last = e.Manifest
		}
	}
	return last
}

// own refuses to go on where another server made the last backup: one of the two is a
// clone of the other, or was put back to an earlier moment.
func (k Maker) own(all []Entry) (made, error) {
	known, err := madeBy(k.Data, k.Epoch)
	if err != nil {
		return known, err
	}
	last := marked(all)
	if last.Mark == "" || known.Mark == "" || known.knows(last.Mark) {
		return made{Epoch: k.Epoch, Mark: last.Mark}, nil
	}
	return known, &fault.Error{
		Kind: fault.Conflict, Key: "fault.backup.twin", Args: []any{last.Name, last.Host}, Cause: fmt.Errorf("the last backup, %s, was made by another server, on %s", last.Name, last.Host),
		Hint: "one of both was cloned from the other, or put back to an earlier moment. If this one is to go on, run selfhelp backup begin here: the other one is refused from then on. If it is to be another server, give it a folder of backups of its own",
	}
}

// Owned refuses a folder in which another server made the last backup.
func (k Maker) Owned(all []Entry) error {
	_, err := k.own(all)
	return err
}

// Begin takes the backups of the folder for those of this data folder: whoever else made
// the last one makes no more.
func (k Maker) Begin() (err error) {
	if err := mark.On(k.Folder.Root); err != nil {
		return k.Folder.fault("take the backups over", err)
	}
	lock, err := disk.HoldPlain(k.Folder.Root)
	if err != nil {
		return k.Folder.fault("take the backups over", err)
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	all, err := k.Folder.List()
	if err != nil {
		return err
	}
	return made{Epoch: k.Epoch, Mark: marked(all).Mark}.keep(k.Data)
}
