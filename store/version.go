package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/store/audit"
	"selfhelp/store/db"
	"selfhelp/store/people"
)

// Number is the number of a version.
type Number struct {
	Major, Minor int
}

// String returns the number as people write it: 2.0.
func (n Number) String() string { return fmt.Sprintf("%d.%d", n.Major, n.Minor) }

// VersionState says whether people can run a version.
type VersionState string

// The states of a version.
const (
	VersionFrozen   VersionState = "frozen"   // never published yet
	VersionActive   VersionState = "active"   // published and available
	VersionInactive VersionState = "inactive" // published once, withdrawn
)

// Version is a project frozen under a number.
type Version struct {
	Project  string
	Number   Number
	State    VersionState
	Notes    string          // why, in the words of the one who froze it
	Changes  json.RawMessage // what changed since the one before
	Bundle   string          // hash of its bundle, once published
	Author   string
	At       time.Time
	Audience []string // groups it is on trial with, by name; none: everybody its project is for
}

const (
	sqlVersions         = `SELECT project, major, minor, state, notes, changes, bundle, author, at, audience FROM version WHERE project = ? ORDER BY major DESC, minor DESC`
	sqlVersion          = `SELECT project, major, minor, state, notes, changes, bundle, author, at, audience FROM version WHERE project = ? AND major = ? AND minor = ?`
	sqlChangedSince     = `SELECT (SELECT count(*) FROM project WHERE id = ?1 AND changed > ?2) + (SELECT count(*) FROM procedure WHERE project = ?1 AND (changed > ?2 OR deleted > ?2)) + (SELECT count(*) FROM scenario WHERE project = ?1 AND changed > ?2)`
	sqlVersionData      = `SELECT data FROM version WHERE project = ? AND major = ? AND minor = ?`
	sqlVersionLast      = `SELECT coalesce(max(major), 0) FROM version WHERE project = ?`
	sqlVersionLastMinor = `SELECT coalesce(max(minor), 0) FROM version WHERE project = ? AND major = ?`
	sqlVersionInsert    = `INSERT INTO version (project, major, minor, state, data, notes, changes, author, at, audience) VALUES (?, ?, ?, 'frozen', ?, ?, ?, ?, ?, ?)`
	sqlVersionAudience  = `UPDATE version SET audience = ? WHERE project = ? AND major = ? AND minor = ?`
	sqlVersionState     = `UPDATE version SET state = ?, bundle = ? WHERE project = ? AND major = ? AND minor = ?`
)

func scanVersion(r db.Row) (v Version, err error) {
	var changes string
	err = r.Scan(&v.Project, &v.Number.Major, &v.Number.Minor, (*string)(&v.State), &v.Notes, &changes, &v.Bundle, &v.Author, (*db.Instant)(&v.At), db.JSON(&v.Audience))
	v.Changes = json.RawMessage(changes)
	return v, err
}

// Versions returns the versions of a project, the highest first.
func (c *Content) Versions(ctx context.Context, project string) ([]Version, error) {
	return db.List(ctx, c.DB, scanVersion, sqlVersions, project)
}

// Version returns one version.
func (c *Content) Version(ctx context.Context, project string, n Number) (Version, error) {
	return db.One(ctx, c.DB, scanVersion, sqlVersion, project, n.Major, n.Minor)
}

// ChangedSince reports whether a project, a procedure or a scenario of it was
// written after an instant.
func (c *Content) ChangedSince(ctx context.Context, project string, at time.Time) (bool, error) {
	n, err := db.One(ctx, c.DB, db.ScanNumber, sqlChangedSince, project, db.Instant(at))
	return n > 0, err
}

// FrozenProject returns the whole project as it was frozen.
func (c *Content) FrozenProject(ctx context.Context, project string, n Number) (*procedure.Project, error) {
	packed, err := db.One(ctx, c.DB, db.ScanBytes, sqlVersionData, project, n.Major, n.Minor)
	if err != nil {
		return nil, fmt.Errorf("read version %s: %w", n, err)
	}
	b, err := db.Unpack(packed)
	if err != nil {
		return nil, fmt.Errorf("read version %s: %w", n, err)
	}
	p := &procedure.Project{}
	if err := json.Unmarshal(b, p); err != nil {
		return nil, fmt.Errorf("read version %s: %w", n, err)
	}
	return p, nil
}

// Freeze is a version to be made.
type Freeze struct {
	Project  string
	Data     *procedure.Project // whole: what WholeProject returned, once checked
	From     Number             // the zero number makes the next major version; an active one, its next minor
	Audience []string           // groups it will be on trial with; none: everybody
	Notes    string
	Changes  json.RawMessage
	By       string
}

// FreezeVersion keeps a whole project under the next number.
func (c *Content) FreezeVersion(ctx context.Context, f Freeze) (Version, error) {
	b, err := json.Marshal(f.Data)
	if err != nil {
		return Version{}, fmt.Errorf("freeze project %s: %w", f.Project, err)
	}
	packed, err := db.Pack(b)
	if err != nil {
		return Version{}, fmt.Errorf("freeze project %s: %w", f.Project, err)
	}
	return db.Written(ctx, c.DB, "freeze project "+f.Project, func(t *db.Tx) (Version, error) {
		n, err := nextNumber(t, f.Project, f.From)
		if err != nil {
			return Version{}, err
		}
		_, err = t.Exec(sqlVersionInsert, f.Project, n.Major, n.Minor, packed, f.Notes, db.Raw(f.Changes), f.By, db.Instant(t.Now), groupList(f.Audience))
		if err != nil {
			return Version{}, err
		}
		if err := people.KeepNames(t, f.Project, n.Major, n.Minor, f.Data); err != nil {
			return Version{}, err
		}
		if err := audit.Add(t, f.By, "version.freeze", "project:"+f.Project, map[string]string{"version": n.String()}); err != nil {
			return Version{}, err
		}
		return db.OneIn(t, scanVersion, sqlVersion, f.Project, n.Major, n.Minor)
	})
}

// groupList is a list of groups as it is kept: in order, each once.
func groupList(names []string) any {
	return db.JSON(append([]string{}, slices.Compact(slices.Sorted(slices.Values(names)))...))
}

// nextNumber follows the rule that a minor version comes from an active one.
func nextNumber(t *db.Tx, project string, from Number) (Number, error) {
	if from == (Number{}) {
		last, err := db.OneIn(t, db.ScanNumber, sqlVersionLast, project)
		return Number{int(last) + 1, 0}, err
	}
	base, err := db.OneIn(t, scanVersion, sqlVersion, project, from.Major, from.Minor)
	if err != nil {
		return Number{}, err
	}
	if base.State != VersionActive {
		return Number{}, fault.New(fault.Conflict, "fault.version.not_active", from.String())
	}
	last, err := db.OneIn(t, db.ScanNumber, sqlVersionLastMinor, project, from.Major)
	return Number{from.Major, int(last) + 1}, err
}
