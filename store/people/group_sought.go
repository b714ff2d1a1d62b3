package people

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"

	"selfhelp/app/access"
	"selfhelp/app/procedure"
	"selfhelp/store/db"
)

// sought are the names of groups that are looked for in what is written.
type sought struct {
	names  []string
	quoted []string // as audiences have them in JSON: most of it need not be read
	keys   []string // of the names: formulas may fold the case of what they compare
	most   int      // how many places are enough to find; 0: all
	list   []Written
	places map[string]bool             // that the list is about
	known  map[[sha256.Size]byte]found // procedures looked through: most are in many versions
}

// found is a procedure in which kinds of things are written for the groups.
type found struct {
	uid, alias string
	title      procedure.Text
	kinds      []WrittenKind
}

// enough reports whether nothing more need be looked for. It ends no reading of rows:
// that would be a failure of the transaction.
func (f *sought) enough() bool { return f.most > 0 && len(f.places) >= f.most }

func seek(names []string, most int) (*sought, error) {
	f := &sought{names: names, most: most, places: map[string]bool{}, known: map[[sha256.Size]byte]found{}}
	for _, name := range names {
		b, err := json.Marshal(name)
		if err != nil {
			return nil, fmt.Errorf("write the name of a group: %w", err)
		}
		f.quoted, f.keys = append(f.quoted, string(b)), append(f.keys, access.GroupKey(name))
	}
	return f, nil
}

// writtenFor looks through the projects of a domain and the versions that people run; when
// all is asked for, through what is in recycle bins too, and what is kept of every version.
// It holds one of them at a time, and ends when it has found as many places as are asked
// for; 0: everything.
func writtenFor(t *db.Tx, domain string, names []string, all bool, most int) ([]Written, error) {
	f, err := seek(names, most)
	if err == nil {
		err = f.through(t, domain, all)
	}
	return f.list, err
}

func (f *sought) through(t *db.Tx, domain string, all bool) error {
	projects := map[string]Written{}
	err := db.EachIn(t, func(r db.Row) error {
		var in Written
		p := &procedure.Project{}
		if err := r.Scan(&in.Project, &in.Alias, db.JSON(p)); err != nil {
			return err
		}
		in.Name = p.Name
		projects[in.Project] = in
		f.project(in, p)
		return nil
	}, sqlWrittenProjects, domain, all)
	if err != nil {
		return err
	}
	err = db.EachIn(t, func(r db.Row) error {
		if f.enough() {
			return nil
		}
		var project string
		var data []byte
		if err := r.Scan(&project, &data); err != nil {
			return err
		}
		return f.procedure(projects[project], data)
	}, sqlWrittenProcedures, domain, db.JSON(f.quoted), all)
	if err != nil {
		return err
	}
	if all {
		return f.inVersions(t, domain, projects)
	}
	return db.EachIn(t, func(r db.Row) error {
		if f.enough() {
			return nil
		}
		var v Written
		var audience []string
		var data []byte
		if err := r.Scan(&v.Project, &v.Version, &v.Active, db.JSON(&audience), &data); err != nil {
			return err
		}
		in := projects[v.Project]
		in.Version, in.Active = v.Version, v.Active
		return f.version(in, audience, data)
	}, sqlWrittenVersions, domain)
}

// add notes something that names the groups.
func (f *sought) add(w Written) {
	if f.enough() {
		return
	}
	f.list = append(f.list, w)
	f.places[w.Place()] = true
}

// shell is a project whose procedures are not read.
type shell struct {
	procedure.Project
	Procedures []json.RawMessage `json:"procedures"`
}

// version looks through a version as it is kept; in tells which it is.
func (f *sought) version(in Written, audience []string, data []byte) error {
	if f.among(audience) {
		in.Kind = WrittenTrial
		f.add(in)
	}
	b, err := db.Unpack(data)
	if err != nil {
		return fmt.Errorf("read version %s of %s: %w", in.Version, in.Alias, err)
	}
	if !f.mayHold(b) {
		return nil
	}
	var whole shell
	if err := json.Unmarshal(b, &whole); err != nil {
		return fmt.Errorf("read version %s of %s: %w", in.Version, in.Alias, err)
	}
	f.project(in, &whole.Project)
	for _, one := range whole.Procedures {
		if err := f.procedure(in, one); err != nil {
			return err
		}
	}
	return nil
}

// mayHold reports whether the groups may be named in JSON, by an audience or by a
// formula that reads the groups of the person.
func (f *sought) mayHold(b []byte) bool {
	return bytes.Contains(b, []byte("groups")) || slices.ContainsFunc(f.quoted, func(q string) bool { return bytes.Contains(b, []byte(q)) })
}

// project finds what a project has for the groups, its procedures apart.
func (f *sought) project(in Written, p *procedure.Project) {
	for _, w := range ofProject(p) {
		if f.has(w) {
			in.Kind, in.ID, in.Part, in.Title = w.Kind, w.ID, w.Part, w.Title
			f.add(in)
		}
	}
}

// procedure finds what a procedure has for the groups.
func (f *sought) procedure(in Written, data []byte) error {
	if !f.mayHold(data) {
		return nil
	}
	hash := sha256.Sum256(data)
	has, known := f.known[hash]
	if !known {
		p := &procedure.Procedure{}
		if err := json.Unmarshal(data, p); err != nil {
			return fmt.Errorf("read a procedure of %s: %w", in.Alias, err)
		}
		has = found{p.UID, p.Alias, p.Title, f.kinds(p)}
		f.known[hash] = has
	}
	in.ID, in.Part, in.Title = has.uid, has.alias, has.title
	for _, kind := range has.kinds {
		in.Kind = kind
		f.add(in)
	}
	return nil
}

func (f *sought) kinds(p *procedure.Procedure) (kinds []WrittenKind) {
	for _, w := range ofProcedure(p) {
		if f.has(w) {
			kinds = append(kinds, w.Kind)
		}
	}
	return kinds
}

func (f *sought) among(audience []string) bool {
	return slices.ContainsFunc(audience, func(name string) bool { return slices.Contains(f.names, name) })
}
