package people

import (
	"context"
	"encoding/json"
	"fmt"
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
	WrittenAnswer    WrittenKind = "answer" // answers in a procedure, offered to some
	WrittenTrial     WrittenKind = "trial"  // a version that is on trial with some
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
	sqlWrittenProcedures = `SELECT r.project, r.data FROM procedure r JOIN project p ON p.id = r.project WHERE p.domain = ?1 AND (?3 OR r.deleted = 0 AND p.deleted = 0) AND EXISTS (SELECT 1 FROM json_each(?2) n WHERE instr(r.data, n.value) > 0)`
	sqlWrittenVersions   = `SELECT v.project, v.major || '.' || v.minor, v.state = 'active', v.audience, v.data FROM version v JOIN project p ON p.id = v.project WHERE p.domain = ?1 AND (?2 OR v.state = 'active' AND p.deleted = 0) ORDER BY v.project, v.major DESC, v.minor DESC`
	sqlGroupHoldings     = `SELECT p.id, p.data ->> '$.name', p.alias, p.domain, g."right" FROM project_grant g JOIN project p ON p.id = g.project WHERE g.group_id = ? AND p.deleted = 0 ORDER BY p.alias, p.id, g."right"`
	sqlUserHoldings      = `SELECT p.id, p.data ->> '$.name', p.alias, p.domain, g."right" FROM project_grant g JOIN project p ON p.id = g.project WHERE g.user = ?1 AND p.deleted = 0 UNION ALL SELECT p.id, p.data ->> '$.name', p.alias, p.domain, '' FROM project p WHERE p.owner = ?1 AND p.deleted = 0 ORDER BY 3, 1, 5`
	sqlOrphans           = `SELECT p.id, p.data ->> '$.name', p.alias, p.domain, '', u.id IS NULL FROM project p LEFT JOIN user u ON u.id = p.owner WHERE (u.id IS NULL OR u.active = 0) AND p.deleted = 0 ORDER BY p.alias, p.id`
	sqlGroupGone         = `INSERT OR REPLACE INTO group_gone (domain, name, group_id) SELECT d.domain, n.value, g.id FROM user_group g JOIN group_domain d ON d.group_id = g.id JOIN json_each(json_insert(g.former, '$[#]', g.name)) n WHERE g.id = ?1 AND (?2 = '' OR d.domain = ?2)`
	sqlGoneNames         = `SELECT name FROM group_gone WHERE domain = ?1 AND group_id <> ?3 AND name IN (SELECT value FROM json_each(?2))`
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

// Orphan is a project whose owner is suspended, or that has none.
type Orphan struct {
	Holding
	Ownerless bool
}

// Orphans returns the projects that belong to nobody who comes in.
func (c *People) Orphans(ctx context.Context) ([]Orphan, error) {
	return db.List(ctx, c.DB, func(r db.Row) (o Orphan, err error) {
		o.Holding, err = scanHolding(db.RowFunc(func(into ...any) error { return r.Scan(append(into, &o.Ownerless)...) }))
		return o, err
	}, sqlOrphans)
}

// WrittenFor returns what names one of some groups in a domain: what people run,
// and what is being written.
func (c *People) WrittenFor(ctx context.Context, domain string, names []string) (list []Written, err error) {
	err = c.Read(ctx, func(t *db.Tx) error {
		list, err = writtenFor(t, domain, names, false)
		return err
	})
	return list, err
}

// frozen is a version as it is kept.
type frozen struct {
	Written
	audience []string
	data     []byte
}

// writtenFor looks through the projects of a domain, and through every version of
// them and what is in recycle bins when all is asked for.
func writtenFor(t *db.Tx, domain string, names []string, all bool) (list []Written, err error) {
	quoted := make([]string, len(names)) // as they stand in JSON: most of it need not be read
	for i, name := range names {
		b, err := json.Marshal(name)
		if err != nil {
			return nil, fmt.Errorf("write the name of a group: %w", err)
		}
		quoted[i] = string(b)
	}
	projects := map[string]Written{}
	_, err = db.ListIn(t, func(r db.Row) (w Written, err error) {
		p := &procedure.Project{}
		if err := r.Scan(&w.Project, &w.Alias, db.JSON(p)); err != nil {
			return w, err
		}
		w.Name = p.Name
		projects[w.Project] = w
		list = append(list, writtenIn(w, p, names)...)
		return w, nil
	}, sqlWrittenProjects, domain, all)
	if err != nil {
		return nil, err
	}
	_, err = db.ListIn(t, func(r db.Row) (w Written, err error) {
		p := &procedure.Procedure{}
		if err := r.Scan(&w.Project, db.JSON(p)); err != nil {
			return w, err
		}
		list = append(list, writtenAt(projects[w.Project], p, names)...)
		return w, nil
	}, sqlWrittenProcedures, domain, db.JSON(quoted), all)
	if err != nil {
		return nil, err
	}
	versions, err := db.ListIn(t, func(r db.Row) (f frozen, err error) {
		return f, r.Scan(&f.Project, &f.Version, &f.Active, db.JSON(&f.audience), &f.data)
	}, sqlWrittenVersions, domain, all)
	for _, f := range versions {
		in := projects[f.Project]
		in.Version, in.Active = f.Version, f.Active
		more, err := f.written(in, names, quoted)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	return list, err
}

// written lists what a version has for groups; in tells which it is.
func (f frozen) written(in Written, names, quoted []string) (list []Written, err error) {
	if meet(f.audience, names) {
		in.Kind = WrittenTrial
		list = append(list, in)
	}
	b, err := db.Unpack(f.data)
	if err != nil {
		return nil, fmt.Errorf("read version %s of %s: %w", in.Version, in.Alias, err)
	}
	if !slices.ContainsFunc(quoted, func(q string) bool { return strings.Contains(string(b), q) }) {
		return list, nil
	}
	p := &procedure.Project{}
	if err := json.Unmarshal(b, p); err != nil {
		return nil, fmt.Errorf("read version %s of %s: %w", in.Version, in.Alias, err)
	}
	list = append(list, writtenIn(in, p, names)...)
	for _, one := range p.Procedures {
		list = append(list, writtenAt(in, one, names)...)
	}
	return list, nil
}

// writtenIn lists what a project has for groups, its procedures apart.
func writtenIn(in Written, p *procedure.Project, names []string) (list []Written) {
	if meet(p.Audience, names) {
		in.Kind = WrittenProject
		list = append(list, in)
	}
	for _, c := range p.Categories {
		if meet(c.Audience, names) {
			in.Kind, in.ID, in.Part, in.Title = WrittenCategory, c.ID, c.ID, c.Name
			list = append(list, in)
		}
	}
	return list
}

// writtenAt lists what a procedure has for groups.
func writtenAt(in Written, p *procedure.Procedure, names []string) (list []Written) {
	in.ID, in.Part, in.Title = p.UID, p.Alias, p.Title
	if meet(p.Audience, names) {
		in.Kind = WrittenProcedure
		list = append(list, in)
	}
	if slices.ContainsFunc(p.Steps, func(s procedure.Step) bool { return offers(s, names) }) {
		in.Kind = WrittenAnswer
		list = append(list, in)
	}
	return list
}

// offers reports whether answers of a step are offered to some of the groups only.
func offers(s procedure.Step, names []string) bool {
	var answers []procedure.Answer
	if s.Question != nil {
		answers = append(answers, s.Question.Answers...)
	}
	if s.Choices != nil {
		answers = append(answers, s.Choices.Answers...)
	}
	return slices.ContainsFunc(answers, func(a procedure.Answer) bool { return meet(a.Audience, names) })
}

func meet(audience, names []string) bool {
	return slices.ContainsFunc(audience, func(name string) bool { return slices.Contains(names, name) })
}

// leaves keeps in mind that a group is gone from a domain, "" for all of its own.
func leaves(t *db.Tx, group, domain string) error {
	_, err := t.Exec(sqlGroupGone, group, domain)
	return err
}

// placesNamed is how many places a refusal names.
const placesNamed = 3

// inherits refuses a name that another group had which is gone from a domain, while
// something there is still written for it: all of it would open to this one.
func inherits(t *db.Tx, g Group, domain string, names []string) error {
	gone, err := db.ListIn(t, db.ScanText, sqlGoneNames, domain, db.JSON(names), g.ID)
	if err != nil || len(gone) == 0 {
		return err
	}
	written, err := writtenFor(t, domain, gone, true)
	if err != nil || len(written) == 0 {
		return err
	}
	var places []string
	for _, w := range written {
		if !slices.Contains(places, w.Place()) {
			places = append(places, w.Place())
		}
	}
	if len(places) > placesNamed {
		places = append(places[:placesNamed], "…")
	}
	return &fault.Error{Kind: fault.Conflict, Key: "fault.group.gone", Args: []any{strings.Join(places, ", ")}, Fields: map[string]string{"name": "fault.group.gone"}}
}
