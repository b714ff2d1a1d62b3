package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"selfhelp/app/config"
	"selfhelp/app/fault"
	"selfhelp/app/recovery"
	"selfhelp/store"
	"selfhelp/store/disk"
	"selfhelp/store/replica"
)

var promoteCommand = Command{
	Name:    "promote",
	Summary: "make this site the one that is written to",
	Text: `For the second site, when the first is lost. It enters the next epoch where the
replicas are, so that the other server writes nothing there any more and refuses to
start; restores the last state, from --receive when it is given, else from the
target; looks through the whole of it; and puts it in place of what is in --data.
Then start selfhelp serve.

For a planned change of hands, stop the other server and use selfhelp failback,
which makes sure that nothing is left behind.`,
	Facts: []any{promotedReport{}},
	Prepare: func(set *flag.FlagSet) Deed {
		settings := config.Flags(set, "data", "replication", "site", "receive")
		var p promotion
		p.flags(set)
		return func(ctx context.Context, t Terminal, operands []string) error {
			if len(operands) > 0 {
				return Misused("it takes no operand, but got %q", operands[0])
			}
			return p.run(ctx, t, settings)
		}
	},
}

var failbackCommand = Command{
	Name:    "failback",
	Summary: "give this site its place back, with nothing lost",
	Text: `For the first site once it is repaired, and for every planned change of hands: this
site receives what the other one copies (selfhelp standby), or reads the same
target. Stop the other server: it copies what is left and says so at the target.
This command waits for that, up to --wait, and only then does what selfhelp promote
does. Until the other server has stopped it changes nothing.

What is in --data is kept in its folder recovery. After a first site was lost, that
holds what it took last and could not copy any more: the command names the
publications and the procedures, counts the journeys, and says until when.`,
	Facts: []any{promotedReport{}},
	Prepare: func(set *flag.FlagSet) Deed {
		settings := config.Flags(set, "data", "replication", "site", "receive")
		p := promotion{planned: true}
		p.flags(set)
		set.DurationVar(&p.wait, "wait", 10*time.Minute, "how long to wait until the other server has stopped")
		return func(ctx context.Context, t Terminal, operands []string) error {
			if len(operands) > 0 {
				return Misused("it takes no operand, but got %q", operands[0])
			}
			return p.run(ctx, t, settings)
		}
	},
}

// promotion makes a site the one that is written to.
type promotion struct {
	planned bool          // the other server has to have stopped
	wait    time.Duration // for that
	anyway  bool          // though something is wrong with what came back
	json    bool

	env  config.Environment
	told io.Writer
	log  *slog.Logger
}

func (p *promotion) flags(set *flag.FlagSet) {
	set.BoolVar(&p.anyway, "anyway", false, "put it in place though something of it is wrong, when nothing better is to be had")
	set.BoolVar(&p.json, "json", false, "print JSON")
}

// promotedReport says what a promotion did.
type promotedReport struct {
	From    string        `json:"from"`  // the epoch that is over
	Epoch   string        `json:"epoch"` // the one that begins
	Until   time.Time     `json:"until"` // up to when all of it was surely here
	Ended   bool          `json:"ended"` // the other server had stopped: nothing of it is missing
	Seconds float64       `json:"seconds"`
	Wrong   []string      `json:"wrong"`
	Missing []string      `json:"missing"`          // files that people sent and that did not come
	Lost    *store.Lost   `json:"lost,omitempty"`   // that was in the folder and is not in what came
	Kept    string        `json:"kept,omitempty"`   // where what was in the folder went
	Before  *store.Extent `json:"before,omitempty"` // what that holds
	After   store.Extent  `json:"after"`
	// Copied is up to when everything in Kept had reached the other site; the zero
	// time where nobody knows.
	Copied time.Time `json:"copied,omitzero"`
}

func (p *promotion) run(ctx context.Context, t Terminal, settings func(config.Environment) (config.Config, error)) error {
	c, log, err := folderOf(t, settings)
	if err != nil {
		return err
	}
	p.env, p.told, p.log = t.Env, t.Err, log
	place, err := placeOf(c)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(place.Dir, 0o700); err != nil {
		return err
	}
	lock, err := disk.Hold(place.Dir)
	if err != nil {
		return err
	}
	defer lock.Release()
	if err := disk.NoReplicator(place.Dir, store.Databases()...); err != nil {
		return err
	}
	tellSite(p.told, place, c)
	from := place.Settings
	if c.Receive != "" {
		from = from.From(c.Receive)
	}
	if p.planned {
		if err := p.untilEnded(ctx, place, from); err != nil {
			return err
		}
	}
	r, err := p.promote(ctx, &place, from, c.Receive)
	if err != nil {
		return err
	}
	if p.json {
		return PrintJSON(t.Out, r)
	}
	return r.print(t.Out)
}

// untilEnded waits until the server of the epoch in force has stopped and copied
// everything.
func (p *promotion) untilEnded(ctx context.Context, place replica.Place, from replica.Settings) error {
	ctx, cancel := context.WithTimeout(ctx, p.wait)
	defer cancel()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	var last replica.Held
	for told := false; ; told = true {
		begun, now, err := from.Last(ctx)
		if err == nil {
			last = now
		}
		switch {
		case err != nil && ctx.Err() == nil:
			return err
		case begun.Is(place.Epoch):
			return fmt.Errorf("this site is the one that is written to: it holds %s, and nobody has begun a later one", place.Epoch.Name())
		case err == nil && last.Manifest.Ended:
			return nil
		case err == nil && !told:
			fmt.Fprintf(p.told, "%s is in force: stop its server, which copies what is left; waiting\n", last.Epoch.Name())
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the server of %s did not stop, or could not copy what is left: nothing was changed; when it is lost, selfhelp promote goes on without it", last.Epoch.Name())
		case <-tick.C:
		}
	}
}

// promote enters the next epoch and puts the last state in place. Whether there is one
// that can be used is known before anybody is replaced.
func (p *promotion) promote(ctx context.Context, place *replica.Place, from replica.Settings, received string) (r promotedReport, err error) {
	began := time.Now()
	if r.Copied, err = from.Whole(ctx, place.Epoch); err != nil {
		return r, err
	}
	last, next, restored, err := p.takeOver(ctx, *place, from, received)
	if err != nil {
		return r, err
	}
	defer restored.Scratch.Remove()
	manifest := restored.Back.Manifest
	r.From, r.Epoch, r.Until, r.Ended = last.Name(), next.Name(), manifest.At, manifest.Ended
	r.After, r.Wrong, r.Missing = restored.Extent, restored.Wrong, restored.Missing
	r.Lost = lostBy(ctx, *place, restored.Scratch.Dir, p.log)
	if r.Before, err = extentOf(ctx, *place); err != nil {
		p.log.Warn("what is in the folder now could not be counted", "err", err)
	}
	if r.Kept, err = place.Swap(restored.Scratch.Dir, next, time.Now()); err != nil {
		return r, err
	}
	r.Seconds = time.Since(began).Seconds()
	return r, p.note(*place, r)
}

// takeOver restores the last state, enters the next epoch, and restores again what came
// meanwhile of a server that was still at work.
func (p *promotion) takeOver(ctx context.Context, place replica.Place, from replica.Settings, received string) (last, next replica.Epoch, restored InScratch, err error) {
	begun, held, err := from.Last(ctx)
	if err == nil && !begun.Is(held.Epoch) && begun.Site != place.Epoch.Site && !p.anyway {
		err = wasFirst(begun, fmt.Errorf("%s was begun on %s, and nothing was copied in it yet", begun.Name(), begun.Since.Format(time.RFC3339)))
	}
	if err == nil && !p.anyway {
		err = older(place, begun, held)
	}
	if err == nil {
		err = keysFit(place.Dir, held.Manifest.Keys) // without them nobody would serve
	}
	if err != nil {
		return last, next, restored, err
	}
	if restored, err = p.bring(ctx, place, from, held.Epoch); err != nil {
		return last, next, restored, err
	}
	more := false
	if last, next, err = p.replace(ctx, place, from, begun, received); err == nil {
		fmt.Fprintf(p.told, "%s is over: whoever writes it writes no more\n", last.Name())
		more, err = from.Since(ctx, restored.Back, p.log)
	}
	if err != nil || more || !last.Is(held.Epoch) {
		err = errors.Join(err, restored.Scratch.Remove())
		if err == nil {
			restored, err = p.bring(ctx, place, from, last)
		}
		return last, next, restored, err
	}
	return last, next, restored, nil
}

// older refuses to put what came here in place of what was written in a folder after it.
func older(place replica.Place, begun replica.Epoch, held replica.Held) error {
	own := place.Epoch
	if place.Fresh || place.Over.Number > 0 || begun.Number > own.Number || held.Epoch.Number >= own.Number {
		return nil
	}
	return fmt.Errorf("what came here is of %s, up to %s, and the folder %s was written since, as %s: nothing was changed. To go on with the folder, start its server (selfhelp serve); to put what came here in its place, --anyway", held.Epoch.Name(), held.Manifest.At.Format(time.RFC3339), place.Dir, own.Name())
}

// replace enters the next epoch. Where the replica is received is kept before: whoever is
// replaced asks there.
func (p *promotion) replace(ctx context.Context, place replica.Place, from replica.Settings, begun replica.Epoch, received string) (last, next replica.Epoch, err error) {
	was, err := replica.Received(place.Dir)
	if err == nil && received != "" {
		err = replica.KeepReceived(place.Dir, received)
	}
	if err != nil {
		return last, next, err
	}
	last, next, err = place.TakeOver(ctx, from, begun)
	if err != nil {
		err = errors.Join(err, replica.KeepReceived(place.Dir, was))
	}
	if by, is := errors.AsType[replica.Replaced](err); is {
		return last, next, wasFirst(by.By, err)
	}
	return last, next, err
}

// wasFirst says that another site took over.
func wasFirst(by replica.Epoch, cause error) error {
	return &fault.Error{
		Kind: fault.Conflict, Key: "fault.store.first", Args: []any{by.Name()}, Cause: cause,
		Hint: "it goes on, and nothing was put in place here: let this site receive from it (selfhelp standby); run selfhelp promote --anyway only if that one is lost too",
	}
}

// bring restores the last state of an epoch into a scratch folder, which is whole.
func (p *promotion) bring(ctx context.Context, place replica.Place, from replica.Settings, e replica.Epoch) (InScratch, error) {
	restored, err := Restored(ctx, place, from, replica.Wanted{Epoch: e.Name()}, p.log, progressOn(p.told))
	if err != nil {
		return restored, err
	}
	for _, wrong := range restored.Wrong {
		fmt.Fprintf(p.told, "wrong: %s\n", wrong)
	}
	if len(restored.Wrong) > 0 && !p.anyway {
		err = errors.New("what came back is not whole, and nothing was put in place; an earlier moment may be: selfhelp restore --at; or take it as it is: --anyway")
		return restored, errors.Join(err, restored.Scratch.Remove())
	}
	return restored, nil
}

// note enters in the plan of the recovery what was done: the second site has taken
// over, or the first one has its place again.
func (p *promotion) note(place replica.Place, r promotedReport) error {
	e := recovery.Event{At: time.Now().UTC(), By: operator(p.env, place.Epoch.Site), Kind: recovery.Done, Phase: recovery.Takeover, Text: r.said()}
	if p.planned {
		e.Phase = recovery.Return
	}
	return store.KeepRecoveryNote(place.Dir, e)
}

// said is what a promotion did, in a line.
func (r promotedReport) said() string {
	s := fmt.Sprintf("%s → %s, %.1f s, ≥ %s", r.From, r.Epoch, r.Seconds, r.Until.Format(time.RFC3339))
	if r.Ended {
		s = fmt.Sprintf("%s → %s, %.1f s, = %s", r.From, r.Epoch, r.Seconds, r.Until.Format(time.RFC3339))
	}
	return s
}

func (r promotedReport) print(out io.Writer) error {
	surely := "with everything up to " + r.Until.Format(time.RFC3339) + " at least"
	if r.Ended {
		surely = "with everything: the server of " + r.From + " stopped on " + r.Until.Format(time.RFC3339)
	}
	fmt.Fprintf(out, "this site goes on as %s, in %.1f s, %s\n", r.Epoch, r.Seconds, surely)
	if r.Kept != "" {
		fmt.Fprintf(out, "what was here is in %s\n", r.Kept)
	}
	printLost(out, "of that, and not in what goes on", r.Lost)
	if r.Lost != nil && !r.Lost.Changed.IsZero() {
		fmt.Fprintf(out, "  the last change that is only there was made %s\n", said(r.Lost.Changed))
	}
	printMissing(out, r.Missing)
	if r.Before != nil && !r.Copied.IsZero() && (r.Before.Changed.After(r.Copied) || r.Before.Answered.After(r.Copied)) {
		fmt.Fprintf(out, "the other site had all of that up to %s; it holds a last change of %s and a last answer of %s, which may be nowhere else\n",
			r.Copied.Format(time.RFC3339), said(r.Before.Changed), said(r.Before.Answered))
	}
	_, err := fmt.Fprintln(out, "now start it: selfhelp serve")
	return err
}

func said(at time.Time) string {
	if at.IsZero() {
		return "never"
	}
	return at.Format(time.RFC3339)
}
