package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/store/db"
)

// ExecutionFilter says which executions a list shows, and in which order. What
// is empty filters nothing.
type ExecutionFilter struct {
	Project   string
	Procedure string // UID
	Version   string
	Channel   string
	Outcome   procedure.Outcome // or procedure.Failed
	User      string            // id, or pseudonym
	Visitor   bool              // only those of nobody known
	Open      bool              // only those that go on: neither ended nor failed
	Test      bool              // tests instead of what people did
	From, To  time.Time         // started in, To excluded
	Text      string            // in the alias or the step; or the id or the user, whole
	Sort      string            // started (which "" is), or duration: of those that ended
	Ascending bool              // the latest, or largest, come first otherwise
	After     string            // Next of the page before
	Limit     int

	reached bool // they came to an end, and were not abandoned
}

// ExecutionPage is a page of a list.
type ExecutionPage struct {
	Executions []Execution
	Next       string // After of the next page, empty on the last
}

// A list is put together from these and nothing else; values are parameters.
const (
	sqlExecutions = `SELECT n, id, project, procedure, alias, version, user, pseudonym, owner, channel, language, test, started, touched, ended, outcome, failed, step, turns, label, server FROM execution WHERE test = ?`
	// However narrow: the filters are columns of the index, so that no order is made.
	sqlExecutionsTook = `SELECT n, id, project, procedure, alias, version, user, pseudonym, owner, channel, language, test, started, touched, ended, outcome, failed, step, turns, label, server FROM execution INDEXED BY execution_took WHERE ended > 0 AND test = ?`

	andProject   = ` AND project = ?`
	andProcedure = ` AND procedure = ?`
	andVersion   = ` AND version = ?`
	andChannel   = ` AND channel = ?`
	andOutcome   = ` AND outcome = ?`
	andUser      = ` AND user = ?`
	andFailed    = ` AND failed = 1`
	andOpen      = ` AND ended = 0 AND failed = 0`
	andReached   = ` AND ended > 0 AND outcome <> 'abandoned'`
	andFrom      = ` AND started >= ?`
	andTo        = ` AND started < ?`
	andText      = ` AND (alias LIKE ? ESCAPE '\' OR step LIKE ? ESCAPE '\' OR id = ? OR user = ?)`
)

// executionSort is an order that a list may have: how SQL writes its key, the
// pages after a key, and how Go finds the key of an execution.
type executionSort struct {
	down, downAfter string
	up, upAfter     string
	key             func(Execution) int64
}

var executionSorts = map[string]executionSort{
	"started": {
		` ORDER BY started DESC, n DESC LIMIT ?`, ` AND (started, n) < (?, ?)`,
		` ORDER BY started, n LIMIT ?`, ` AND (started, n) > (?, ?)`,
		func(e Execution) int64 { return e.Started.UnixMicro() },
	},
	"duration": {
		` ORDER BY ended - started DESC, n DESC LIMIT ?`, ` AND (ended - started, n) < (?, ?)`,
		` ORDER BY ended - started, n LIMIT ?`, ` AND (ended - started, n) > (?, ?)`,
		func(e Execution) int64 { return e.Duration().Microseconds() },
	},
}

// Executions returns a page of executions. A filter that asks for an order or
// a page that there is not is Invalid.
func (a *Activity) Executions(ctx context.Context, f ExecutionFilter) (ExecutionPage, error) {
	if f.Sort == "" {
		f.Sort = "started"
	}
	f.Limit = db.AtMost(f.Limit)
	query, args, err := f.query(f.head())
	if err != nil {
		return ExecutionPage{}, err
	}
	found, err := db.List(ctx, a.DB, scanExecution, query, args...)
	if err != nil {
		return ExecutionPage{}, fmt.Errorf("list executions: %w", err)
	}
	p := ExecutionPage{Executions: found}
	if len(found) > f.Limit {
		p.Executions = found[:f.Limit]
		last := found[f.Limit-1]
		p.Next = fmt.Sprintf("%d.%d", executionSorts[f.Sort].key(last), last.n)
	}
	return p, nil
}

// head is how the list begins.
func (f ExecutionFilter) head() string {
	if f.Sort == "duration" {
		return sqlExecutionsTook
	}
	return sqlExecutions
}

// query puts the list together. It asks for one more than a page, to know
// whether there is another.
func (f ExecutionFilter) query(head string) (string, []any, error) {
	var q strings.Builder
	args := []any{f.Test}
	q.WriteString(head)
	add := func(wanted bool, part string, values ...any) {
		if wanted {
			q.WriteString(part)
			args = append(args, values...)
		}
	}
	add(f.Project != "", andProject, f.Project)
	add(f.Procedure != "", andProcedure, f.Procedure)
	add(f.Version != "", andVersion, f.Version)
	add(f.Channel != "", andChannel, f.Channel)
	add(f.Outcome != "" && f.Outcome != procedure.Failed, andOutcome, string(f.Outcome))
	add(f.Outcome == procedure.Failed, andFailed)
	add(f.User != "" || f.Visitor, andUser, f.User)
	add(f.Open, andOpen)
	add(f.reached, andReached)
	add(!f.From.IsZero(), andFrom, db.Instant(f.From))
	add(!f.To.IsZero(), andTo, db.Instant(f.To))
	add(f.Text != "", andText, db.Containing(f.Text), db.Containing(f.Text), f.Text, f.Text)
	sort, known := executionSorts[f.Sort]
	if !known {
		return "", nil, fault.New(fault.Invalid, "fault.list.sort", f.Sort)
	}
	order, after := sort.down, sort.downAfter
	if f.Ascending {
		order, after = sort.up, sort.upAfter
	}
	key, n, err := readCursor(f.After)
	add(f.After != "", after, key, n)
	add(true, order, f.Limit+1)
	return q.String(), args, err
}

// readCursor reads where the page before ended.
func readCursor(s string) (key, n int64, err error) {
	if s == "" {
		return 0, 0, nil
	}
	left, right, _ := strings.Cut(s, ".")
	key, err = strconv.ParseInt(left, 10, 64)
	if err == nil {
		n, err = strconv.ParseInt(right, 10, 64)
	}
	if err != nil {
		return 0, 0, fault.New(fault.Invalid, "fault.list.page")
	}
	return key, n, nil
}

const (
	sqlExecutionsOfUser  = `SELECT n, id, project, procedure, alias, version, user, pseudonym, owner, channel, language, test, started, touched, ended, outcome, failed, step, turns, label, server FROM execution WHERE user = ? AND user <> '' ORDER BY started DESC, n DESC LIMIT ?`
	sqlExecutionsOfOwner = `SELECT n, id, project, procedure, alias, version, user, pseudonym, owner, channel, language, test, started, touched, ended, outcome, failed, step, turns, label, server FROM execution WHERE owner = ? AND owner <> '' ORDER BY started DESC, n DESC LIMIT ?`
)

// ExecutionsOf returns a person's own executions, the latest first: by their
// account, or by the hashes of a visitor's key, one by each key of ours.
func (a *Activity) ExecutionsOf(ctx context.Context, user string, owners []string, limit int) (all []Execution, err error) {
	limit = db.AtMost(limit)
	if user != "" {
		return db.List(ctx, a.DB, scanExecution, sqlExecutionsOfUser, user, limit)
	}
	for _, owner := range owners {
		own, err := db.List(ctx, a.DB, scanExecution, sqlExecutionsOfOwner, owner, limit)
		if err != nil {
			return nil, err
		}
		all = append(all, own...)
	}
	slices.SortStableFunc(all, func(a, b Execution) int { return b.Started.Compare(a.Started) })
	return all[:min(len(all), limit)], nil
}
