package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/store/audit"
	"selfhelp/store/db"
	"selfhelp/store/journal"
)

const (
	sqlContentCounts = `SELECT
		(SELECT count(*) FROM project WHERE deleted = 0), (SELECT count(*) FROM procedure), (SELECT count(*) FROM revision),
		(SELECT count(*) FROM version), (SELECT count(*) FROM user), (SELECT count(*) FROM audit), (SELECT coalesce(max(at), 0) FROM audit)`
	sqlActivityCounts = `SELECT (SELECT count(*) FROM execution), (SELECT count(*) FROM turn), (SELECT coalesce(max(at), 0) FROM turn)`
)

// Extent is how much a store holds, for people who compare two of them.
type Extent struct {
	Projects   int64     `json:"projects"`
	Procedures int64     `json:"procedures"`
	Revisions  int64     `json:"revisions"`
	Versions   int64     `json:"versions"`
	Users      int64     `json:"users"`
	Audit      int64     `json:"audit"` // entries
	Executions int64     `json:"executions"`
	Answers    int64     `json:"answers"`
	Changed    time.Time `json:"changed"`  // the last change that is in the audit; the zero time for none
	Answered   time.Time `json:"answered"` // the last answer; the zero time for none
}

// ExtentOf counts what the store of a folder holds, which may be open in another
// process.
func ExtentOf(ctx context.Context, dir string) (e Extent, err error) {
	content, err := db.Glance(ctx, dir, contentSchema)
	if err != nil {
		return e, fmt.Errorf("look into %s: %w", dir, err)
	}
	defer content.Close()
	activity, err := db.Glance(ctx, dir, activitySchema)
	if err != nil {
		return e, fmt.Errorf("look into %s: %w", dir, err)
	}
	defer activity.Close()
	return extent(ctx, content, activity)
}

// Extent counts what the store holds.
func (s *Store) Extent(ctx context.Context) (Extent, error) {
	return extent(ctx, s.Content.DB, s.Activity.DB)
}

func extent(ctx context.Context, content, activity *db.DB) (e Extent, err error) {
	var changed, answered db.Instant
	_, err = db.One(ctx, content, func(r db.Row) (struct{}, error) {
		return struct{}{}, r.Scan(&e.Projects, &e.Procedures, &e.Revisions, &e.Versions, &e.Users, &e.Audit, &changed)
	}, sqlContentCounts)
	if err != nil {
		return e, fmt.Errorf("count what is in the store: %w", err)
	}
	_, err = db.One(ctx, activity, func(r db.Row) (struct{}, error) {
		return struct{}{}, r.Scan(&e.Executions, &e.Answers, &answered)
	}, sqlActivityCounts)
	if err != nil {
		return e, fmt.Errorf("count what is in the store: %w", err)
	}
	e.Changed, e.Answered = time.Time(changed), time.Time(answered)
	return e, nil
}

// Verified is what looking through a whole store found.
type Verified struct {
	Extent  Extent
	Entries int64    // of the audit that hold
	Files   int      // that projects name
	Sent    int      // how often answers name a file that somebody sent
	Wrong   []string // one sentence each; none when all is well
	Missing []string // files that answers name, the same way: presentation servers may have them
}

// Verify looks through the whole store: every page of both databases, every
// reference, the chain of the audit, and every file that a project or an answer names.
func (s *Store) Verify(ctx context.Context) (v Verified, err error) {
	v.Wrong = []string{}
	for _, d := range []*db.DB{s.Content.DB, s.Activity.DB} {
		wrong, err := d.Whole(ctx)
		if err != nil {
			return v, err
		}
		for _, w := range wrong {
			v.Wrong = append(v.Wrong, d.Name+".db: "+w)
		}
	}
	if v.Extent, err = s.Extent(ctx); err != nil {
		return v, err
	}
	if err := s.verifyAudit(ctx, &v); err != nil {
		return v, err
	}
	if err := s.verifyFiles(ctx, &v); err != nil {
		return v, err
	}
	v.Sent, v.Missing, err = journal.Missing(ctx, s.Activity.DB, s.Files.Has)
	return v, err
}

func (s *Store) verifyAudit(ctx context.Context, v *Verified) error {
	chain, err := s.Content.VerifyAudit(ctx)
	v.Entries = chain.Entries
	if broken, is := errors.AsType[*fault.Error](err); is && broken.Kind == fault.Conflict {
		v.Wrong = append(v.Wrong, fmt.Sprintf("the audit holds for %d entries and not after: %v", chain.Entries, err))
		return nil
	}
	for _, m := range chain.Missing {
		v.Wrong = append(v.Wrong, missing(m))
	}
	return err
}

func missing(m audit.Missing) string {
	return fmt.Sprintf("entries %d to %d of the audit are missing, which activity.db knows of since %s", m.From, m.To, m.NotedAt.Format(time.RFC3339))
}

// verifyFiles looks for the file of every resource, as it is edited and in each
// version that is in force.
func (s *Store) verifyFiles(ctx context.Context, v *Verified) error {
	named := map[string]string{} // hash → by whom
	domains, err := s.Content.Domains(ctx)
	if err != nil {
		return err
	}
	for _, d := range domains {
		projects, err := s.Content.Projects(ctx, d.ID)
		if err != nil {
			return err
		}
		for _, p := range projects {
			if err := s.filesOf(ctx, p, named); err != nil {
				return err
			}
		}
	}
	v.Files = len(named)
	for hash, by := range named {
		if !s.Files.Has(hash) {
			v.Wrong = append(v.Wrong, "the file "+hash+" of project "+by+" is missing")
		}
	}
	slices.Sort(v.Wrong)
	return nil
}

func (s *Store) filesOf(ctx context.Context, p Project, named map[string]string) error {
	add := func(of *procedure.Project) {
		for _, r := range of.Resources {
			for _, f := range r.Files {
				if f.Hash != "" {
					named[f.Hash] = p.Alias
				}
			}
		}
	}
	add(p.Data)
	versions, err := s.Content.Versions(ctx, p.ID)
	if err != nil {
		return err
	}
	for _, v := range versions {
		if v.State != VersionActive {
			continue
		}
		frozen, err := s.Content.FrozenProject(ctx, p.ID, v.Number)
		if err != nil {
			return err
		}
		add(frozen)
	}
	return nil
}
