package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"selfhelp/store"
	"selfhelp/store/replica"
)

// settingsFile is what replicators are set by, as it is delivered.
const settingsFile = "litestream.yml"

// copyVariable names the target in it.
const copyVariable = "SELFHELP_REPLICA"

// copyTo is where a data folder is copied to.
func copyTo(data string) string { return data + "-copy" }

// copying begins to copy a data folder whose databases are there, as the product does.
func copying(ctx context.Context, data string) (*replica.Replicator, error) {
	if err := replica.Prepare(copyTo(data)); err != nil {
		return nil, err
	}
	place, err := replica.Of(settingsFile, data, "bench", func(name string) (string, bool) {
		return copyTo(data), name == copyVariable
	}, store.Databases()...)
	if err != nil {
		return nil, err
	}
	if err := place.Epoch.Keep(place.Dir); err != nil {
		return nil, err
	}
	return replica.Start(ctx, place.Settings, replica.Options{
		Dir: place.Dir, Epoch: place.Epoch, Log: slog.New(slog.DiscardHandler), Now: time.Now,
		Replaced: func(replica.Replaced) {}, Healed: func(replica.Healed) {},
	})
}

// pacers are so many people who answer so often that it makes a thousand a second.
const (
	pacers = 100
	pacing = time.Second / 10
)

// copied compares answers on a folder that is copied to a second place with answers on
// one that is not, in turn: a thousand a second, then as many as go through. Before, what
// a copy costs that has nothing to do.
func (m *measure) copied(ctx context.Context) error {
	for _, name := range []string{"alone", "copied"} {
		if _, err := fill(ctx, m.folder(name), 10); err != nil {
			return err
		}
	}
	without, err := m.serve("alone")
	if err != nil {
		return err
	}
	defer without.stop()
	with, err := m.serveAs("copied", "copied")
	if err != nil {
		return err
	}
	defer with.stop()
	used, err := resting(ctx, 12*m.during, without, with)
	if err != nil {
		return err
	}
	m.add("processor time of a server nobody uses, copied", percent(used[1]), percent(used[0]), "", "< 1 % more")
	m.loadPaced(without, 10, pacers, time.Second, pacing) // warm
	m.loadPaced(with, 10, pacers, time.Second, pacing)
	var calm, calmCopied, full, fullCopied figures
	for range 4 {
		calm.add(m.loadPaced(without, 10, pacers, 3*m.during, pacing))
		calmCopied.add(m.loadPaced(with, 10, pacers, 3*m.during, pacing))
		full.add(m.load(without, 10, clients, m.during))
		fullCopied.add(m.load(with, 10, clients, m.during))
	}
	m.add("answer a step, copied, 1,000 a second, p50", microseconds(calmCopied.percentile(50)), microseconds(calm.percentile(50)), ratio(float64(calmCopied.percentile(50)), float64(calm.percentile(50))), "≤ 1.10")
	m.add("answer a step, copied, 1,000 a second, p99", times(calmCopied), times(calm)+", "+perSecond(calm), "", "")
	m.add("answer a step, copied, 1,000 a second, longest", milliseconds(calmCopied.percentile(100)), milliseconds(calm.percentile(100)), "", "60 ms")
	m.add(fmt.Sprintf("answer a step, copied, %d people without a pause", clients), perSecond(fullCopied), perSecond(full), ratio(fullCopied.perSecond(), full.perSecond()), "≥ 0.70")
	return failed(calm, calmCopied, full, fullCopied)
}

// resting is the share of a processor that servers take of which nobody wants
// anything.
func resting(ctx context.Context, during time.Duration, all ...*process) (shares []float64, err error) {
	wait(ctx, during/6) // what the start began ends
	var before []time.Duration
	for _, p := range all {
		t, err := p.processor()
		if err != nil {
			return nil, err
		}
		before = append(before, t)
	}
	wait(ctx, during)
	for i, p := range all {
		t, err := p.processor()
		if err != nil {
			return nil, err
		}
		shares = append(shares, (t-before[i]).Seconds()/during.Seconds())
	}
	return shares, nil
}

func wait(ctx context.Context, during time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(during):
	}
}

// gigabyte is how many events make databases of about one.
const gigabyte = 1_200_000

// broughtBack times the commands that bring a data folder of a gigabyte back, with all
// that they look through, from its copy and from a backup, and the one that makes the
// backup. What it is held against is one reading of the databases' every page.
func (m *measure) broughtBack(ctx context.Context) error {
	events := min(m.events, gigabyte)
	p, err := m.serveLog(ctx, "lost", events)
	if err != nil {
		return err
	}
	p.stop()
	r, err := copying(ctx, m.folder("lost"))
	if err != nil {
		return err
	}
	err = r.Barrier(ctx)
	if err = errors.Join(err, r.Close(ctx)); err != nil {
		return err
	}
	size, err := settled(filepath.Join(m.folder("lost"), "activity.db"))
	if err != nil {
		return err
	}
	for _, data := range []string{"back", "back2", "second"} { // keys are in no copy
		if err := os.CopyFS(filepath.Join(m.folder(data), "keys"), os.DirFS(filepath.Join(m.folder("lost"), "keys"))); err != nil {
			return err
		}
	}
	if err := os.Setenv(copyVariable, copyTo(m.folder("lost"))); err != nil { // for the commands
		return err
	}
	timed := func(data string, args ...string) (time.Duration, error) {
		return m.command(ctx, append(args, "--data", m.folder(data))...)
	}
	checked, err := timed("lost", "verify")
	if err != nil {
		return err
	}
	what := megabytes(size) + " of databases, "
	back, err := timed("back", "restore", "--config", settingsFile, "--site", "bench")
	if err != nil {
		return err
	}
	m.add("restore "+what+"from the copy", seconds(back), seconds(checked)+" verify", ratio(back.Seconds(), checked.Seconds()), "20 s a GB")
	if _, err := m.command(ctx, "backup", "init", m.folder("backups")); err != nil {
		return err
	}
	kept, err := timed("lost", "backup", "--full", "--backup", m.folder("backups"))
	if err != nil {
		return err
	}
	m.add("back up "+what+"verified by a restore", seconds(kept), seconds(checked)+" verify", ratio(kept.Seconds(), checked.Seconds()), "")
	if back, err = timed("back2", "restore", "--backup", m.folder("backups")); err != nil {
		return err
	}
	taken, err := timed("second", "promote", "--config", settingsFile, "--site", "second")
	if err != nil {
		return err
	}
	addr, err := freeAddress()
	if err != nil {
		return err
	}
	second, err := start(addr, "/readyz", "./selfhelp", "serve", "--config", settingsFile, "--site", "second", "--data", m.folder("second"), "--listen", addr)
	if err != nil {
		return err
	}
	second.stop()
	m.add("take over at a second site, "+what+"until it can be written to", seconds(taken+second.ready), "", "", "30 s")
	m.add("restore "+what+"from the backup", seconds(back), seconds(checked)+" verify", ratio(back.Seconds(), checked.Seconds()), "20 s a GB")
	return nil
}

// command times one command of the product's binary.
func (m *measure) command(ctx context.Context, args ...string) (time.Duration, error) {
	c := exec.CommandContext(ctx, "./selfhelp", args...)
	began := time.Now()
	out, err := c.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("selfhelp %q: %w\n%s", args, err, out)
	}
	return time.Since(began), nil
}
