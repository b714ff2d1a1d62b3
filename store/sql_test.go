package store

import (
	"cmp"
	"database/sql"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"selfhelp/app/procedure"
)

// goFiles parses the package and those below it without their tests.
func goFiles(t *testing.T) (files []*ast.File, set *token.FileSet) {
	t.Helper()
	set = token.NewFileSet()
	names := append(must[[]string](t)(filepath.Glob("*.go")), must[[]string](t)(filepath.Glob("*/*.go"))...)
	for _, name := range names {
		if !strings.HasSuffix(name, "_test.go") {
			files = append(files, must[*ast.File](t)(parser.ParseFile(set, name, nil, 0)))
		}
	}
	return files, set
}

// constants lists the string constants whose name has a prefix.
func constants(files []*ast.File, prefixes ...string) map[string]string {
	found := map[string]string{}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			for i, name := range spec.Names {
				has := func(p string) bool { return strings.HasPrefix(name.Name, p) }
				if i < len(spec.Values) && slices.ContainsFunc(prefixes, has) {
					if lit, ok := spec.Values[i].(*ast.BasicLit); ok {
						text, _ := strconv.Unquote(lit.Value)
						found[name.Name] = text
					}
				}
			}
			return true
		})
	}
	return found
}

// readOnly opens a database as the readers of a store do.
const readOnly = "_pragma=query_only(ON)&_pragma=busy_timeout(5000)"

// prepares says whether a statement can be prepared in a database.
func prepares(t *testing.T, db *sql.DB, query string) error {
	stmt, err := db.PrepareContext(t.Context(), query)
	if err == nil {
		err = stmt.Close()
	}
	return err
}

func TestEverySQLConstantPrepares(t *testing.T) {
	s, _ := open(t)
	content, activity := rawly(t, s.Content.Path(), readOnly), rawly(t, s.Activity.Path(), readOnly)
	files, _ := goFiles(t)
	found := constants(files, "sql")
	if len(found) < 100 {
		t.Fatalf("found %d constants only: is the test looking at the right place?", len(found))
	}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		inContent, inActivity := prepares(t, content, found[name]), prepares(t, activity, found[name])
		if inContent != nil && inActivity != nil {
			t.Errorf("%s: content.db: %v; activity.db: %v", name, inContent, inActivity)
		}
	}
}

// TestNoSQLElsewhere holds all SQL to named constants, where the test above
// finds it and nothing can be spliced into it, but for those that say so: the tests of
// extracts run them.
func TestNoSQLElsewhere(t *testing.T) {
	looksLikeSQL := regexp.MustCompile(`^\s*(SELECT|INSERT|UPDATE|DELETE|REPLACE|CREATE|ALTER|DROP|WITH|PRAGMA|VACUUM|ATTACH|BEGIN|COMMIT|ROLLBACK|AND|WHERE)\b`)
	files, set := goFiles(t)
	named := constants(files, "sql", "and", "pragma", "spliced")
	for _, f := range files {
		if f.Name.Name == "shape" {
			continue // it makes the tables, and SQLite takes no parameters there
		}
		ast.Inspect(f, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, _ := strconv.Unquote(lit.Value)
			inSort := strings.HasSuffix(set.Position(lit.Pos()).Filename, "execution_list.go") && strings.HasPrefix(text, " AND (")
			if looksLikeSQL.MatchString(text) && !inSort && !slices.Contains(slices.Collect(maps.Values(named)), text) {
				t.Errorf("%s: SQL outside a constant: %s", set.Position(lit.Pos()), text)
			}
			return true
		})
	}
}

// TestEveryListPrepares puts every list together that a filter can ask for.
func TestEveryListPrepares(t *testing.T) {
	s, _ := open(t)
	activity := rawly(t, s.Activity.Path(), readOnly)
	now := time.Now()
	for bits := range 1 << 10 {
		pick := func(bit int, v string) string {
			if bits&(1<<bit) == 0 {
				return ""
			}
			return v
		}
		f := ExecutionFilter{
			Project: pick(0, "p"), Procedure: pick(1, "u"), Version: pick(2, "1.0"), Channel: pick(3, "portal"),
			Outcome: procedure.Outcome(pick(4, "solved")), Open: bits&(1<<5) != 0, Text: pick(6, "x"),
			After: pick(7, "5.6"), Ascending: bits&(1<<8) != 0, Limit: 10,
		}
		if bits&(1<<9) != 0 {
			f.From, f.To = now, now
		}
		for f.Sort = range executionSorts {
			query, args, err := f.query(f.head())
			check(t, err)
			if n := strings.Count(query, "?"); n != len(args) {
				t.Fatalf("%d values for %d parameters: %s", len(args), n, query)
			}
			if bits%17 == 0 { // preparing all of them takes seconds
				check(t, prepares(t, activity, query))
			}
		}
	}
}

// TestHotStatementsUseAnIndex keeps the cost of what happens often flat while
// the tables grow.
func TestHotStatementsUseAnIndex(t *testing.T) {
	s, _ := open(t)
	activity := rawly(t, s.Activity.Path(), readOnly)
	list := func(f ExecutionFilter) string {
		f.Sort = cmp.Or(f.Sort, "started")
		query, _, err := f.query(f.head())
		check(t, err)
		return query
	}
	for name, query := range map[string]string{
		"execution":        sqlExecution,
		"going":            sqlExecutionStanding,
		"same turn":        sqlTurnSame,
		"turns":            sqlTurns,
		"resume":           sqlExecutionByResume,
		"of a user":        sqlExecutionsOfUser,
		"of a visitor":     sqlExecutionsOfOwner,
		"of a project":     list(ExecutionFilter{Project: "p", After: "1.1"}),
		"of a procedure":   list(ExecutionFilter{Procedure: "p", From: time.Now()}),
		"all":              list(ExecutionFilter{}),
		"by outcome":       list(ExecutionFilter{Project: "p", Outcome: "solved", After: "1.1"}),
		"by person":        list(ExecutionFilter{Project: "p", User: "ada", After: "1.1"}),
		"of visitors":      list(ExecutionFilter{Project: "p", Visitor: true}),
		"going on":         list(ExecutionFilter{Project: "p", Open: true}),
		"failed":           list(ExecutionFilter{Project: "p", Outcome: procedure.Failed, After: "1.1"}),
		"by duration":      list(ExecutionFilter{Project: "p", Sort: "duration", After: "1.1"}),
		"shortest":         list(ExecutionFilter{Project: "p", Sort: "duration", Ascending: true, After: "1.1"}),
		"long and narrow":  list(ExecutionFilter{Project: "p", Procedure: "u", Outcome: "solved", Version: "1.0", From: time.Now(), To: time.Now(), Sort: "duration"}),
		"people":           sqlPeople,
		"durations":        sqlTook + andProject + andFrom + andTo + andReached + executionSorts["started"].down,
		"due":              sqlOutboxDue,
		"session":          sqlOf(t, "sqlSessionFind"),
		"abandoned":        sqlAbandoned,
		"delete turns":     sqlTurnsEnd,
		"delete execution": sqlExecutionEnd,
	} {
		rows, err := activity.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, make([]any, 12)...)
		check(t, err)
		for rows.Next() {
			var id, parent, unused int
			var plan string
			check(t, rows.Scan(&id, &parent, &unused, &plan))
			scans := strings.HasPrefix(plan, "SCAN") && plan != "SCAN person" && !strings.Contains(plan, "USING INDEX")
			sorts := strings.Contains(plan, "TEMP B-TREE") && name != "turns" // the few of one execution
			if scans || sorts {
				t.Errorf("%s: %s", name, plan)
			}
		}
		check(t, rows.Err())
	}
}

// sqlOf is the constant of a package below.
func sqlOf(t *testing.T, name string) string {
	t.Helper()
	files, _ := goFiles(t)
	query := constants(files, "sql")[name]
	if query == "" {
		t.Fatalf("there is no %s", name)
	}
	return query
}
