package watch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"
)

// Report is the facts, and since when each subject is as it is.
type Report struct {
	Facts
	Since map[string]time.Time `json:"since"`
}

// Rows judges the report.
func (r Report) Rows() []Row {
	rows := Judge(r.Facts)
	for i := range rows {
		if rows[i].Since.IsZero() {
			rows[i].Since = r.Since[rows[i].Subject]
		}
	}
	return rows
}

// Report is the facts of now.
func (w *Watch) Report(ctx context.Context) Report {
	facts := w.Facts(ctx)
	return Report{Facts: facts, Since: w.note(facts)}
}

// note keeps since when each subject is in its state, and returns that.
func (w *Watch) note(f Facts) map[string]time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	since := map[string]time.Time{}
	for _, row := range Judge(f) {
		c, known := w.since[row.Subject]
		if !known || c.state != row.State {
			c = change{row.State, f.At}
			w.since[row.Subject] = c
		}
		since[row.Subject] = c.at
	}
	return since
}

// looks is how often the server looks at itself, also when nobody asks.
const looks = 10 * time.Second

// Run looks at the server until ctx is done, so that it is known since when it is as it is.
// Who asks meanwhile looks for themselves.
func (w *Watch) Run(ctx context.Context) {
	again := time.NewTicker(looks)
	defer again.Stop()
	for {
		w.gather(ctx)
		select {
		case <-ctx.Done():
			return
		case <-again.C:
		}
	}
}

// socket is where a server tells who may read its folder how it is.
const socket = "status.sock"

// How long one conversation there may take.
const conversation = 5 * time.Second

// ErrNobody is that no server answers for a folder.
var ErrNobody = errors.New("no server answers for this folder")

// Listen opens the place in a data folder where the server is asked. The folder is
// the caller's alone: what lies there is of a server that ended.
func Listen(ctx context.Context, dir string) (net.Listener, error) {
	path := filepath.Join(dir, socket)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// Tell answers each who asks, until the place is closed.
func (w *Watch) Tell(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			_ = conn.SetDeadline(time.Now().Add(conversation))
			_ = json.NewEncoder(conn).Encode(w.Report(context.Background())) // who asked has left
		}()
	}
}

// Ask asks the server of a data folder; ErrNobody when none runs.
func Ask(ctx context.Context, dir string) (r Report, err error) {
	conn, err := (&net.Dialer{Timeout: conversation}).DialContext(ctx, "unix", filepath.Join(dir, socket))
	if err != nil {
		return r, fmt.Errorf("%w: %w", ErrNobody, err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(conversation))
	if err := json.NewDecoder(io.LimitReader(conn, 1<<20)).Decode(&r); err != nil {
		return r, fmt.Errorf("read what the server of %s says: %w", dir, err)
	}
	return r, nil
}
