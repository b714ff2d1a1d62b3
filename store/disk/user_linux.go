package disk

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// Users are the other processes that have one of the files of a folder open, as
// far as the system lets us see: those of our own account by their descriptors,
// those of others by the locks they hold.
func Users(dir string, files ...string) (users []User) {
	var ours []os.FileInfo
	for _, name := range files {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil {
			ours = append(ours, info)
		}
	}
	seen := lockers(ours)
	processes, _ := filepath.Glob("/proc/[0-9]*") // the pattern is a constant
	for _, process := range processes {
		if pid, err := strconv.Atoi(filepath.Base(process)); err == nil && hasOpen(process, ours) {
			seen = append(seen, pid)
		}
	}
	slices.Sort(seen)
	for _, pid := range slices.Compact(seen) {
		if pid != os.Getpid() {
			users = append(users, User{pid, commandOf(pid)})
		}
	}
	return users
}

// hasOpen looks at the descriptors of a process. It opens none of the files: that
// would be one more who has them.
func hasOpen(process string, files []os.FileInfo) bool {
	descriptors, _ := filepath.Glob(process + "/fd/*") // a process that is gone or another's has none
	for _, d := range descriptors {
		to, err := os.Readlink(d)
		if err != nil || !slices.ContainsFunc(files, func(f os.FileInfo) bool { return filepath.Base(to) == f.Name() }) {
			continue
		}
		info, err := os.Stat(d)
		if err == nil && slices.ContainsFunc(files, func(f os.FileInfo) bool { return os.SameFile(info, f) }) {
			return true
		}
	}
	return false
}

// lockers are the processes that /proc/locks names for the files; those of locks
// that belong to a descriptor, as ours do, it does not name.
func lockers(files []os.FileInfo) (pids []int) {
	b, err := os.ReadFile("/proc/locks")
	if err != nil {
		return nil
	}
	lines := bufio.NewScanner(bytes.NewReader(b))
	for lines.Scan() { // 1: POSIX ADVISORY READ 123 fe:01:4711 128 128
		words := strings.Fields(strings.Replace(lines.Text(), "->", "", 1))
		if len(words) < 6 || !slices.ContainsFunc(files, func(f os.FileInfo) bool { return words[5] == lockName(f) }) {
			continue
		}
		if pid, err := strconv.Atoi(words[4]); err == nil && pid > 0 {
			pids = append(pids, pid)
		}
	}
	return pids
}

// flocked reports whether some process holds the lock of a whole file.
func flocked(file os.FileInfo) bool { return len(lockers([]os.FileInfo{file})) > 0 }

// lockName is how /proc/locks names a file: its device and its number there.
func lockName(f os.FileInfo) string {
	st, is := f.Sys().(*syscall.Stat_t)
	if !is {
		return ""
	}
	major := st.Dev>>8&0xfff | st.Dev>>32&^0xfff
	minor := st.Dev&0xff | st.Dev>>12&^0xff
	return fmt.Sprintf("%02x:%02x:%d", major, uint32(minor), st.Ino)
}

func commandOf(pid int) []string {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil || len(b) == 0 {
		return nil
	}
	return strings.Split(strings.TrimRight(string(b), "\x00"), "\x00")
}
