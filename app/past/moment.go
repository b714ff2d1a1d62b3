package past

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/store"
	"selfhelp/store/replica"
	"selfhelp/store/trouble"
)

// Moment is the state of an earlier moment, open to be read in a scratch folder.
type Moment struct {
	At      time.Time // that was asked for
	Reached time.Time // of the last change in it
	From    string    // the epoch of the replica, or the name of the backup
	Backup  bool      // it is of a backup

	origin  origin
	scratch replica.Scratch
	reading *store.Reading
}

// keysFolder is where a data folder has its keys. What sealed a state then still
// opens it: keys are added, never exchanged.
const keysFolder = "keys"

// Open restores the state of a moment and opens it. The data folder may be in use.
func (s Sources) Open(ctx context.Context, at time.Time, told func(step string)) (m *Moment, err error) {
	told("ask")
	o, err := s.nearest(ctx, at)
	if err != nil {
		return nil, err
	}
	if err := s.room(o); err != nil {
		return nil, err
	}
	m = &Moment{At: at, Backup: o.backup, origin: o}
	if m.scratch, err = s.Place.Scratch(); err != nil {
		return nil, trouble.Of(err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, m.Close())
		}
	}()
	told("bring")
	back, err := o.database(ctx, m.scratch.Dir)
	if err != nil {
		return m, s.unbrought(ctx, o, err)
	}
	m.From, m.Reached = back.from, back.at
	told("open")
	if err := os.Symlink(filepath.Join(s.Place.Dir, keysFolder), filepath.Join(m.scratch.Dir, keysFolder)); err != nil {
		return m, err
	}
	m.reading, err = store.Read(ctx, m.scratch.Dir, store.Options{Log: s.Log})
	return m, err
}

// unbrought gives what kept a state from coming its sentence.
func (s Sources) unbrought(ctx context.Context, o origin, err error) error {
	err = trouble.Of(err)
	switch key, _ := fault.TextOf(err); {
	case ctx.Err() != nil:
		return fault.Because(fault.Unavailable, err, "fault.past.long")
	case key == "fault.store.locked":
		return fault.Because(fault.Unavailable, err, "fault.past.locked")
	case key == trouble.DiskFull.Key(), fault.KindOf(err) != fault.Internal:
		return err
	}
	s.Log.Error("a state of an earlier moment could not be brought", "from", o.name, "err", err)
	return fault.Because(fault.Unavailable, err, "fault.past.damaged", o.name)
}

// Close closes the state and removes what was brought of it.
func (m *Moment) Close() error {
	var err error
	if m.reading != nil {
		err = m.reading.Close()
		m.reading = nil
	}
	return errors.Join(err, m.scratch.Remove())
}

// Project is one that there was.
type Project struct {
	store.Project
	Procedures int
	Owned      string         // login of who owned it; "" where nobody did
	Now        *store.Project // the one that it is by now; nil where it is gone
	Binned     bool           // that lies in the recycle bin
}

// Projects are those that there were, as they compare with a live store; nil to
// compare with nothing.
func (m *Moment) Projects(ctx context.Context, live *store.Content) (all []Project, err error) {
	domains, err := m.reading.Content.Domains(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range domains {
		then, err := m.reading.Content.Projects(ctx, d.ID)
		if err != nil {
			return nil, err
		}
		for _, p := range then {
			one, err := m.project(ctx, live, p)
			if err != nil {
				return nil, err
			}
			all = append(all, one)
		}
	}
	return all, nil
}

// Project is one that there was, by its id.
func (m *Moment) Project(ctx context.Context, live *store.Content, id string) (Project, error) {
	p, err := m.reading.Content.Project(ctx, id)
	if err == nil && !p.Deleted.IsZero() || fault.Is(err, fault.NotFound) {
		return Project{}, fault.Because(fault.NotFound, err, "fault.past.project", id, m.At)
	}
	if err != nil {
		return Project{}, err
	}
	return m.project(ctx, live, p)
}

// ProjectByAlias is one that there was, by its domain and alias; "" for the only domain
// that had one of it.
func (m *Moment) ProjectByAlias(ctx context.Context, live *store.Content, domain, alias string) (Project, error) {
	all, err := m.called(ctx, alias)
	if err != nil {
		return Project{}, err
	}
	var in []string
	for _, p := range all {
		if p.Domain == domain || domain == "" && len(all) == 1 {
			return m.project(ctx, live, p)
		}
		in = append(in, p.Domain)
	}
	switch {
	case len(in) == 0:
		return Project{}, fault.New(fault.NotFound, "fault.past.project", alias, m.At)
	case domain == "":
		return Project{}, fault.New(fault.Invalid, "fault.past.project.several", alias, m.At, strings.Join(in, ", "))
	}
	return Project{}, fault.New(fault.NotFound, "fault.past.project.elsewhere", alias, domain, m.At, strings.Join(in, ", "))
}

// called are the projects of an alias that there were, in any domain.
func (m *Moment) called(ctx context.Context, alias string) (all []store.Project, err error) {
	domains, err := m.reading.Content.Domains(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range domains {
		p, err := m.reading.Content.ProjectByAlias(ctx, d.ID, alias)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		if err == nil {
			all = append(all, p)
		}
	}
	return all, nil
}

func (m *Moment) project(ctx context.Context, live *store.Content, p store.Project) (Project, error) {
	one := Project{Project: p}
	lines, err := m.reading.Content.Procedures(ctx, p.ID)
	if err != nil {
		return one, err
	}
	one.Procedures = len(lines)
	if p.Owner != "" {
		u, err := m.reading.Content.User(ctx, p.Owner)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return one, err
		}
		one.Owned = u.Login
	}
	if live == nil {
		return one, nil
	}
	one.Now, one.Binned, err = present(ctx, live, p)
	return one, err
}

// present is the project that one of then is by now.
func present(ctx context.Context, live *store.Content, then store.Project) (*store.Project, bool, error) {
	now, err := live.ProjectByUID(ctx, then.Domain, then.Data.UID)
	if err == nil {
		return &now, false, nil
	}
	if !fault.Is(err, fault.NotFound) {
		return nil, false, err
	}
	bin, err := live.ProjectsInBin(ctx, then.Domain)
	binned := slices.ContainsFunc(bin, func(p store.Project) bool { return p.Data.UID == then.Data.UID })
	return nil, binned, err
}

// Standing is how something of then is by now.
type Standing string

// The standings.
const (
	Same    Standing = "same"
	Changed Standing = "changed"
	Binned  Standing = "binned"
	Gone    Standing = "gone"
)

// Procedure is one that there was, and how it is by now.
type Procedure struct {
	*procedure.Procedure
	Standing Standing
	Now      *store.Procedure // nil where it is gone, or in the bin
}

// Procedures are those of a project that there were.
func (m *Moment) Procedures(ctx context.Context, live *store.Content, p Project) (all []Procedure, err error) {
	whole, err := m.reading.Content.WholeProject(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	for _, then := range whole.Procedures {
		one := Procedure{Procedure: then, Standing: Gone}
		if p.Now != nil {
			now, err := live.Procedure(ctx, p.Now.ID, then.UID)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return nil, err
			}
			if err == nil {
				if one.Standing, err = compared(then, now); err != nil {
					return nil, err
				}
			}
			if one.Standing == Same || one.Standing == Changed {
				one.Now = &now
			}
		}
		all = append(all, one)
	}
	return all, nil
}

func compared(then *procedure.Procedure, now store.Procedure) (Standing, error) {
	if !now.Deleted.IsZero() {
		return Binned, nil
	}
	a, errA := json.Marshal(then)
	b, errB := json.Marshal(now.Data)
	if err := errors.Join(errA, errB); err != nil {
		return "", fmt.Errorf("compare procedure %s: %w", then.UID, err)
	}
	if string(a) == string(b) {
		return Same, nil
	}
	return Changed, nil
}
