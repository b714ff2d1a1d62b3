package watch

import (
	"cmp"
	"context"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store/backup"
)

// Restorable is where the past of a server can be asked for.
type Restorable struct {
	Backups *backup.Folder // nil where none are made
	Replica *Past          // nil where nothing here copies the databases
	Restore string         // the line of a command that brings a state back, up to the moment
	Flags   string         // by which a command knows this server: its settings and its folder
	Serve   string         // by which a server of another site is what this one is: the folder, and the role
	Receive string         // the folder for replicas of another site, as a shell takes it; "" for none
}

// Past is what a replica can bring back.
type Past struct {
	Target  string        // without secrets
	Fine    time.Duration // so long back it comes to the very transaction
	Coarse  time.Duration // before that, this near
	Periods func(context.Context) ([]Period, error)
	Reach   func(ctx context.Context, at time.Time) (time.Time, error) // how far a restore would come
}

// Period is a time to whose moments a replica can go back.
type Period struct {
	Epoch       string
	From, Until time.Time
	Goes        bool // on: it is copied now
}

// Held is what can be brought back, as far as those who hold it answered in time.
type Held struct {
	Backups    []backup.Entry // the first made first
	Delivered  []backup.Delivered
	BackupsErr error
	Periods    []Period
	ReplicaErr error
}

// answers is how long who shows a page waits for a disk or a target that hangs.
const answers = 4 * time.Second

// Restorable is where to ask for the past.
func (w *Watch) Restorable() Restorable { return w.from.Restorable }

// Held asks for everything that can be brought back.
func (r Restorable) Held(ctx context.Context) (h Held) {
	ctx, cancel := context.WithTimeout(ctx, answers)
	defer cancel()
	type kept struct {
		all   []backup.Entry
		given []backup.Delivered
	}
	backups := begun(ctx, r.Backups != nil, func() (k kept, err error) {
		if k.all, err = r.Backups.List(); err == nil {
			k.given, err = r.Backups.Delivered()
		}
		return k, err
	})
	periods := begun(ctx, r.Replica != nil, func() ([]Period, error) { return r.Replica.Periods(ctx) })
	k, err := backups()
	h.Backups, h.Delivered, h.BackupsErr = k.all, k.given, err
	h.Periods, h.ReplicaErr = periods()
	return h
}

// Reach says how far the replica would come towards a moment.
func (r Restorable) Reach(ctx context.Context, at time.Time) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, answers)
	defer cancel()
	return begun(ctx, r.Replica != nil, func() (time.Time, error) { return r.Replica.Reach(ctx, at) })()
}

// begun asks, where there is somebody to ask, and returns what waits for the answer, no
// longer than ctx: a disk that hangs does not listen to it.
func begun[T any](ctx context.Context, is bool, ask func() (T, error)) func() (T, error) {
	type answer struct {
		value T
		err   error
	}
	var none T
	if !is {
		return func() (T, error) { return none, nil }
	}
	came := make(chan answer, 1)
	go func() {
		v, err := ask()
		came <- answer{v, err}
	}()
	return func() (T, error) {
		select {
		case a := <-came:
			return a.value, cmp.Or(late(ctx, a.err), a.err)
		case <-ctx.Done():
			return none, late(ctx, ctx.Err())
		}
	}
}

// late says that nobody answered in time.
func late(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil {
		return nil
	}
	return fault.Because(fault.Unavailable, err, "fault.restorable.late")
}
