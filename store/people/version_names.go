package people

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"selfhelp/app/procedure"
	"selfhelp/store/db"
)

const (
	sqlVersionName     = `INSERT INTO version_names (project, name, kind, id, part, title, major, minor) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (project, name, kind, id) DO UPDATE SET part = excluded.part, title = excluded.title, major = excluded.major, minor = excluded.minor WHERE (excluded.major, excluded.minor) > (major, minor)`
	sqlVersionNamed    = `UPDATE version SET named = 1 WHERE project = ? AND major = ? AND minor = ?`
	sqlVersionsUnnamed = `SELECT project, major, minor, data FROM version INDEXED BY version_unnamed WHERE named = 0 ORDER BY project, major, minor LIMIT ?`
	sqlNamedInVersions = `SELECT n.project, n.major || '.' || n.minor, v.state = 'active', n.kind, n.id, n.part, n.title FROM version_names n JOIN project p ON p.id = n.project JOIN version v ON v.project = n.project AND v.major = n.major AND v.minor = n.minor WHERE p.domain = ?1 AND (n.kind <> 'formula' AND n.name IN (SELECT value FROM json_each(?2)) OR n.kind = 'formula' AND n.name IN (SELECT value FROM json_each(?3))) GROUP BY n.project, n.kind, n.id ORDER BY n.project, n.major DESC, n.minor DESC, n.kind, n.id`
	sqlTrialVersions   = `SELECT v.project, v.major || '.' || v.minor, v.state = 'active', v.audience FROM version v JOIN project p ON p.id = v.project WHERE p.domain = ? AND v.audience <> '[]' ORDER BY v.project, v.major DESC, v.minor DESC`
)

// forGroups is something that a project has for some groups, by their names; what a
// formula compares is folded, as formulas may fold it.
type forGroups struct {
	Written
	names []string
}

// ofProject are what a project has for groups, its procedures apart.
func ofProject(p *procedure.Project) (all []forGroups) {
	if len(p.Audience) > 0 {
		all = append(all, forGroups{Written{Kind: WrittenProject}, p.Audience})
	}
	for _, c := range p.Categories {
		if len(c.Audience) > 0 {
			all = append(all, forGroups{Written{Kind: WrittenCategory, ID: c.ID, Part: c.ID, Title: c.Name}, c.Audience})
		}
	}
	return all
}

// ofProcedure are what a procedure has for groups.
func ofProcedure(p *procedure.Procedure) (all []forGroups) {
	add := func(kind WrittenKind, names []string) {
		if len(names) > 0 {
			all = append(all, forGroups{Written{Kind: kind, ID: p.UID, Part: p.Alias, Title: p.Title}, names})
		}
	}
	add(WrittenProcedure, p.Audience)
	var offered []string
	for _, s := range p.Steps {
		offered = append(offered, offeredTo(s)...)
	}
	add(WrittenAnswer, offered)
	add(WrittenFormula, keysOf(p.GroupTexts()))
	return all
}

// offeredTo are the groups to which answers of a step are offered.
func offeredTo(s procedure.Step) (names []string) {
	var answers []procedure.Answer
	if s.Question != nil {
		answers = append(answers, s.Question.Answers...)
	}
	if s.Choices != nil {
		answers = append(answers, s.Choices.Answers...)
	}
	for _, a := range answers {
		names = append(names, a.Audience...)
	}
	return names
}

// KeepNames keeps which groups a version of a project names, so that nobody need read
// it to know.
func KeepNames(t *db.Tx, project string, major, minor int, whole *procedure.Project) error {
	all := ofProject(whole)
	for _, p := range whole.Procedures {
		all = append(all, ofProcedure(p)...)
	}
	for _, w := range all {
		for _, name := range slices.Compact(slices.Sorted(slices.Values(w.names))) {
			if _, err := t.Exec(sqlVersionName, project, name, string(w.Kind), w.ID, w.Part, db.JSON(w.Title), major, minor); err != nil {
				return err
			}
		}
	}
	return t.Touch(sqlVersionNamed, project, major, minor)
}

// versionsAtOnce is how many versions are read in one transaction.
const versionsAtOnce = 20

// KeepVersionNames keeps the names of the groups of versions that were frozen before
// such names were kept, some at a time: an opening that is interrupted goes on at the
// next.
func (c *People) KeepVersionNames(ctx context.Context) error {
	for {
		done, err := db.Written(ctx, c.DB, "keep the names of groups in versions", keepSome)
		if err != nil || done < versionsAtOnce {
			return err
		}
	}
}

// unnamed is a version whose names are not kept.
type unnamed struct {
	project      string
	major, minor int
	data         []byte
}

func keepSome(t *db.Tx) (int, error) {
	some, err := db.ListIn(t, func(r db.Row) (u unnamed, err error) {
		return u, r.Scan(&u.project, &u.major, &u.minor, &u.data)
	}, sqlVersionsUnnamed, versionsAtOnce)
	if err != nil {
		return 0, err
	}
	for _, u := range some {
		b, err := db.Unpack(u.data)
		whole := &procedure.Project{}
		if err == nil {
			err = json.Unmarshal(b, whole)
		}
		if err != nil {
			return 0, fmt.Errorf("read version %d.%d of %s: %w", u.major, u.minor, u.project, err)
		}
		if err := KeepNames(t, u.project, u.major, u.minor, whole); err != nil {
			return 0, err
		}
	}
	return len(some), nil
}

// inVersions finds what versions have for the groups, in any of their states, without
// reading one.
func (f *sought) inVersions(t *db.Tx, domain string, projects map[string]Written) error {
	err := db.EachIn(t, func(r db.Row) error {
		var v Written
		var audience []string
		if err := r.Scan(&v.Project, &v.Version, &v.Active, db.JSON(&audience)); err != nil {
			return err
		}
		if in := projects[v.Project]; f.among(audience) {
			in.Kind, in.Version, in.Active = WrittenTrial, v.Version, v.Active
			f.add(in)
		}
		return nil
	}, sqlTrialVersions, domain)
	if err != nil {
		return err
	}
	return db.EachIn(t, func(r db.Row) error {
		var w Written
		if err := r.Scan(&w.Project, &w.Version, &w.Active, (*string)(&w.Kind), &w.ID, &w.Part, db.JSON(&w.Title)); err != nil {
			return err
		}
		in := projects[w.Project]
		w.Alias, w.Name = in.Alias, in.Name
		f.add(w)
		return nil
	}, sqlNamedInVersions, domain, db.JSON(f.names), db.JSON(f.keys))
}

// has reports whether something is for one of the groups.
func (f *sought) has(w forGroups) bool {
	wanted := f.names
	if w.Kind == WrittenFormula {
		wanted = f.keys
	}
	return slices.ContainsFunc(w.names, func(name string) bool { return slices.Contains(wanted, name) })
}
