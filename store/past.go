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
)

// Past is what something that is brought back was taken from, as the audit tells it.
type Past struct {
	At   time.Time `json:"at"`   // the moment that was asked for
	From string    `json:"from"` // the epoch of the replica, or the backup
	Was  string    `json:"was"`  // its alias then
}

// BringProject is CreateProject for one of an earlier moment. What it was and who
// brought it is told in the same write, so that none stands there unexplained.
func (c *Content) BringProject(ctx context.Context, domain string, data *procedure.Project, from Past, by string) (Project, error) {
	return db.Written(ctx, c.DB, "bring back project "+data.Alias, func(t *db.Tx) (Project, error) {
		p, err := createProject(t, domain, data, by)
		if err != nil {
			return p, err
		}
		return p, audit.Add(t, by, "project.bring", "project:"+p.ID, from)
	})
}

// Bringing is a procedure of an earlier moment as it is to come back into a project.
type Bringing struct {
	Project string
	Data    *procedure.Procedure
	// Version is that of the procedure whose next revision it becomes; 0 adds it.
	Version   int64
	Resources []procedure.Resource // those that the project takes where it has none of their id
	From      Past
	By        string
}

// BringProcedure takes a procedure of an earlier moment into a project: beside those
// that are there, or as the next revision of one. Nothing that is there is lost.
func (c *Content) BringProcedure(ctx context.Context, b Bringing) (Procedure, error) {
	return db.Written(ctx, c.DB, "bring back procedure "+b.Data.Alias, func(t *db.Tx) (Procedure, error) {
		p, err := db.OneIn(t, scanProject, sqlProject, b.Project)
		if err != nil {
			return Procedure{}, err
		}
		if !p.Deleted.IsZero() {
			return Procedure{}, fault.New(fault.NotFound, "fault.not_found")
		}
		if missing := withoutThose(b.Resources, p.Data.Resources); len(missing) > 0 {
			p.Data.Resources = append(p.Data.Resources, missing...)
			if _, err := saveProject(t, p, p.Version, p.Data, b.By); err != nil {
				return Procedure{}, err
			}
		}
		if b.Version == 0 {
			err = insertProcedure(t, b.Project, p.Domain, b.Data, b.By)
		} else {
			err = b.revise(t)
		}
		if err == nil {
			err = audit.Add(t, b.By, "procedure.bring", "procedure:"+b.Data.UID, map[string]any{"project": b.Project, "at": b.From.At, "from": b.From.From, "was": b.From.Was})
		}
		if err != nil {
			return Procedure{}, err
		}
		return db.OneIn(t, scanProcedure, sqlProcedure, b.Project, b.Data.UID)
	})
}

// revise saves it over the one that is there, if nobody saved that since.
func (b Bringing) revise(t *db.Tx) error {
	was, err := editable(t, b.Project, b.Data.UID, b.Version)
	if err != nil {
		return err
	}
	last, err := db.OneIn(t, db.ScanNumber, sqlRevisionLast, b.Project, b.Data.UID)
	if err != nil {
		return err
	}
	old, err := db.OneIn(t, db.ScanText, sqlProcedureText, b.Project, b.Data.UID)
	if err != nil {
		return err
	}
	now, err := json.Marshal(b.Data)
	if err != nil {
		return fmt.Errorf("write procedure %s: %w", b.Data.UID, err)
	}
	if err := saveProcedure(t, was, b.Data, now, last+1, b.By); err != nil {
		return err
	}
	r := Revision{Project: b.Project, Procedure: b.Data.UID, Number: last + 1, Parent: was.Revision, Author: b.By}
	return insertRevision(t, r, []byte(old), now)
}

// withoutThose are the resources whose id is none of those that are there.
func withoutThose(all, there []procedure.Resource) []procedure.Resource {
	return slices.DeleteFunc(slices.Clone(all), func(r procedure.Resource) bool {
		return slices.ContainsFunc(there, func(is procedure.Resource) bool { return is.ID == r.ID })
	})
}
