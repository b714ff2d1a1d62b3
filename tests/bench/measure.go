package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// measure gathers the figures of a run.
type measure struct {
	dir    string
	during time.Duration
	many   int
	events int
	people int    // of a directory, and of a list
	groups int    // of somebody, and filled by rule
	only   string // names of steps, "" for all
	lines  []line

	small  figures // answers over 10 procedures, 32 people
	page   []byte  // a reply, to be sent by the reference too
	viewed figures // pages shown again
}

// line is one figure of the table.
type line struct{ what, got, reference, ratio, aim string }

func (m *measure) add(what, got, reference, ratio, aim string) {
	m.lines = append(m.lines, line{what, got, reference, ratio, aim})
}

// clients is how many people are at work at once, unless a figure says so.
const clients = 32

// steps are what needs no peer, in the order in which it is measured.
var steps = []struct {
	name string
	do   func(*measure, context.Context) error
}{
	{"answering", (*measure).answering}, {"crowd", (*measure).crowd}, {"growing", (*measure).growing},
	{"log", (*measure).logged}, {"publishing", (*measure).publishing}, {"editing", (*measure).editing},
	{"identity", (*measure).identity}, {"ways", (*measure).ways}, {"flood", (*measure).flood}, {"strangers", (*measure).dispersed},
	{"copied", (*measure).copied}, {"restored", (*measure).broughtBack}, {"servers", (*measure).several},
}

func stepNames() (names []string) {
	for _, step := range steps {
		names = append(names, step.name)
	}
	return names
}

// all measures the steps that are asked for. One that fails leaves the others
// their figures.
func (m *measure) all(ctx context.Context) error {
	var failed []error
	for _, step := range steps {
		if m.only != "" && !slices.Contains(strings.Split(m.only, ","), step.name) {
			continue
		}
		if err := step.do(m, ctx); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", step.name, err))
		}
	}
	return errors.Join(failed...)
}

// answering compares answers, durable before the reply, with a bare handler
// that sends the same bytes, in turn.
func (m *measure) answering(ctx context.Context) error {
	p, err := m.serveSmall(ctx)
	if err != nil {
		return err
	}
	m.add("start to first page, 10 procedures", milliseconds(p.ready), "", "", "300 ms")
	idle, err := p.memory()
	if err != nil {
		return err
	}
	m.add("memory, idle, 10 procedures", megabytes(idle), "", "", "60 MB")
	m.load(p, 10, clients, time.Second) // warm
	if m.small, err = spent(p, func() figures { return m.load(p, 10, clients, m.during) }); err != nil {
		p.stop()
		return err
	}
	m.viewed, err = m.view(p)
	p.stop()
	if err != nil {
		return err
	}
	bare, err := m.bare()
	if err != nil {
		return err
	}
	m.add(fmt.Sprintf("answer a step, %d people, %d bytes", clients, len(m.page)), perSecond(m.small), perSecond(bare)+" bare net/http", ratio(m.small.perSecond(), bare.perSecond()), "≥ 0.50")
	m.add("answer a step, p50 / p99", times(m.small), times(bare), "", "")
	m.add("answer a step, processor time of the server alone", microseconds(m.small.each()), microseconds(bare.each()), "", "")
	return failed(m.small, bare, m.viewed)
}

// reading is how long people look at a page before they answer it, in the
// load of a crowd: far less than anybody needs.
const reading = time.Second

// crowd is 500 people at once, who look at each page for a second; then 500
// connections that never wait, whose times are those of the queue they make.
func (m *measure) crowd(ctx context.Context) error {
	p, err := m.serveSmall(ctx)
	if err != nil {
		return err
	}
	defer p.stop()
	calm := m.loadPaced(p, 10, 500, 2*m.during, reading)
	m.add("answer a step, 500 people answering once a second, p50 / p99", times(calm), perSecond(calm), "", "p99 ≤ 25 ms")
	f := m.load(p, 10, 500, m.during)
	m.add("answer a step, 500 connections without a pause, p50 / p99", times(f), perSecond(f), "", "")
	return failed(calm, f)
}

// growing compares answers over 10 procedures and over many, in turn.
func (m *measure) growing(ctx context.Context) error {
	took, err := fill(ctx, m.folder("large"), m.many)
	if err != nil {
		return err
	}
	m.add(fmt.Sprintf("publish %d procedures of %d steps", m.many, stepsEach), seconds(took), "", "", "")
	small, err := m.serveSmall(ctx)
	if err != nil {
		return err
	}
	few := m.load(small, 10, clients, m.during)
	small.stop()
	large, err := m.serve("large")
	if err != nil {
		return err
	}
	defer large.stop()
	m.add(fmt.Sprintf("start to first page, %d procedures", m.many), milliseconds(large.ready), "", "", "300 ms")
	many := m.load(large, m.many, clients, 2*m.during)
	used, err := large.memory()
	if err != nil {
		return err
	}
	m.add(fmt.Sprintf("memory after work, %d procedures", m.many), megabytes(used), "", "", "300 MB")
	m.add(fmt.Sprintf("answer a step, %d procedures, time against 10", m.many), perSecond(many), perSecond(few), ratio(few.perSecond(), many.perSecond()), "≤ 1.20")
	return failed(few, many)
}

// publishing is from the order to the shelf.
func (m *measure) publishing(ctx context.Context) error {
	took, err := fill(ctx, m.folder("thousand"), 1000)
	if err != nil {
		return err
	}
	m.add(fmt.Sprintf("publish 1000 procedures of %d steps", stepsEach), seconds(took), "", "", "2 s")
	return nil
}

// peers compares showing and answering a step with PocketBase's viewing and
// creating a record.
func (m *measure) peers() error {
	if err := os.MkdirAll(m.folder("peer"), 0o700); err != nil {
		return err
	}
	pb, err := startPocketBase(m.folder("peer"))
	if err != nil {
		return err
	}
	defer pb.stop()
	crowd := func(one func() client) (all []client) {
		for range clients {
			all = append(all, one())
		}
		return all
	}
	load(pb.addr, crowd(pb.viewer), time.Second, 0)
	viewed := load(pb.addr, crowd(pb.viewer), m.during, 0)
	created := load(pb.addr, crowd(pb.creator), m.during, 0)
	m.add("show a step / PocketBase views a record", perSecond(m.viewed), perSecond(viewed), ratio(m.viewed.perSecond(), viewed.perSecond()), "≥ 3.50")
	m.add("answer a step / PocketBase creates a record", perSecond(m.small), perSecond(created), ratio(m.small.perSecond(), created.perSecond()), "≥ 2.00")
	return failed(viewed, created)
}

// serveSmall starts the product on the folder of 10 procedures.
func (m *measure) serveSmall(ctx context.Context) (*process, error) {
	return m.serveSmallAs(ctx, "product")
}

func (m *measure) serveSmallAs(ctx context.Context, kind string) (*process, error) {
	if _, err := os.Stat(m.folder("small")); err != nil {
		if _, err := fill(ctx, m.folder("small"), 10); err != nil {
			return nil, err
		}
	}
	return m.serveAs(kind, "small")
}

// serve starts the product on one of the folders.
func (m *measure) serve(name string) (*process, error) { return m.serveAs("product", name) }

func (m *measure) serveAs(kind, name string) (*process, error) {
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	return self(addr, "/p/production/bench", kind, addr, m.folder(name))
}

// load lets people run procedures for a while, without a pause.
func (m *measure) load(p *process, procedures, people int, during time.Duration) figures {
	return m.loadPaced(p, procedures, people, during, 0)
}

// loadPaced is load by people who look at each page for a while.
func (m *measure) loadPaced(p *process, procedures, people int, during, pause time.Duration) figures {
	all := make([]client, people)
	for i := range all {
		all[i] = &person{host: p.addr, procedures: procedures, turn: i * 31}
	}
	f := load(p.addr, all, during, pause)
	m.page = all[0].(*person).page
	return f
}

// view shows one page of an execution again and again, each person their own.
func (m *measure) view(p *process) (figures, error) {
	all := make([]client, clients)
	for i := range all {
		one := &person{host: p.addr, procedures: 10, turn: i}
		if err := until(p.addr, one); err != nil {
			return figures{}, err
		}
		all[i] = repeated{request: getRequest(p.addr, one.form.action, "Cookie: "+one.cookie+"\r\n"), want: http.StatusOK}
	}
	return load(p.addr, all, m.during, 0), nil
}

// bare measures the reference: the same people send the same requests and read
// the same page, which is sent by a bare handler.
func (m *measure) bare() (figures, error) {
	file := m.folder("body")
	if err := os.WriteFile(file, m.page, 0o600); err != nil {
		return figures{}, err
	}
	addr, err := freeAddress()
	if err != nil {
		return figures{}, err
	}
	p, err := self(addr, "/", "reference", addr, file)
	if err != nil {
		return figures{}, err
	}
	defer p.stop()
	all := make([]client, clients)
	for i := range all {
		all[i] = &person{host: addr, cookie: strings.Repeat("c", 60), form: readForm(m.page)}
	}
	return spent(p, func() figures { return load(addr, all, m.during, 0) })
}

// spent is a load with what it cost the server's process: beside other work on
// the same machine, that changes less than the throughput does.
func spent(p *process, run func() figures) (figures, error) {
	before, err := p.processor()
	if err != nil {
		return figures{}, err
	}
	f := run()
	after, err := p.processor()
	f.Server = after - before
	return f, err
}

// failed reports a load in which something went wrong: its figures mean
// nothing.
func failed(all ...figures) error {
	for _, f := range all {
		if f.Errors > 0 {
			return fmt.Errorf("%d requests of a load failed, the first with: %w", f.Errors, f.FirstErr)
		}
	}
	return nil
}

func (m *measure) print(w io.Writer) {
	fmt.Fprintf(w, "%s, %d cores, every server and the load on this machine%s; each load %s\n\n", runtime.Version(), runtime.NumCPU(), others(), m.during)
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "what\tmeasured\treference\tratio\taimed at")
	for _, l := range m.lines {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", l.what, l.got, l.reference, l.ratio, l.aim)
	}
	t.Flush()
}

// others says what else the machine was asked to do, where the system tells:
// beside much of it, only ratios and times of processors mean something.
func others() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return ""
	}
	words := strings.Fields(string(b))
	return fmt.Sprintf(" (load of the last minutes, this one's included: %s)", strings.Join(words[:min(3, len(words))], " "))
}

func perSecond(f figures) string     { return fmt.Sprintf("%.0f/s", f.perSecond()) }
func ratio(a, b float64) string      { return fmt.Sprintf("%.2f", a/b) }
func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }
func megabytes(n int64) string       { return fmt.Sprintf("%d MB", n>>20) }
func percent(share float64) string   { return fmt.Sprintf("%.1f %%", 100*share) }
func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.0f ms", float64(d)/float64(time.Millisecond))
}
func microseconds(d time.Duration) string { return fmt.Sprintf("%d µs", d.Microseconds()) }
func times(f figures) string {
	return fmt.Sprintf("%.1f / %.1f ms", float64(f.percentile(50))/1e6, float64(f.percentile(99))/1e6)
}
