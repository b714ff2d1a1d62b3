package backup

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store/disk"
)

// madeFile is where a data folder remembers the backups it made.
const madeFile = "backups.json"

// made is what a data folder remembers, by the mark of each folder of backups: the marks of
// the backups that it made there or took for its own. Two servers on clones of one folder
// make backups into one place, and what comes back would be now of one and then of the
// other: the second one to make one finds a mark that it does not know. Which was made last
// does not matter, for clocks are put back.
type made struct {
	Epoch   string           `json:"epoch"` // one that began another remembers nothing of before
	Folders map[string]known `json:"folders"`
}

// known are the backups of one folder, the last made at the end.
type known struct {
	Marks []string  `json:"marks"`
	At    time.Time `json:"at"`
}

// mostMarks bounds those of one folder that are remembered: six weeks of hourly ones.
const mostMarks = 1000

// mostFolders bounds those that are remembered, like disks that are exchanged in turn.
const mostFolders = 100

// madeBy reads what a data folder remembers in an epoch; the zero value for nothing.
func madeBy(data, epoch string) (m made, err error) {
	name := filepath.Join(data, madeFile)
	b, err := os.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(b, &m)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return m, fmt.Errorf("read %s: %w", name, err)
	}
	if m.Epoch != epoch || m.Folders == nil {
		m = made{Epoch: epoch, Folders: map[string]known{}}
	}
	return m, nil
}

// remember keeps the marks of backups of the folder as known ones. Two may do so at once,
// for two folders: the server every hour, and somebody by hand.
func (k Maker) remember(marks []string) (err error) {
	id, err := k.Folder.id()
	if err != nil {
		return err
	}
	lock, err := disk.AwaitFolder(k.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	m, err := madeBy(k.Data, k.Epoch)
	if err != nil {
		return err
	}
	all := slices.DeleteFunc(m.Folders[id].Marks, func(mark string) bool { return slices.Contains(marks, mark) })
	all = append(all, marks...)
	m.Folders[id] = known{Marks: all[max(0, len(all)-mostMarks):], At: k.Now().UTC()}
	for len(m.Folders) > mostFolders {
		oldest := slices.MinFunc(slices.Collect(maps.Keys(m.Folders)), func(a, b string) int { return m.Folders[a].At.Compare(m.Folders[b].At) })
		delete(m.Folders, oldest)
	}
	b, err := json.Marshal(m)
	if err == nil {
		err = disk.Whole(filepath.Join(k.Data, madeFile), bytes.NewReader(b), os.Rename)
	}
	if err != nil {
		return fmt.Errorf("remember the backups that were made: %w", err)
	}
	return nil
}

// id tells the folder from others, by what stands in the file that marks it; one is made
// for a folder that has none yet.
func (f Folder) id() (string, error) {
	id, err := f.knownID()
	if id != "" || err != nil {
		return id, err
	}
	id = rand.Text()
	return id, disk.Whole(f.path(mark.File), strings.NewReader(id), os.Rename)
}

// knownID is the id of a folder, "" for one that has none.
func (f Folder) knownID() (string, error) {
	b, err := os.ReadFile(f.path(mark.File))
	if len(b) != len(rand.Text()) {
		return "", err
	}
	return string(b), err
}

// marksOf are the marks of those of a list that have one.
func marksOf(all []Entry) (marks []string) {
	for _, e := range all {
		if e.Mark != "" {
			marks = append(marks, e.Mark)
		}
	}
	return marks
}

// Owned refuses to go on in a folder where another server made a backup: one of the two is
// a clone of the other, or was put back to an earlier moment. What is older than everything
// known was brought back from elsewhere.
func (k Maker) Owned(all []Entry) error {
	m, err := madeBy(k.Data, k.Epoch)
	if err != nil {
		return err
	}
	id, err := k.Folder.knownID()
	if err != nil {
		return err
	}
	own := m.Folders[id].Marks
	if len(own) == 0 {
		return nil
	}
	knows := func(e Entry) bool { return slices.Contains(own, e.Mark) }
	all = all[max(0, slices.IndexFunc(all, knows)):]
	for _, e := range slices.Backward(all) {
		if e.Mark != "" && !knows(e) {
			return twin(e.Manifest)
		}
	}
	return nil
}

// twin says that another server made a backup.
func twin(m Manifest) error {
	return &fault.Error{
		Kind: fault.Conflict, Key: "fault.backup.twin", Args: []any{m.Name, m.Host}, Cause: fmt.Errorf("the last backup, %s, was made by another server, on %s", m.Name, m.Host),
		Hint: "one of both was cloned from the other, or put back to an earlier moment. If this one is to go on, run selfhelp backup begin here: the other one is refused from then on. If it is to be another server, give it a folder of backups of its own",
	}
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
	return k.remember(marksOf(all))
}
