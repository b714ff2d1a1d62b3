// Package extract writes what presentation servers need of the content of an edition
// server, and makes theirs the same. It refuses to know what the tables mean, and how
// an extract travels.
//
// Its main names are Tables and Of.
package extract

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"selfhelp/app/fault"
	"selfhelp/store/db"
	"selfhelp/store/shape"
)

// Tables are those of a database of content.
type Tables struct{ d *db.DB }

// Of returns the tables of a database of content.
func Of(d *db.DB) *Tables { return &Tables{d} }

// extractFormat is the number of the present shape of an extract.
const extractFormat = 1

// extracted are the tables that presentation servers need of the content, those that
// others refer to first. What is being written, what it was, and the audit stay where
// they are made.
var extracted = []string{
	"domain", "user", "user_group", "group_domain", "group_gone", "domain_member", "group_member",
	"identity", "factor", "api_token", "project", "project_grant", "setting",
}

// extract is what goes to presentation servers.
type extract struct {
	Format int            `json:"format"`
	Shape  int64          `json:"shape"` // of the database: another one is refused
	Tables []extractTable `json:"tables"`
}

// extractTable is one table with all its rows, in the order of their keys.
type extractTable struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
	Rows    [][]cell `json:"rows"`
}

// cell is one value: nil, a text, a number or bytes.
type cell struct{ v any }

// MarshalJSON writes bytes as an object, so that they are told from texts.
func (e cell) MarshalJSON() ([]byte, error) {
	if b, is := e.v.([]byte); is {
		return json.Marshal(map[string]string{"base64": base64.StdEncoding.EncodeToString(b)})
	}
	return json.Marshal(e.v)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (e *cell) UnmarshalJSON(b []byte) error {
	if bytes.HasPrefix(b, []byte("{")) {
		var held struct{ Base64 []byte }
		err := json.Unmarshal(b, &held)
		e.v = held.Base64
		if held.Base64 == nil {
			e.v = []byte{}
		}
		return err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(&e.v); err != nil {
		return err
	}
	switch v := e.v.(type) {
	case nil, string:
		return nil
	case json.Number:
		n, err := v.Int64()
		e.v = n
		return err
	}
	return fmt.Errorf("%s is no value of a row", b)
}

const (
	sqlColumns = `SELECT name, pk FROM pragma_table_info(?) ORDER BY cid`
	sqlAudited = `SELECT coalesce(max(seq), 0) FROM audit`
	sqlDefer   = `PRAGMA defer_foreign_keys = ON`
)

// These hold for every table that is extracted. What is put in are names of its own
// schema, never anything that came from elsewhere.
const (
	splicedRead   = `SELECT %s FROM "%s" ORDER BY %s`
	splicedRemove = `DELETE FROM "%s" WHERE %s IS ?`
	splicedEmpty  = `DELETE FROM "%s"`
	splicedAdd    = `INSERT INTO "%s" (%s) VALUES (?%s)`
)

// columnsOf are the columns of a table, and those among them that make its key.
func columnsOf(t *db.Tx, table string) (columns, keys []string, err error) {
	err = db.EachIn(t, func(r db.Row) error {
		var name string
		var key int
		if err := r.Scan(&name, &key); err != nil {
			return err
		}
		columns = append(columns, name)
		if key > 0 {
			keys = append(keys, name)
		}
		return nil
	}, sqlColumns, table)
	if len(keys) == 0 { // a table of nothing but what it refers to
		keys = columns
	}
	return columns, keys, err
}

func quoted(names []string, join string) string {
	all := make([]string, len(names))
	for i, n := range names {
		all[i] = `"` + n + `"`
	}
	return strings.Join(all, join)
}

// rowsOf reads a table in the order of its key.
func rowsOf(t *db.Tx, table string, columns, keys []string) (rows [][]cell, err error) {
	rows = [][]cell{}
	err = db.EachIn(t, func(r db.Row) error {
		row, into := make([]cell, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i].v
		}
		if err := r.Scan(into...); err != nil {
			return err
		}
		for i := range row {
			if b, is := row[i].v.([]byte); is {
				row[i].v = bytes.Clone(b)
			}
		}
		rows = append(rows, row)
		return nil
	}, fmt.Sprintf(splicedRead, quoted(columns, ", "), table, quoted(keys, ", ")))
	return rows, err
}

// Shape is the number of the database's present shape.
func (c *Tables) Shape(ctx context.Context) (int64, error) {
	return db.One(ctx, c.d, db.ScanNumber, shape.SQLShape)
}

// AuditedUntil is the number of the last entry of the audit: where it grew, something
// of the content may have changed.
func (c *Tables) AuditedUntil(ctx context.Context) (int64, error) {
	return db.One(ctx, c.d, db.ScanNumber, sqlAudited)
}

// Extract writes the accounts, groups, rights, settings and projects as presentation
// servers take them, as JSON. The same content gives the same bytes.
func (c *Tables) Extract(ctx context.Context) ([]byte, error) {
	e := extract{Format: extractFormat}
	err := c.d.Read(ctx, func(t *db.Tx) (err error) {
		if e.Shape, err = db.OneIn(t, db.ScanNumber, shape.SQLShape); err != nil {
			return err
		}
		for _, name := range extracted {
			columns, keys, err := columnsOf(t, name)
			if err != nil {
				return err
			}
			rows, err := rowsOf(t, name, columns, keys)
			if err != nil {
				return err
			}
			e.Tables = append(e.Tables, extractTable{name, columns, rows})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("extract what presentation servers need: %w", err)
	}
	return json.Marshal(e)
}

// Adopt makes the tables of an extract what they are in it, all or nothing, and
// returns how many rows that changed. One of another shape is refused: the servers
// are of different versions.
func (c *Tables) Adopt(ctx context.Context, written []byte) (changed int, err error) {
	var e extract
	d := json.NewDecoder(bytes.NewReader(written))
	d.DisallowUnknownFields()
	if err := d.Decode(&e); err != nil || e.Format != extractFormat {
		return 0, fault.Because(fault.Invalid, errors.Join(err, fmt.Errorf("an extract of format %d", e.Format)), "fault.peer.body")
	}
	err = c.d.Write(ctx, "adopt what the edition server has", func(t *db.Tx) error {
		changed = 0
		own, err := db.OneIn(t, db.ScanNumber, shape.SQLShape)
		if err != nil {
			return err
		}
		if own != e.Shape || !slices.EqualFunc(e.Tables, extracted, func(t extractTable, name string) bool { return t.Name == name }) {
			return fault.New(fault.Conflict, "fault.peer.shape", fmt.Sprint(e.Shape), fmt.Sprint(own))
		}
		if _, err := t.Exec(sqlDefer); err != nil {
			return err
		}
		stay, err := newcomers(t, e.Tables[slices.Index(extracted, "user")])
		if err != nil {
			return err
		}
		for _, table := range e.Tables {
			n, err := adoptTable(t, table, stay)
			if err != nil {
				return err
			}
			changed += n
		}
		if _, err = t.Exec(sqlWishesHold); err != nil {
			return err
		}
		return pruneTaken(t)
	})
	return changed, err
}

// Forget empties the tables that extracts fill, domains excepted: every store has some.
func (c *Tables) Forget(ctx context.Context) error {
	return c.d.Write(ctx, "forget what the edition server had", func(t *db.Tx) error {
		if _, err := t.Exec(sqlDefer); err != nil {
			return err
		}
		for _, untold := range []string{sqlWishesForget, sqlArrivalsForget} { // it is nobody else's
			if _, err := t.Exec(untold); err != nil {
				return err
			}
		}
		for _, table := range slices.Backward(extracted) {
			if table == "domain" {
				continue
			}
			if _, err := t.Exec(fmt.Sprintf(splicedEmpty, table)); err != nil {
				return err
			}
		}
		return nil
	})
}

// adoptTable makes one table what it is in an extract. Rows that differ are removed
// before any is added: what is unique may have gone from one to another. What refers
// to them goes with them, and comes back with its own table, which follows. What is of
// accounts that stay is left.
func adoptTable(t *db.Tx, e extractTable, stay map[string]bool) (changed int, err error) {
	columns, keys, err := columnsOf(t, e.Name)
	if err != nil {
		return 0, err
	}
	if !slices.Equal(columns, e.Columns) {
		return 0, fault.New(fault.Conflict, "fault.peer.shape", e.Name, e.Name)
	}
	at := make([]int, len(keys))
	for i, k := range keys {
		at[i] = slices.Index(columns, k)
	}
	key := func(row []cell) (values []any) {
		for _, i := range at {
			values = append(values, row[i].v)
		}
		return values
	}
	wanted := make(map[string][]cell, len(e.Rows))
	for _, row := range e.Rows {
		if len(row) != len(columns) {
			return 0, fault.New(fault.Invalid, "fault.peer.body")
		}
		wanted[fmt.Sprintf("%#v", key(row))] = row
	}
	present, err := rowsOf(t, e.Name, columns, keys)
	if err != nil {
		return 0, err
	}
	remove := fmt.Sprintf(splicedRemove, e.Name, quoted(keys, " IS ? AND "))
	for _, row := range present {
		name := fmt.Sprintf("%#v", key(row))
		if same, there := wanted[name]; there && slices.EqualFunc(row, same, sameValue) {
			delete(wanted, name)
			continue
		}
		if _, there := wanted[name]; !there && isOf(stay, e.Name, columns, row) {
			continue
		}
		if _, err := t.Exec(remove, key(row)...); err != nil {
			return 0, err
		}
		changed++
	}
	add := fmt.Sprintf(splicedAdd, e.Name, quoted(columns, ", "), strings.Repeat(", ?", len(columns)-1))
	for _, row := range e.Rows {
		if _, missing := wanted[fmt.Sprintf("%#v", key(row))]; !missing {
			continue
		}
		values := make([]any, len(row))
		for i, v := range row {
			values[i] = v.v
		}
		if _, err := t.Exec(add, values...); err != nil {
			return 0, err
		}
		changed++
	}
	return changed, nil
}

func sameValue(a, b cell) bool {
	x, isBytes := a.v.([]byte)
	if y, both := b.v.([]byte); isBytes || both {
		return isBytes == both && bytes.Equal(x, y)
	}
	return a.v == b.v
}
