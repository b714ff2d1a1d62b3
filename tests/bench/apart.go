package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"

	"selfhelp/app/edition"
	"selfhelp/app/platform"
	"selfhelp/store"
)

// apart publishes while people answer on one server, which has a core of its own with
// them: everything else, this process that builds the publication included, has the
// others, as it would have another machine.
func (m *measure) apart(ctx context.Context, p *platform.Platform, st *store.Store, e *edition.Edition, all []*process) (err error) {
	cores := runtime.NumCPU()
	if cores < 2 {
		return nil
	}
	others := fmt.Sprintf("1-%d", cores-1)
	if err := pin(os.Getpid(), others); err != nil {
		return err
	}
	defer func() {
		every := fmt.Sprintf("0-%d", cores-1)
		err = errors.Join(err, pin(os.Getpid(), every))
		for _, one := range all {
			err = errors.Join(err, pin(one.cmd.Process.Pid, every))
		}
	}()
	for i, one := range all {
		on := others
		if i == 0 {
			on = "0"
		}
		if err := pin(one.cmd.Process.Pid, on); err != nil {
			return err
		}
	}
	projects, err := st.Content.Projects(ctx, "production")
	if err != nil {
		return err
	}
	before, err := m.answersApart(all[0].addr)
	if err != nil {
		return err
	}
	type told struct {
		figures
		err error
	}
	among := make(chan told, 1)
	go func() {
		f, err := m.answersApart(all[0].addr)
		among <- told{f, err}
	}()
	time.Sleep(m.during / 5)
	if _, err := e.Publish(ctx, edition.Order{Project: projects[0].ID}); err != nil {
		return err
	}
	if _, err := served(ctx, p, e.Shelf().Sequence()); err != nil {
		return err
	}
	got := <-among
	if err := errors.Join(got.err, failed(before, got.figures)); err != nil {
		return err
	}
	m.add("the same on a core of its own, p50 / p99", times(got.figures), times(before), ratio(got.percentile(99).Seconds(), before.percentile(99).Seconds()), "p99 ≤ 1.20")
	return nil
}

// answersApart has people answer on a server, from a process on its core.
func (m *measure) answersApart(addr string) (f figures, err error) {
	self, err := os.Executable()
	if err != nil {
		return f, err
	}
	cmd := exec.Command("taskset", "-c", "0", self, "answers", addr, (2 * m.during).String())
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return f, fmt.Errorf("answer from a process of its own: %w", err)
	}
	return f, json.Unmarshal(out, &f)
}

// answersFor is that process: it prints what it measured.
func answersFor(addr, during string) error {
	d, err := time.ParseDuration(during)
	if err != nil {
		return err
	}
	on := &process{addr: addr}
	answers(on, 8, d/10) // warm
	f := answers(on, 8, d)
	if f.FirstErr != nil {
		return f.FirstErr
	}
	return json.NewEncoder(os.Stdout).Encode(f)
}

// pin gives all threads of a process some cores.
func pin(process int, cores string) error {
	if out, err := exec.Command("taskset", "-a", "-c", "-p", cores, strconv.Itoa(process)).CombinedOutput(); err != nil {
		return fmt.Errorf("give a process its cores: %w: %s", err, strings.TrimSpace(string(out)))
	}
	return nil
}
