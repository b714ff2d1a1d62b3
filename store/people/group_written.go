package people

import (
	"context"
	"slices"
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/store/db"
)

// WrittenKind is what of a project is written for a group.
type WrittenKind string

// The kinds.
const (
	WrittenProject   WrittenKind = "project"
	WrittenCategory  WrittenKind = "category"
	WrittenProcedure WrittenKind = "procedure"
	WrittenAnswer    WrittenKind = "answer"  // answers in a procedure, offered to some
	WrittenTrial     WrittenKind = "trial"   // a version that is on trial with some
	WrittenFormula   WrittenKind = "formula" // formulas of a procedure, which compare it with the groups of the person
)

// Written is something that names a group among those that it is for.
type Written struct {
	Kind    WrittenKind
	Project string // id
	Alias   string // of the project
	Name    procedure.Text
	ID      string // of the category, or UID of the procedure
	Part    string // alias of the procedure, id of the category
	Title   procedure.Text
	Version string // by number; "": as it is being written
	Active  bool   // people run that version
}

// Place names what it is, by the aliases that addresses have.
func (w Written) Place() string {
	if w.Part == "" {
		return w.Alias
	}
	return w.Alias + "/" + w.Part
}

// Holding is a right that a project gives; no Right is its ownership.
type Holding struct {
	Project string // id
	Name    procedure.Text
	Alias   string
	Domain  string
	Right   access.Right
}

const (
	sqlWrittenProjects   = `SELECT id, alias, data FROM project WHERE domain = ?1 AND (?2 OR deleted = 0)`
	sqlWrittenProcedures = `SELECT r.project, r.data FROM procedure r JOIN project p ON p.id = r.project WHERE p.domain = ?1 AND (?3 OR r.deleted = 0 AND p.deleted = 0) AND (instr(r.data, 'groups') > 0 OR EXISTS (SELECT 1 FROM json_each(?2) n WHERE instr(r.data, n.value) > 0))`
	sqlWrittenVersions   = `SELECT v.project, v.major || '.' || v.minor, v.state = 'active', v.audience, v.data FROM version v JOIN project p ON p.id = v.project WHERE p.domain = ? AND v.state = 'active' AND p.deleted = 0 ORDER BY v.project, v.major DESC, v.minor DESC`
	sqlGroupHoldings     = `SELECT p.id, p.data ->> '$.name', p.alias, p.domain, g."right" FROM project_grant g JOIN project p ON p.id = g.project WHERE g.group_id = ? AND p.deleted = 0 ORDER BY p.alias, p.id, g."right"`
	sqlUserHoldings      = `SELECT p.id, p.data ->> '$.name', p.alias, p.domain, g."right" FROM project_grant g JOIN project p ON p.id = g.project WHERE g.user = ?1 AND p.deleted = 0 UNION ALL SELECT p.id, p.data ->> '$.name', p.alias, p.domain, '' FROM project p WHERE p.owner = ?1 AND p.deleted = 0 ORDER BY 3, 1, 5`
	sqlGroupGone         = `INSERT OR REPLACE INTO group_gone (domain, name, group_id) SELECT d.domain, n.value, g.id FROM user_group g JOIN group_domain d ON d.group_id = g.id JOIN json_each(json_insert(g.former, '$[#]', g.name)) n WHERE g.id = ?1 AND (?2 = '' OR d.domain = ?2)`
	sqlGroupStrangers    = `SELECT DISTINCT n.value FROM json_each(?2) n JOIN group_gone x ON x.domain = ?1 AND x.name = n.value JOIN group_domain d ON d.domain = ?1 JOIN user_group g ON g.id = d.group_id AND g.id <> x.group_id AND (g.name = n.value OR n.value IN (SELECT value FROM json_each(g.former))) ORDER BY n.value`
	sqlGoneNames         = `SELECT name FROM group_gone WHERE domain = ?1 AND group_id <> ?2 ORDER BY name`
)

func scanHolding(r db.Row) (h Holding, err error) {
	return h, r.Scan(&h.Project, db.JSON(&h.Name), &h.Alias, &h.Domain, (*string)(&h.Right))
}

// GroupHoldings returns the rights that projects give a group, by project.
func (c *People) GroupHoldings(ctx context.Context, group string) ([]Holding, error) {
	return db.List(ctx, c.DB, scanHolding, sqlGroupHoldings, group)
}

// UserHoldings returns the rights that projects give somebody by name, by project;
// those that they own have no right of theirs.
func (c *People) UserHoldings(ctx context.Context, user string) ([]Holding, error) {
	return db.List(ctx, c.DB, scanHolding, sqlUserHoldings, user)
}

// WrittenFor returns what names one of some groups in a domain: what people run,
// and what is being written.
func (c *People) WrittenFor(ctx context.Context, domain string, names []string) (list []Written, err error) {
	err = c.Read(ctx, func(t *db.Tx) error {
		list, err = writtenFor(t, domain, names, false, 0)
		return err
	})
	return list, err
}

// leaves keeps in mind that a group is gone from a domain, "" for all of its own.
func leaves(t *db.Tx, group, domain string) error {
	_, err := t.Exec(sqlGroupGone, group, domain)
	return err
}

// Strangers returns which of some names are those of groups of a domain, and were those
// of others that are gone: what was written then was written for these.
func (c *People) Strangers(ctx context.Context, domain string, names []string) ([]string, error) {
	return db.List(ctx, c.DB, db.ScanText, sqlGroupStrangers, domain, db.JSON(names))
}

// Inherited is the cause of refusing a name: what is still written for a group that
// had it, or one that looks the same, and is gone.
type Inherited struct {
	Name    string // of the group that is gone
	Written []Written
}

// Error names the places by their addresses.
func (i *Inherited) Error() string { return i.Name + ": " + strings.Join(i.places(), ", ") }

// placesNamed is how many places a refusal names; of more, it says that there are some.
const placesNamed = 3

func (i *Inherited) places() (places []string) {
	for _, w := range i.Written {
		switch place := w.Place(); {
		case slices.Contains(places, place):
		case len(places) == placesNamed:
			return append(places, "…")
		default:
			places = append(places, place)
		}
	}
	return places
}

// inherits refuses a name that another group had which is gone from a domain, while
// something there is still written for it: all of it would open to this one, or seem
// to, where the names only look the same.
func inherits(t *db.Tx, g Group, domain string, names []string) error {
	all, err := db.ListIn(t, db.ScanText, sqlGoneNames, domain, g.ID)
	if err != nil {
		return err
	}
	keys := keysOf(names)
	gone := slices.DeleteFunc(all, func(name string) bool { return !slices.Contains(keys, access.GroupKey(name)) })
	if len(gone) == 0 {
		return nil
	}
	written, err := writtenFor(t, domain, gone, true, placesNamed+1)
	if err != nil || len(written) == 0 {
		return err
	}
	cause := &Inherited{gone[0], written}
	return &fault.Error{Kind: fault.Conflict, Key: "fault.group.gone", Args: []any{strings.Join(cause.places(), ", ")}, Fields: map[string]string{"name": "fault.group.gone"}, Cause: cause}
}
