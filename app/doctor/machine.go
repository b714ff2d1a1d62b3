package doctor

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"selfhelp/app/config"
	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/store"
	"selfhelp/store/backup"
	"selfhelp/store/disk"
	"selfhelp/store/replica"
)

const (
	fewFiles     = 4096
	littleMemory = 300 << 20
	// slip is by how much clocks may differ without harm.
	slip = 2 * time.Minute
)

func lookAtOthers(_ context.Context, p *Patient) (Line, bool) {
	server := disk.Holder(p.Config.Data)
	replicators := 0
	for _, u := range disk.Users(p.Config.Data, store.Databases()...) {
		switch {
		case u.Replicates() && p.Config.Replication == config.Embedded:
			return wrong("stop it, or leave replication to it: replication: external", "%s, process %d, replicates the databases, and so does the server itself: two spoil the replica", u.Name(), u.Process)
		case u.Replicates():
			replicators++
		case strconv.Itoa(u.Process) != server:
			return warning("let it end: as long as it reads, the log of changes grows", "%s, process %d, has the databases open", u.Name(), u.Process)
		}
	}
	switch {
	case replicators > 1:
		return wrong("stop all but one", "%d replicators work on the databases: they spoil the replica", replicators)
	case replicators == 0 && p.Config.Replication == config.External:
		return warning("start the official litestream, or let the server copy: replication: embedded", "no replicator works on the databases, though replication is external")
	case server != "":
		return ok("only the server, process %s", server)
	}
	return ok("none; no server runs on this folder")
}

// writable is what makes a target take something again.
var writable = map[replica.Reason]string{
	replica.Full:       "make room at the target: copying goes on by itself",
	replica.ReadOnly:   "let the server write there: look at how the target is mounted, and whose the folder is",
	replica.Refuses:    "look at the user, the password or the keys of the replica, and at what they may do there",
	replica.Unprepared: "mount the target; a new one is prepared by selfhelp replica init",
	replica.Silent:     "look at the line to the target, and whether it works",
}

func lookAtReplica(ctx context.Context, p *Patient) (Line, bool) {
	if p.Config.Replication != config.Embedded {
		return nothing()
	}
	place, err := p.copying()
	if err != nil {
		return nothing() // told already
	}
	if len(place.Settings.Databases) == 0 {
		return wrong("name the databases in it", "%s names none", p.Config.File)
	}
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	held, err := place.Settings.Held(ctx)
	switch {
	case err != nil:
		return wrong("make the target reachable; a new one is prepared by selfhelp replica init", "%v", err)
	case len(held) == 0:
		return warning("start the server: it copies at once", "the target answers and holds nothing yet")
	}
	last := held[len(held)-1]
	if last.Epoch.Number > place.Epoch.Number || last.Epoch.Number == place.Epoch.Number && !last.Epoch.Is(place.Epoch) {
		return wrong("another server writes what is current: selfhelp failback gives this one its place back", "the target is that of %s, and this folder is of %s", last.Epoch.Name(), place.Epoch.Name())
	}
	if err := place.Shared(ctx); err != nil {
		return wrong("where two servers run, stop one; where this folder was put back to an earlier moment, selfhelp restore brings what the target has since. selfhelp replica begin goes on with what is here, and leaves the rest", "%v", err)
	}
	if mark, err := store.KeysMark(p.Config.Data); err == nil && mark != "" && last.Manifest.Keys != "" && mark != last.Manifest.Keys {
		return wrong("bring the folder keys that belongs to these databases from where you keep it", "the keys in %s are not those of what was copied", filepath.Join(p.Config.Data, "keys"))
	}
	if err := place.TryWriting(ctx); err != nil {
		return wrong(cmp.Or(writable[replica.ReasonOf(err)], "look at what the target says, and at what this server may do there"), "%v", err)
	}
	if age := p.Now.Sub(last.Manifest.At); disk.Holder(p.Config.Data) != "" && age > 10*time.Minute {
		return warning("look into the log of the server", "%s is whole up to %s only, though the server runs", last.Epoch.Name(), last.Manifest.At.Format(time.RFC3339))
	}
	return ok("the target answers; %s is whole up to %s", last.Epoch.Name(), last.Manifest.At.Format(time.RFC3339))
}

// lookAtBackups looks at the folder of backups, and whose the last one is.
func lookAtBackups(_ context.Context, p *Patient) (Line, bool) {
	c := p.Config
	if c.Backup == "" {
		if c.Loopback() || c.Role == config.Presentation {
			return nothing()
		}
		return warning("give --backup, a folder on another volume", "none are made")
	}
	epoch, err := replica.EpochOf(c.Data, c.Site, p.Now)
	if err != nil {
		return nothing() // told already
	}
	k := backup.Maker{Folder: backup.Folder{Root: c.Backup}, Data: c.Data, Epoch: epoch.Name()}
	all, err := k.Folder.List()
	if err != nil {
		return wrong("mount the volume of the backups; a new folder is prepared by selfhelp backup init", "%v", causeOf(err))
	}
	if err := k.Owned(all); err != nil {
		return wrong("stop one of the two; selfhelp backup begin makes this one go on", "%v", causeOf(err))
	}
	last, found := backup.Newest(all, "")
	switch {
	case !found:
		return warning("selfhelp backup makes one now; the server makes one each hour", "%s holds none that is whole", c.Backup)
	case disk.Holder(c.Data) != "" && p.Now.Sub(last.At) > backup.Old:
		return warning("look into the log of the server; selfhelp backup makes one now", "the last one that is whole, %s, is of %s", last.Name, last.At.Format(time.RFC3339))
	}
	return ok("%d; the last one that is whole, %s, is of %s", len(all), last.Name, last.At.Format(time.RFC3339))
}

// causeOf is what is behind an error that people are told of in their language.
func causeOf(err error) error {
	if told, is := errors.AsType[*fault.Error](err); is && told.Cause != nil {
		return told.Cause
	}
	return err
}

// mendOf is what an error says can be done, else what mends most of its kind.
func mendOf(err error, most string) string {
	if told, is := errors.AsType[*fault.Error](err); is && told.Hint != "" {
		return told.Hint
	}
	return most
}

// lookAtClock compares the clock with what was written before.
func lookAtClock(ctx context.Context, p *Patient) (Line, bool) {
	latest, of := time.Time{}, ""
	later := func(at time.Time, what string) {
		if at.After(latest) {
			latest, of = at, what
		}
	}
	for _, name := range store.Databases() {
		if info, err := os.Stat(filepath.Join(p.Config.Data, name)); err == nil {
			later(info.ModTime(), "the time of "+name)
		}
	}
	if e, err := store.ExtentOf(ctx, p.Config.Data); err == nil {
		later(e.Changed, "the last entry of the audit")
		later(e.Answered, "the last answer")
	}
	if latest.After(p.Now.Add(slip)) {
		return wrong("set the clock, and let it follow a time server", "it says %s, and %s is of %s", p.Now.Format(time.RFC3339), of, latest.Format(time.RFC3339))
	}
	return ok("%s, after all that was written", p.Now.Format(time.RFC3339))
}

func lookAtZone(_ context.Context, p *Patient) (Line, bool) {
	zone, err := time.LoadLocation(p.Config.TimeZone)
	if err != nil {
		return wrong("give --time-zone a name like Europe/Paris", "%q is not known", p.Config.TimeZone)
	}
	if p.Config.TimeZone == "" {
		zone = time.Local
	}
	return ok("people read %s", p.Now.In(zone).Format("15:04 (MST)"))
}

func lookAtBreached(_ context.Context, p *Patient) (Line, bool) {
	if p.Config.Breached == "" {
		return nothing()
	}
	list, err := login.OpenBreached(p.Config.Breached)
	if err != nil {
		return wrong("give the list as haveibeenpwned.com offers it, ordered by hash, and let the server read it", "%v", err)
	}
	defer list.Close()
	bytes, _ := list.Facts()
	return ok("%s, %d MB", p.Config.Breached, bytes>>20)
}

func lookAtOpenFiles(context.Context, *Patient) (Line, bool) {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return nothing()
	}
	if limit.Max < fewFiles {
		return warning("raise it: LimitNOFILE=65536 in the unit, ulimit -n in a shell", "at most %d, and each visitor takes one", limit.Max)
	}
	return ok("at most %d", limit.Max)
}

func lookAtMemory(context.Context, *Patient) (Line, bool) {
	free, err := available("/proc/meminfo", "/sys/fs/cgroup/memory.max")
	if err != nil {
		return nothing()
	}
	if free < littleMemory {
		return warning("give the machine or the container more: 512 MB do for a small server", "%d MB to be had", free>>20)
	}
	return ok("%d MB to be had", free>>20)
}

// available is what the machine still has, or what a container may take at most.
func available(machine, container string) (bytes int64, err error) {
	f, err := os.Open(machine)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var kB int64
		if _, err := fmt.Sscanf(lines.Text(), "MemAvailable: %d kB", &kB); err == nil {
			bytes = kB << 10
		}
	}
	if b, err := os.ReadFile(container); err == nil {
		if most, err := strconv.ParseInt(strings.TrimSpace(string(b)), 10, 64); err == nil && most < bytes {
			bytes = most
		}
	}
	return bytes, nil
}
