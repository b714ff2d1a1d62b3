package disk

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"selfhelp/app/fault"
)

// User is another process that has one of our files open.
type User struct {
	Process int
	Command []string // how it was started; empty where that is not told
}

// Replicates reports whether the process is the official litestream at its work:
// whatever its file is called, that is the word it was started with.
func (u User) Replicates() bool {
	return len(u.Command) > 0 && strings.Contains(filepath.Base(u.Command[0]), "litestream") || slices.Contains(u.Command, "replicate")
}

// Name is what people know the process by.
func (u User) Name() string {
	if len(u.Command) == 0 {
		return "?"
	}
	return filepath.Base(u.Command[0])
}

// NoReplicator refuses a folder on whose databases another replicator works: two
// spoil the replica without a word.
func NoReplicator(dir string, databases ...string) error {
	for _, u := range Users(dir, databases...) {
		if u.Replicates() {
			return &fault.Error{
				Kind: fault.Conflict, Key: "fault.store.replicator", Args: []any{u.Name(), strconv.Itoa(u.Process)},
				Hint: "stop process " + strconv.Itoa(u.Process) + " first; or leave replication to it: replication: external",
			}
		}
	}
	return nil
}
