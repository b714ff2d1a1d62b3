package replica

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path"
	"path/filepath"
	"selfhelp/store/replica/chain"
	"sync"
	"time"

	"github.com/benbjohnson/litestream"
)

// How often a replicator asks whether everything reaches the target, how long one
// answer may take, and how long a start waits for the first copy.
const (
	probeEvery = 15 * time.Second
	probeLimit = 10 * time.Second
	gateLimit  = 5 * time.Second
	retryAfter = 5 * time.Second
)

// Options are what a replicator is told beside the settings; each is needed, but for Elsewhere.
type Options struct {
	Dir   string // the data folder, which remembers which turns of its epoch it took
	Epoch Epoch
	Keys  string // the mark of those that belong to it; "" for none
	Log   *slog.Logger
	Now   func() time.Time
	// Replaced is called once, when somebody else has begun an epoch at the target.
	Replaced func(Replaced)
	// Elsewhere says where else a content is whole that is damaged here, "" for nowhere
	// known; nil where nobody knows any such place.
	Elsewhere func(hash string) string
	// Healed is called for each gap at the target that was found and closed.
	Healed func(Healed)
}

// Replicator copies the databases of a server to their target while it works.
type Replicator struct {
	settings Settings
	options  Options
	store    *litestream.Store
	dbs      []*litestream.DB // as the settings name them: what others go by comes first
	root     Target
	crates   *crates
	turn     *turn
	state    state
	asking   sync.Mutex                 // one asks the target whether all is well at a time
	opened   bool                       // it copies
	gone     hashes                     // contents that were removed here
	tending  sync.Mutex                 // one looks through the target at a time
	whole    map[chain.Piece]time.Time  // files there, by when they were found so
	sound    map[string]time.Time       // contents there, by when they were found so
	told     map[string]map[uint64]bool // gaps by database and first transaction
	doubts   chan struct{}              // it is to be looked through now
	stop     context.CancelFunc
	done     sync.WaitGroup
}

// Start begins to copy, and returns once the first copy is made or its time is
// up: until then nothing folds the log of changes back, and a server under load
// would never let it begin. A target that does not answer holds nothing up; Status
// says so.
func Start(ctx context.Context, s Settings, o Options) (*Replicator, error) {
	if err := s.check(o.Epoch); err != nil {
		return nil, err
	}
	r := &Replicator{settings: s, options: o, root: s.Databases[0].Target.root(), state: state{clock: o.Now}, whole: map[chain.Piece]time.Time{}, sound: map[string]time.Time{}, doubts: make(chan struct{}, 1), told: map[string]map[uint64]bool{}}
	r.crates, r.turn = newCrates(r.files(), r.depot, &spoilt{dir: r.files(), target: r.root.Name(), log: o.Log, elsewhere: o.Elsewhere}), newTurn(o.Dir, o.Epoch, o.Now)
	for i, d := range s.Databases {
		r.dbs = append(r.dbs, d.open(r.first(i), r.mayWrite))
	}
	r.store = s.open(r.dbs, hushed(o.Log))
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	r.stop = stop
	gate, cancel := context.WithTimeout(running, gateLimit)
	defer cancel()
	asked := o.Now()
	err := r.begin(gate)
	if isOver(err) {
		stop()
		return nil, err
	}
	if r.state.probed(asked, err); err != nil {
		r.tell(err)
	}
	r.done.Go(func() { r.watch(running) })
	r.done.Go(func() { r.tend(running) })
	return r, nil
}

// first brings to the target what has to be there before a database: the files, which any
// of them may name, and the database that it goes by.
func (r *Replicator) first(i int) func(context.Context) error {
	return func(ctx context.Context) error {
		err := r.crates.send(ctx)
		if err == nil && i > 0 {
			err = r.dbs[i-1].SyncAndWait(ctx)
		}
		return err
	}
}

// files is the folder of the contents by hash.
func (r *Replicator) files() string { return filepath.Join(r.options.Dir, filesFolder) }

// isOver says that nothing of this server is taken at the target any more.
func isOver(err error) bool {
	_, replaced := errors.AsType[Replaced](err)
	_, twin := errors.AsType[Twin](err)
	return replaced || twin
}

// check refuses settings that would mix what has to stay apart.
func (s Settings) check(own Epoch) error {
	if len(s.Databases) == 0 {
		return errors.New("the replicator's settings name no database")
	}
	for _, d := range s.Databases {
		if path.Base(d.Target.Path) != own.Name() {
			return fmt.Errorf("the replica of %s is %s, which does not end with the epoch %s: end its path with ${SELFHELP_EPOCH}", filepath.Base(d.Path), d.Target.Name(), own.Name())
		}
		if d.Target.root() != s.Databases[0].Target.root() {
			return fmt.Errorf("the replicas of %s and %s are not in one place: what belongs together is copied and restored together", filepath.Base(d.Path), filepath.Base(s.Databases[0].Path))
		}
	}
	return nil
}

// begin opens the replicator and copies for the first time.
func (r *Replicator) begin(ctx context.Context) error {
	if err := r.enter(ctx); err != nil {
		return err
	}
	if err := r.turn.waits(); err != nil {
		return err
	}
	if err := r.agree(ctx); err != nil {
		return err
	}
	if err := r.store.Open(ctx); err != nil {
		return fmt.Errorf("open the replicator: %w", err)
	}
	r.opened = true
	return r.probe(ctx)
}

// enter makes sure that the epoch of this server is the one in force, and takes its turn.
func (r *Replicator) enter(ctx context.Context) error {
	d, err := r.depot(ctx)
	if err != nil {
		return err
	}
	defer d.close()
	if err := claim(ctx, d, r.options.Epoch); err != nil {
		return err
	}
	return r.turn.take(ctx, d)
}

func (r *Replicator) depot(ctx context.Context) (depot, error) { return r.root.depot(ctx) }

// Barrier returns once everything that was committed before is at the target.
func (r *Replicator) Barrier(ctx context.Context) error {
	for _, db := range r.dbs {
		if err := db.SyncAndWait(ctx); err != nil {
			return fmt.Errorf("copy %s to %s: %w", filepath.Base(db.Path()), r.root.Name(), err)
		}
	}
	return nil
}

// watch opens what could not be opened, and asks again and again whether all is
// well, until ctx is done.
func (r *Replicator) watch(ctx context.Context) {
	wait := retryAfter
	tick := time.NewTicker(wait)
	defer tick.Stop()
	for {
		if r.copies() && wait == retryAfter {
			wait = probeEvery
			tick.Reset(wait)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		r.Look(ctx)
		if r.state.now().over() {
			return
		}
	}
}

// copies says whether it was opened.
func (r *Replicator) copies() bool {
	r.asking.Lock()
	defer r.asking.Unlock()
	return r.opened
}

// Look asks now whether all is well, and waits for the answer.
func (r *Replicator) Look(ctx context.Context) {
	r.asking.Lock()
	defer r.asking.Unlock()
	ctx, cancel := context.WithTimeout(ctx, probeLimit)
	defer cancel()
	ask := r.begin
	if r.opened {
		ask = r.probe
	}
	asked := r.options.Now()
	err := ask(ctx)
	if errors.Is(ctx.Err(), context.Canceled) {
		return
	}
	if over, is := errors.AsType[Replaced](err); is {
		r.End(over.By)
	}
	if twin, is := errors.AsType[Twin](err); is && r.state.twin(twin) {
		r.store.SetShutdownSyncTimeout(0)
	}
	if r.state.probed(asked, err) {
		r.tell(err)
	}
}

// End is told who ended the epoch of this server.
func (r *Replicator) End(by Epoch) {
	over := Replaced{By: by, Own: r.options.Epoch}
	if r.state.replaced(over) {
		r.store.SetShutdownSyncTimeout(0) // nothing of it will be taken any more
		r.options.Replaced(over)
	}
}

// probe copies what is new, sees to it that nobody else began an epoch, and enters
// what belongs together.
func (r *Replicator) probe(ctx context.Context) error {
	d, err := r.depot(ctx)
	if err != nil {
		return err
	}
	defer d.close()
	if err := r.holdsOn(ctx, d); err != nil {
		return err
	}
	if err := r.agree(ctx); err != nil {
		return err
	}
	if err := r.crates.send(ctx); err != nil { // a target that was emptied has no files, and maybe all transactions already
		return err
	}
	if err := r.Barrier(ctx); err != nil {
		return err
	}
	return r.enterManifest(ctx, d, false)
}

// holdsOn is inForce for a server that entered its epoch: a target that does not know
// it any more was emptied. The epoch is entered again, and all the rest follows.
func (r *Replicator) holdsOn(ctx context.Context, d depot) error {
	latest, err := latestEpoch(ctx, d)
	if err != nil {
		return err
	}
	if latest.Number >= r.options.Epoch.Number {
		if err := latest.replaces(r.options.Epoch); err != nil {
			return err
		}
		return r.turn.holds(ctx, d)
	}
	r.options.Log.Error("the target does not know this server any more: was it emptied? Everything is copied again", "target", r.root.Name(), "name", r.options.Epoch.Name())
	if err := claim(ctx, d, r.options.Epoch); err != nil {
		return err
	}
	if err := r.turn.again(ctx, d); err != nil {
		return err
	}
	r.crates.doubt()
	select {
	case r.doubts <- struct{}{}:
	default: // it is known
	}
	return nil
}

// tell logs what changed, once.
func (r *Replicator) tell(err error) {
	if err == nil {
		r.options.Log.Info("everything is copied to the target", "target", r.root.Name())
		return
	}
	r.options.Log.Error("the target does not have everything", "target", r.root.Name(), "err", err)
}

// NewFile says that a content was kept: it goes to the target before the next
// transaction does.
func (r *Replicator) NewFile(hash string) { r.crates.add(hash) }

// open makes what replicates a database; before is done ahead of each upload, and may
// asked ahead of each change of the target.
func (d Database) open(before, may func(context.Context) error) *litestream.DB {
	db := litestream.NewDB(d.Path)
	db.MonitorInterval, db.CheckpointInterval, db.BusyTimeout = d.Monitor, d.Fold, d.Busy
	if d.Truncate > 0 {
		db.TruncatePageN = d.Truncate
	}
	if d.Minimum > 0 {
		db.MinCheckpointPageN = d.Minimum
	}
	if d.LocalMeta != "" {
		db.SetMetaPath(d.LocalMeta)
	}
	db.Replica = litestream.NewReplicaWithClient(db, ordered{d.Target.client(), before, may})
	db.Replica.SyncInterval = d.Sync
	return db
}

// open makes what keeps the databases going.
func (s Settings) open(dbs []*litestream.DB, log *slog.Logger) *litestream.Store {
	levels := litestream.CompactionLevels{{Level: 0}}
	for i, interval := range s.Levels {
		levels = append(levels, &litestream.CompactionLevel{Level: i + 1, Interval: interval})
	}
	store := litestream.NewStore(dbs, levels)
	store.SnapshotInterval, store.SnapshotRetention = s.Snapshot.Interval, s.Snapshot.Retention
	store.L0RetentionCheckInterval, store.ValidationInterval = s.L0.Check, 0 // Examine looks through it, and heals
	store.SetL0Retention(s.L0.Retention)
	store.SetVerifyCompaction(s.VerifyCompaction)
	store.SetShutdownSyncTimeout(s.Stop)
	store.Logger = log
	for _, db := range dbs { // only now: the store gives them its own
		db.SetLogger(log.With("database", filepath.Base(db.Path())))
	}
	return store
}
