package disk

import (
	"os"
	"strconv"
	"syscall"
)

// networkKinds are the file systems on which SQLite's locks and shared memory
// cannot be trusted, by their magic number (statfs(2)).
var networkKinds = map[uint32]string{
	0x6969:     "NFS",
	0xff534d42: "CIFS",
	0xfe534d42: "SMB",
	0x517b:     "SMB",
	0x01021997: "9P",
	0x00c36400: "Ceph",
	0x5346414f: "AFS",
	0x0bd00bd0: "Lustre",
	0x564c:     "NCP",
}

// networkKind names the network file system that a folder is on, "" when it is
// on none that we know.
func networkKind(dir string) string {
	var st syscall.Statfs_t
	if syscall.Statfs(dir, &st) != nil {
		return "" // opening the files will say it better
	}
	return networkKinds[uint32(st.Type)]
}

// fleetingKinds are those whose content goes with the machine or the container.
var fleetingKinds = map[uint32]string{
	0x794c7630: "an overlay",
	0x01021994: "a file system in memory",
	0x858458f6: "a file system in memory",
}

// Kind names the file system of a folder where it is a network's, or one that goes
// with the machine or the container; "" where it is neither.
func Kind(dir string) (network, fleeting string) {
	var st syscall.Statfs_t
	if syscall.Statfs(dir, &st) != nil {
		return "", ""
	}
	return networkKinds[uint32(st.Type)], fleetingKinds[uint32(st.Type)]
}

// FreeBytes returns how much room the disk of a folder has for us.
func FreeBytes(dir string) (int64, error) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return 0, err
	}
	return int64(st.Bavail) * st.Bsize, nil
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
