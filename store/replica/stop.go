package replica

import (
	"context"
	"fmt"
	"time"
)

// patience is how long a stop may take without a word.
const patience = time.Second

// Close copies what is left, within the time of the settings. The databases are
// closed before. Who waits is told for what, once it takes longer than a moment.
func (r *Replicator) Close(ctx context.Context) error {
	most := r.settings.Stop + probeLimit
	began := time.Now()
	wait := time.AfterFunc(patience, func() {
		r.options.Log.Info("stopping waits for the target: the last changes are on their way", "target", r.root.Name(), "until", began.Add(most).Format(time.RFC3339))
	})
	err := r.close(ctx, most)
	switch told := !wait.Stop(); {
	case err != nil: // which says why
		r.options.Log.Error("the last changes are not at the target: they stand here, and follow when this server is started again", "target", r.root.Name())
	case told && !r.state.now().over():
		r.options.Log.Info("the last changes are at the target", "target", r.root.Name(), "took", time.Since(began).Round(time.Millisecond))
	}
	return err
}

// close is Close without a word.
func (r *Replicator) close(ctx context.Context, most time.Duration) error {
	r.stop()
	r.done.Wait()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), most)
	defer cancel()
	err := r.store.Close(ctx)
	if _, lost := r.turn.stale(); err != nil && isOver(lost) {
		err = lost
	}
	if r.state.now().over() || isOver(err) { // what is left is nobody's any more
		return nil
	}
	if err == nil {
		err = r.end(ctx)
	}
	if err != nil {
		return fmt.Errorf("copy what is left to %s: %w", r.root.Name(), err)
	}
	return nil
}

// end enters at the target that everything of this server is there.
func (r *Replicator) end(ctx context.Context) error {
	d, err := r.depot(ctx)
	if err != nil {
		return err
	}
	defer d.close()
	if err := inForce(ctx, d, r.options.Epoch); err != nil {
		return err
	}
	if err := r.turn.holds(ctx, d); err != nil {
		return err
	}
	if err := r.crates.send(ctx); err != nil { // that no transaction names yet
		return err
	}
	return r.enterManifest(ctx, d, true)
}
