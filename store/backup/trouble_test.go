package backup_test

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"filippo.io/age"

	"selfhelp/app/fault"
	"selfhelp/store"
	"selfhelp/store/backup"
	"selfhelp/store/clocktest"
	"selfhelp/store/db"
	"selfhelp/store/disktest"
)

func names(t *testing.T, f backup.Folder) (all []string) {
	t.Helper()
	for _, e := range must[[]backup.Entry](t)(f.List()) {
		all = append(all, e.Name)
	}
	return all
}

// hidden are the files that are no backups.
func hidden(t *testing.T, root string) (all []string) {
	t.Helper()
	for _, d := range must[[]os.DirEntry](t)(os.ReadDir(root)) {
		if strings.HasPrefix(d.Name(), ".") && d.Name() != ".backup-target" {
			all = append(all, d.Name())
		}
	}
	return all
}

// TestNoRoom fills the volume of the backups: before one is begun, and while it is made.
func TestNoRoom(t *testing.T) {
	f := aFolder(t)
	root := disktest.Small(t, 8<<20)
	check(t, backup.Prepare(root))
	f.Folder.Root = root
	f.project("first")
	first := f.make(backup.Full)

	ballast := filepath.Join(root, "ballast")
	check(t, os.WriteFile(ballast, make([]byte, 7<<20), 0o600))
	_, err := f.Make(t.Context(), backup.Full)
	refused(t, err, "fault.backup.room")
	if e, is := errors.AsType[*fault.Error](err); !is || len(e.Args) != 3 || e.Args[1].(fault.Bytes) <= e.Args[2].(fault.Bytes) {
		t.Errorf("the numbers are not told: %v", err)
	}
	check(t, os.Remove(ballast))

	// There is room for the databases, and not for what stands beside them.
	f.clock.Pass(time.Second)
	must[store.Stored](t)(f.store.Files.Put(t.Context(), bytes.NewReader(make([]byte, 9<<20)), 10<<20))
	_, err = f.Make(t.Context(), backup.Increment)
	refused(t, err, "fault.backup.full")
	if left := hidden(t, root); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if all := names(t, f.Folder); len(all) != 1 || all[0] != first.Name {
		t.Errorf("the backups are %v", all)
	}
	f.back(first.Name, nil)
	check(t, syscall.Mount("tmpfs", root, "tmpfs", syscall.MS_REMOUNT, "size=67108864"))
	f.make(backup.Increment)

	check(t, syscall.Mount("tmpfs", root, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, "size=67108864"))
	_, err = f.Make(t.Context(), backup.Full)
	refused(t, err, "fault.backup.read_only")
	f.back(first.Name, nil)
}

// TestAVolumeThatIsNotThere looks for the mark first.
func TestAVolumeThatIsNotThere(t *testing.T) {
	f := aFolder(t)
	bare := t.TempDir()
	for _, root := range []string{bare, filepath.Join(bare, "none")} {
		f.Folder.Root = root
		_, err := f.Make(t.Context(), backup.Full)
		refused(t, err, "fault.backup.away")
		refused(t, f.Sweep(), "fault.backup.away")
		_, err = f.Folder.List()
		refused(t, err, "fault.backup.away")
	}
	if in := must[[]os.DirEntry](t)(os.ReadDir(bare)); len(in) > 0 {
		t.Errorf("something was written below the mount: %v", in)
	}
}

// TestOneAtATime begins one while another is made, as the server does each hour.
func TestOneAtATime(t *testing.T) {
	f := aFolder(t)
	copied := f.Copy
	var second error
	f.Copy = func(ctx context.Context, name, to string) error {
		other := f.Maker
		other.Copy = copied
		_, second = other.Make(ctx, backup.Full)
		return copied(ctx, name, to)
	}
	f.make(backup.Full)
	refused(t, second, "fault.backup.running")
}

// TestRetention lets nine days go by, with a backup every six hours; TestKeptHourly
// decides about one every hour.
func TestRetention(t *testing.T) {
	f := aFolder(t)
	f.Look = func(context.Context, string) (any, []string, error) { return nil, nil, nil }
	gone := must[store.Stored](t)(f.store.Files.Put(t.Context(), strings.NewReader("for a day"), 100))
	at := func() string {
		return filepath.Join(f.Folder.Root, "files", gone.Hash[:2], gone.Hash[2:4], gone.Hash)
	}
	began := f.clock.Now()
	for day := range 9 {
		f.clock.Set(began.AddDate(0, 0, day))
		f.make(backup.Full)
		if day == 1 {
			check(t, os.Remove(filepath.Join(f.Data, "files", gone.Hash[:2], gone.Hash[2:4], gone.Hash)))
		}
		for hour := 6; hour < 24; hour += 6 {
			f.clock.Set(began.AddDate(0, 0, day).Add(time.Duration(hour) * time.Hour))
			f.make(backup.Increment)
		}
		if _, err := os.Stat(at()); (err == nil) != (day < 8) {
			t.Errorf("day %d: a content of the first two fulls: %v", day, err)
		}
	}
	all := must[[]backup.Entry](t)(f.Folder.List())
	fulls, moments := 0, 0
	for _, e := range all {
		if e.Kind == backup.Full {
			fulls++
		}
	}
	// Every six hours of the last five days come back.
	for ago := time.Duration(0); ago <= 5*24*time.Hour; ago += 6 * time.Hour {
		want := f.clock.Now().Add(-ago)
		e, found := backup.Before(all, want.Add(time.Second))
		if !found || want.Sub(e.At) > 6*time.Hour {
			t.Errorf("%v ago: %s", ago, e.Name)
		}
		moments++
	}
	if fulls != 7 || moments != 21 {
		t.Errorf("%d fulls and %d moments are kept: %v", fulls, moments, names(t, f.Folder))
	}
	f.back(all[0].Name, nil)

	// A clock that jumps takes neither the newest fulls nor the last hour.
	f.clock.Pass(10 * 365 * 24 * time.Hour)
	f.make(backup.Full)
	left := names(t, f.Folder)
	if len(left) != 5 {
		t.Errorf("after the jump: %v", left)
	}
}

func keyPair(t *testing.T) (to backup.Recipients, by backup.Identities) {
	t.Helper()
	id := must[*age.X25519Identity](t)(age.GenerateX25519Identity())
	dir := t.TempDir()
	public, private := filepath.Join(dir, "public"), filepath.Join(dir, "private")
	check(t, os.WriteFile(public, []byte("# the vault\n"+id.Recipient().String()+"\n"), 0o600))
	check(t, os.WriteFile(private, []byte(id.String()+"\n"), 0o600))
	return must[backup.Recipients](t)(backup.ReadRecipients(public)), must[backup.Identities](t)(backup.ReadIdentities(private))
}

func TestEncrypted(t *testing.T) {
	f := aFolder(t)
	f.project("plain")
	plain := f.make(backup.Full)
	to, by := keyPair(t)
	_, other := keyPair(t)
	f.Recipients = to
	f.clock.Pass(time.Hour)
	f.project("secret-alias")
	mixed := must[backup.Entry](t)(f.Make(t.Context(), backup.Increment)) // full: the one before is not encrypted
	f.clock.Pass(time.Hour)
	full := f.make(backup.Full)
	f.clock.Pass(time.Hour)
	f.project("another")
	increment := f.make(backup.Increment)
	extent := must[store.Extent](t)(f.store.Extent(t.Context()))
	if plain.Verdict.How != backup.Restored || full.Verdict.How != backup.BeforeEncryption || increment.Verdict.How != backup.BeforeEncryption {
		t.Errorf("verified %s, %s and %s", plain.Verdict.How, full.Verdict.How, increment.Verdict.How)
	}
	same(t, "encrypted", extent, f.back(increment.Name, by))
	f.back(mixed.Name, by)
	f.back(plain.Name, nil)
	for key, by := range map[string]backup.Identities{"fault.backup.sealed": nil, "fault.backup.identity": other} {
		_, err := f.Folder.Restore(t.Context(), t.TempDir(), backup.Wanted{Name: increment.Name, By: by})
		refused(t, err, key)
		_, err = f.Verify(t.Context(), full.Name, by)
		refused(t, err, key)
	}
	if e := must[backup.Entry](t)(f.Verify(t.Context(), increment.Name, by)); e.Verdict.How != backup.Restored || !e.Good() {
		t.Errorf("with the identity: %+v", e.Verdict)
	}
	check(t, filepath.WalkDir(f.Folder.Root, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && strings.HasSuffix(path, ".age") {
			if b := must[[]byte](t)(os.ReadFile(path)); bytes.Contains(b, []byte("secret-alias")) || !bytes.HasPrefix(b, []byte("age-encryption.org/")) {
				t.Errorf("%s is not encrypted", path)
			}
		}
		return err
	}))
}

// TestOtherRecipients has backups encrypted to somebody else from a moment on: they alone
// open all of what is made since, also contents that were kept before.
func TestOtherRecipients(t *testing.T) {
	f := aFolder(t)
	first, by := keyPair(t)
	second, later := keyPair(t)
	must[store.Stored](t)(f.store.Files.Put(t.Context(), strings.NewReader("the leaflet"), 100))
	f.Recipients = first
	before := f.make(backup.Full)
	f.clock.Pass(time.Hour)
	f.Recipients = second
	since := must[backup.Entry](t)(f.Make(t.Context(), backup.Increment))
	if since.Kind != backup.Full {
		t.Errorf("an increment on what others open: %+v", since.Manifest)
	}
	f.clock.Pass(time.Hour)
	next := f.make(backup.Increment)
	if next.Base != since.Name {
		t.Errorf("on %s", next.Base)
	}
	for name, by := range map[string]backup.Identities{before.Name: by, since.Name: later, next.Name: later} {
		f.back(name, by)
		if e := must[backup.Entry](t)(f.Verify(t.Context(), name, by)); !e.Good() {
			t.Errorf("%s: %+v", name, e.Verdict)
		}
	}
	f.clock.Pass(30 * 24 * time.Hour)
	for range 6 {
		f.clock.Pass(24 * time.Hour)
		f.make(backup.Full)
	}
	if left := must[[]string](t)(filepath.Glob(filepath.Join(f.Folder.Root, "sealed*", "??", "??", "*"))); len(left) != 1 {
		t.Errorf("contents left: %v", left)
	}
}

// TestANewerDatabase brings back what a newer program wrote.
func TestANewerDatabase(t *testing.T) {
	f := aFolder(t)
	f.project("first")
	check(t, f.store.Content.Write(t.Context(), "pretend", func(tx *db.Tx) error {
		_, err := db.ListIn(tx, db.ScanNumber, "PRAGMA user_version = 9999")
		return err
	}))
	f.Copy = func(ctx context.Context, name, to string) error {
		if name == "content.db" {
			return f.store.Content.Copy(ctx, to)
		}
		return f.store.Activity.Copy(ctx, to)
	}
	f.clock.Pass(time.Second)
	e, err := f.Make(t.Context(), backup.Full)
	refused(t, err, "fault.backup.bad")
	if len(e.Verdict.Wrong) == 0 || !strings.Contains(e.Verdict.Wrong[0], "newer") {
		t.Errorf("the verdict is %q", e.Verdict.Wrong)
	}
	dir := t.TempDir()
	must[backup.Back](t)(f.Folder.Restore(t.Context(), dir, backup.Wanted{Name: e.Name}))
	_, _, err = look(t.Context(), dir, f.Data)
	refused(t, err, "fault.store.newer")
	check(t, f.store.Content.Write(t.Context(), "go on", func(tx *db.Tx) error {
		_, err := db.ListIn(tx, db.ScanNumber, "PRAGMA user_version = 1")
		return err
	}))
}

// TestKilled kills a process that makes backups, at many moments: none that is half is
// taken for one, and what it left is swept.
func TestKilled(t *testing.T) {
	if data := os.Getenv("SELFHELP_TEST_KILLED"); data != "" {
		k := maker(data, os.Getenv("SELFHELP_TEST_BACKUPS"), clocktest.At(time.Time{}))
		k.Now = time.Now
		for kind := backup.Full; ; kind = backup.Increment {
			if _, err := k.Make(context.Background(), kind); err != nil && !strings.Contains(err.Error(), "already") {
				fmt.Println(err)
				os.Exit(1)
			}
		}
	}
	f := aFolder(t)
	for i := range 20 {
		f.project(fmt.Sprint("p", i))
	}
	halves := 0
	rounds := 6
	if os.Getenv("SELFHELP_THOROUGH") != "" {
		rounds = 24
	}
	for i := range rounds {
		cmd := exec.Command(os.Args[0], "-test.run", "^TestKilled$")
		cmd.Env = append(os.Environ(), "SELFHELP_TEST_KILLED="+f.Data, "SELFHELP_TEST_BACKUPS="+f.Folder.Root)
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		check(t, cmd.Start())
		time.Sleep(time.Duration(40+i%12*37) * time.Millisecond)
		check(t, cmd.Process.Kill())
		if err := cmd.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
			t.Fatalf("it ended by itself: %v %s", err, out.String())
		}
		if len(hidden(t, f.Folder.Root)) > 0 {
			halves++
		}
		check(t, f.Sweep())
		if left := hidden(t, f.Folder.Root); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
		for _, e := range must[[]backup.Entry](t)(f.Folder.List()) {
			if e.Broken != nil {
				t.Errorf("%s: %v", e.Name, e.Broken)
			}
			if got := must[backup.Entry](t)(f.Verify(t.Context(), e.Name, nil)); !got.Good() {
				t.Errorf("%s: %q", e.Name, got.Verdict.Wrong)
			}
		}
	}
	t.Logf("%d of %d kills left half a backup; %d whole ones", halves, rounds, len(names(t, f.Folder)))
	if halves == 0 {
		t.Error("no kill came in time to tell anything")
	}
}

// TestPack takes an increment with its full to another folder.
func TestPack(t *testing.T) {
	f := aFolder(t)
	f.project("first")
	f.make(backup.Full)
	f.clock.Pass(time.Hour)
	f.project("second")
	e := f.make(backup.Increment)
	there := t.TempDir()
	check(t, backup.Prepare(there))
	r := must[io.ReadCloser](t)(f.Folder.Pack(t.Context(), e.Name))
	in := tar.NewReader(r)
	last := ""
	for {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		check(t, err)
		last = filepath.Join(there, h.Name)
		check(t, os.MkdirAll(filepath.Dir(last), 0o700))
		check(t, os.WriteFile(last, must[[]byte](t)(io.ReadAll(in)), 0o600))
	}
	check(t, r.Close())
	if filepath.Base(last) != "backup.json" {
		t.Errorf("the last file is %s", last)
	}
	extent := f.back(e.Name, nil)
	f.Folder.Root = there
	same(t, "elsewhere", extent, f.back(e.Name, nil))
}
