package doctor

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"selfhelp/app/config"
	"selfhelp/store"
	"selfhelp/store/disk"
	"selfhelp/store/keys"
)

// What is little, in bytes.
const (
	littleRoom = 1 << 30
	hardlyRoom = 100 << 20
	longLog    = 200 << 20
)

func lookAtLibrary(ctx context.Context, _ *Patient) (Line, bool) {
	version, err := store.Library(ctx)
	if err != nil {
		return wrong("build the program with a newer SQLite: this one can lose what was written", "SQLite %s: %v", version, err)
	}
	return ok("SQLite %s, in which the log of changes is never reset under a reader", version)
}

func lookAtSettings(_ context.Context, p *Patient) (Line, bool) {
	if err := p.Config.Check(); err != nil {
		return wrong("change the flag, the SELFHELP_ variable, or the key of x-app", "%v", err)
	}
	return ok("data in %s, listening on %s", p.Config.Data, p.Config.Listen)
}

func lookAtFile(_ context.Context, p *Patient) (Line, bool) {
	if p.Config.File == "" || p.Config.Replication != config.Embedded {
		return nothing()
	}
	place, err := p.copying()
	if err != nil {
		return wrong("mend the file, or set the variables it names", "%s: %v", p.Config.File, err)
	}
	if keys := place.Settings.Ignored; len(keys) > 0 {
		return warning("take them out, or let the official litestream copy: replication: external", "%s: keys that the replicator inside does not honour: %s", p.Config.File, strings.Join(keys, "; "))
	}
	return ok("%s: every key is honoured", p.Config.File)
}

func lookAtFolder(_ context.Context, p *Patient) (Line, bool) {
	dir := p.Config.Data
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist) && p.waits():
		return wrong("make it, closed to others (mkdir -m 700), and bring the folder keys of the first site into it", "%s does not exist", dir)
	case errors.Is(err, fs.ErrNotExist):
		return wrong("name the folder of your server with --data; selfhelp serve makes a new one", "%s does not exist", dir)
	case err != nil:
		return wrong("let the account of the server read it", "%v", err)
	case !info.IsDir():
		return wrong("name a folder with --data", "%s is no folder", dir)
	case info.Mode().Perm()&0o077 != 0:
		return wrong("chmod 700 "+dir, "%s can be read by other accounts of this machine (%s)", dir, info.Mode().Perm())
	}
	for _, name := range append(store.Databases(), "keys", "files", "bundles") {
		if inside, err := os.Stat(filepath.Join(dir, name)); err == nil && ownerOf(inside) != ownerOf(info) {
			return wrong("give all of it to the account of the server: chown -R", "%s is of account %d and %s in it of %d", dir, ownerOf(info), name, ownerOf(inside))
		}
	}
	return ok("%s, of account %d, closed to others", dir, ownerOf(info))
}

// homeless reports whether there is no data folder, which is told by itself.
func (p *Patient) homeless() bool {
	info, err := os.Stat(p.Config.Data)
	return err != nil || !info.IsDir()
}

// ownerOf is the number of the account that a file is of.
func ownerOf(info fs.FileInfo) uint32 {
	if st, is := info.Sys().(*syscall.Stat_t); is {
		return st.Uid
	}
	return 0
}

func lookAtKind(_ context.Context, p *Patient) (Line, bool) {
	if p.homeless() {
		return nothing()
	}
	network, fleeting := disk.Kind(p.Config.Data)
	switch {
	case network != "":
		return wrong("put the folder on a local disk", "%s is on a network share (%s), where locks do not hold", p.Config.Data, network)
	case fleeting != "":
		return warning("put the folder on a disk or a volume of its own", "%s is on %s, which goes with the machine or the container", p.Config.Data, fleeting)
	}
	return ok("a local one")
}

func lookAtLocks(_ context.Context, p *Patient) (Line, bool) {
	if p.homeless() {
		return nothing()
	}
	if p.Locks != nil {
		return wrong("run it on a system with open-file-description locks, as Linux has them", "the databases cannot be locked safely: %v", p.Locks)
	}
	err := disk.TryLocks(p.Config.Data)
	switch {
	case errors.Is(err, disk.ErrLockLost):
		return wrong("put the folder on a local disk: ext4, XFS and Btrfs are known to hold them", "%v", err)
	case err != nil:
		return warning("run this as the account of the server", "locks could not be tried in %s: %v", p.Config.Data, err)
	}
	return ok("one that is held stays held when another descriptor is closed")
}

func lookAtRoom(_ context.Context, p *Patient) (Line, bool) {
	if p.homeless() {
		return nothing()
	}
	free, err := disk.FreeBytes(p.Config.Data)
	if err != nil || free < 0 {
		return nothing()
	}
	return roomOn(p.Config.Data, free, "make room, or move the folder to a larger disk")
}

// roomOn judges what is left on the disk of a folder.
func roomOn(dir string, free int64, mend string) (Line, bool) {
	switch {
	case free < hardlyRoom:
		return wrong(mend, "%d MB left on the disk of %s", free/1e6, dir)
	case free < littleRoom:
		return warning(mend, "%d MB left on the disk of %s", free/1e6, dir)
	}
	return ok("%d GB left", free/1e9) // as the page of the status counts
}

// database looks at one of the two: its shape and its pages.
func database(name string) func(context.Context, *Patient) (Line, bool) {
	return func(ctx context.Context, p *Patient) (Line, bool) {
		found, err := store.GlimpseOf(ctx, p.Config.Data, name, p.Thorough)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return warning("start the server: it makes a new one, or brings it back from the replica", "it is not there")
		case err != nil:
			return wrong(mendOf(err, "stop the server and bring the last state back: selfhelp restore, or a backup"), "%v", causeOf(err))
		case len(found.Wrong) > 0:
			return wrong("stop the server and bring the last state back: selfhelp restore, or a backup", "%s", strings.Join(found.Wrong, "; "))
		case found.Shape < found.Newest:
			return warning("start the server: it brings it up to date, after a copy", "shape %d, and this program has %d", found.Shape, found.Newest)
		}
		how := "a quick look finds it whole"
		if p.Thorough {
			how = "every page and reference is whole"
		}
		return ok("shape %d, %d kB; %s", found.Shape, found.Bytes>>10, how)
	}
}

func lookAtLogs(_ context.Context, p *Patient) (Line, bool) {
	largest, of := int64(0), ""
	for _, name := range store.Databases() {
		if info, err := os.Stat(filepath.Join(p.Config.Data, name+"-wal")); err == nil && info.Size() > largest {
			largest, of = info.Size(), name
		}
	}
	if largest > longLog {
		return warning("look for a program that reads for hours, and for a target of the replica that does not answer; a restart folds it back", "that of %s has %d MB", of, largest>>20)
	}
	return ok("%d kB at most", largest>>10)
}

func lookAtKeys(_ context.Context, p *Patient) (Line, bool) {
	dir := filepath.Join(p.Config.Data, "keys")
	if _, new := os.Stat(filepath.Join(p.Config.Data, store.Databases()[0])); errors.Is(new, fs.ErrNotExist) {
		return nothing() // a new server makes them
	}
	found, err := keys.Look(p.Config.Data)
	if l, ill := judgeKeys(found, err, dir, "bring the folder from where you keep it: without it nothing that is sealed can be opened"); ill {
		return l, true
	}
	return ok("%d, closed to others; keep a copy of %s elsewhere, no replica has it", found.Files, dir)
}

// judgeKeys says what is wrong with how keys lie in their folder; false for nothing.
func judgeKeys(found keys.Found, err error, dir, bring string) (l Line, ill bool) {
	switch {
	case err != nil:
		return wrong("let the account of the server read it", "%v", err)
	case found.Files == 0:
		return wrong(bring, "%s is not there, or empty", dir)
	case found.Damaged != "":
		return wrong("put it back from where you keep a copy of the folder", "%s is missing, or holds no key", found.Damaged)
	case found.Open != "":
		return wrong("chmod 600 "+found.Open, "%s can be read by other accounts", found.Open)
	}
	return l, false
}
