package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

// fewEvents is the log against which a long one is measured.
const fewEvents = 1000

// logged compares answers over a short log of events and over a long one, in
// turn: what else the machine does then concerns both.
func (m *measure) logged(ctx context.Context) error {
	few, err := m.serveLog(ctx, "log-few", fewEvents)
	if err != nil {
		return err
	}
	defer few.stop()
	many, err := m.serveLog(ctx, "log-many", m.events)
	if err != nil {
		return err
	}
	defer many.stop()
	var short, long figures
	for range 4 {
		for p, sum := range map[*process]*figures{few: &short, many: &long} {
			f, err := spent(p, func() figures { return m.load(p, 10, clients, m.during/2) })
			if err != nil {
				return err
			}
			sum.add(f)
		}
	}
	used, err := many.memory()
	if err != nil {
		return err
	}
	what := fmt.Sprintf("answer a step, %d events in the log, ", m.events)
	m.add(fmt.Sprintf("start to first page, %d events in the log", m.events), milliseconds(many.ready), milliseconds(few.ready), "", "300 ms")
	m.add(fmt.Sprintf("memory after work, %d events in the log", m.events), megabytes(used), "", "", "300 MB")
	m.add(what+fmt.Sprintf("time against %d", fewEvents), perSecond(long), perSecond(short), ratio(short.perSecond(), long.perSecond()), "≤ 1.20")
	m.add(what+"processor time", microseconds(long.each()), microseconds(short.each()), ratio(float64(long.each()), float64(short.each())), "≤ 1.20")
	m.add(what+"p50 / p99", times(long), times(short), "", "")
	return failed(short, long)
}

// serveLog starts the product on a folder in which so many events are logged.
func (m *measure) serveLog(ctx context.Context, name string, events int) (*process, error) {
	if _, err := fill(ctx, m.folder(name), 10); err != nil {
		return nil, err
	}
	p, err := m.serve(name)
	if err != nil {
		return nil, err
	}
	err = untilEnd(p.addr, &person{host: p.addr, procedures: 10})
	p.stop()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := lengthen(ctx, m.folder(name), events); err != nil {
		return nil, fmt.Errorf("make a log of %d events: %w", events, err)
	}
	size, err := settled(filepath.Join(m.folder(name), "activity.db"))
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(os.Stderr, "bench: a log of %d events, %s, made in %s\n", events, megabytes(size), time.Since(began).Round(time.Second))
	return m.serve(name)
}

// settled waits until the disk has all of a file, so that nobody who is measured
// does, and returns its size.
func settled(name string) (size int64, err error) {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := f.Sync(); err != nil {
		return 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// The one execution of the log is copied as often as is needed, each copy under
// an owner of its own and a second after the one before.
const (
	sqlEvents     = `SELECT sum(json_array_length(events)) FROM turn`
	sqlExecutions = `WITH RECURSIVE copy (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM copy WHERE i < ?)
INSERT INTO execution (id, project, procedure, alias, version, owner, channel, language, started, touched, ended, outcome, step, turns)
SELECT lower(hex(randomblob(13))), project, procedure, alias, version, lower(hex(randomblob(16))), channel, language, started - i * 1000000, touched - i * 1000000, ended, outcome, step, turns
FROM copy CROSS JOIN execution WHERE n = (SELECT min(n) FROM execution)`
	sqlTurns = `INSERT INTO turn (execution, seq, parent, input, step, at, events, state)
SELECT e.n, t.seq, t.parent, t.input, t.step, t.at, t.events, t.state
FROM execution e CROSS JOIN turn t WHERE t.execution = (SELECT min(n) FROM execution) AND e.n > t.execution ORDER BY e.n, t.seq`
)

// lengthen copies the one execution of a log until the log has so many events.
func lengthen(ctx context.Context, data string, events int) (err error) {
	// Nothing here must outlive the machine.
	q := url.Values{"_pragma": {"journal_mode(OFF)", "synchronous(OFF)", "cache_size(-262144)"}}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: filepath.Join(data, "activity.db"), RawQuery: q.Encode()}).String())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	var each int
	if err := db.QueryRowContext(ctx, sqlEvents).Scan(&each); err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, sqlExecutions, max(1, events/each-1)); err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, sqlTurns)
	return err
}
