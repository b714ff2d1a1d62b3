package disk

import (
	"os"
	"strconv"
	"strings"
	"syscall"
)

// Boot is the start that the machine is in, "" where nobody knows.
func Boot() string {
	b, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

// Folder is a folder as the disk knows it, whatever it is called; "" where nobody knows.
func Folder(dir string) string {
	info, err := os.Stat(dir)
	if err != nil {
		return ""
	}
	st, is := info.Sys().(*syscall.Stat_t)
	if !is {
		return ""
	}
	return strconv.FormatUint(uint64(st.Dev), 36) + "-" + strconv.FormatUint(st.Ino, 36)
}
