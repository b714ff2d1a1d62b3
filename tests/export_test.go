package tests

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// manyExecutions writes executions of the desk into a database nobody has
// open, each with a name that a spreadsheet would run.
const manyExecutions = `WITH RECURSIVE count(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM count WHERE i < %d)
INSERT INTO execution (id, project, procedure, alias, version, user, pseudonym, channel, language, started, touched, ended, outcome, turns)
SELECT 'x' || i, '%s', 'gone', '=HYPERLINK("http://evil.example/' || i || '")', '1.0', '@SUM(' || i || ')', 1, '+cmd', 'fr',
1790000000000000 + i * 1000000, 1790000000000000 + i * 1000000, 1790000000000000 + i * 1000000, 'solved', 3 FROM count`

// peak is how much memory the process has had at most, in bytes.
func (p *process) peak() (bytes int64) {
	p.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		if os.Getenv("SELFHELP_THOROUGH") != "" {
			p.t.Fatal(err)
		}
		p.t.Skip("this system does not say how much memory a process has had")
	}
	for line := range strings.Lines(string(status)) {
		if rest, found := strings.CutPrefix(line, "VmHWM:"); found {
			fmt.Sscan(rest, &bytes)
		}
	}
	return bytes << 10
}

// ask asks for a page as boss, for as long as ctx lasts.
func (p *process) ask(ctx context.Context, boss *visitor, address string) *http.Response {
	p.t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	reply, err := boss.client.Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	if reply.StatusCode != http.StatusOK || !strings.HasPrefix(reply.Header.Get("Content-Type"), "text/csv") {
		p.t.Fatalf("%s answers %s", address, reply.Status)
	}
	return reply
}

// TestLongExports exports very many executions: every one comes out, as texts
// that no spreadsheet runs, in memory that does not grow with them; who leaves
// in the middle stops it.
func TestLongExports(t *testing.T) {
	count := 40_000
	if os.Getenv("SELFHELP_THOROUGH") != "" {
		count = 1_000_000
	}
	data := t.TempDir()
	desk(t, data)
	p := serve(t, data)
	boss := p.boss()
	project, err := deskProject(boss, p.address)
	if err != nil {
		t.Fatal(err)
	}
	path := strings.TrimPrefix(project, p.address)
	p.stop()
	rawly(t, filepath.Join(data, "activity.db"), fmt.Sprintf(manyExecutions, count, filepath.Base(path)))

	p = serve(t, data)
	if _, err := boss.open(p.address + path + "/executions"); err != nil {
		t.Fatal(err)
	}
	before, began := p.peak(), time.Now()
	reply := p.ask(t.Context(), boss, p.address+path+"/executions.csv")
	seen := tableOf(t, reply.Body)
	reply.Body.Close()
	grown := p.peak() - before
	t.Logf("%d executions in %v; the server's memory grew by %d MiB to %d MiB", seen, time.Since(began).Round(time.Millisecond), grown>>20, (before+grown)>>20)
	if seen != count {
		t.Errorf("%d executions of %d came out", seen, count)
	}
	if grown > 160<<20 { // most of it is garbage that it takes its time to collect
		t.Errorf("for %d executions the server took %d MiB more", count, grown>>20)
	}

	ctx, leave := context.WithCancel(t.Context())
	reply = p.ask(ctx, boss, p.address+path+"/executions.csv")
	if _, err := io.CopyN(io.Discard, reply.Body, 256<<10); err != nil {
		t.Error(err)
	}
	leave()
	reply.Body.Close()
	p.stop() // which waits for what goes on
	for line := range strings.Lines(p.log.String()) {
		if strings.Contains(line, "level=ERROR") || strings.Contains(line, "cut short") {
			t.Errorf("log: %s", line)
		}
	}
}

// tableOf reads a table to its end and counts its rows; no cell may be run.
func tableOf(t *testing.T, from io.Reader) (rows int) {
	t.Helper()
	in := bufio.NewReader(from)
	if mark, _, err := in.ReadRune(); err != nil || mark != '\ufeff' {
		t.Fatalf("the table begins with %q (%v)", mark, err)
	}
	table := csv.NewReader(in)
	table.ReuseRecord = true
	for ; ; rows++ {
		row, err := table.Read()
		if err == io.EOF {
			return rows - 1 // without the head
		}
		if err != nil {
			t.Fatalf("row %d: %v", rows, err)
		}
		for _, cell := range row {
			if strings.IndexAny(cell, "=+-@\t\r") == 0 {
				t.Fatalf("row %d: %q would be run", rows, cell)
			}
		}
	}
}
