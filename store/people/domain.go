package people

import (
	"context"
	"time"

	"selfhelp/app/procedure"
	"selfhelp/store/audit"
	"selfhelp/store/db"
)

// Domain is a closed space: its groups and projects. A new store has the
// domains "sandbox" and "production".
type Domain struct {
	ID      string // as it stands in addresses, for ever
	Title   procedure.Text
	Version int64
	Created time.Time
}

const (
	sqlDomains      = `SELECT id, title, version, created FROM domain ORDER BY created, id DESC`
	sqlDomain       = `SELECT id, title, version, created FROM domain WHERE id = ?`
	sqlDomainInsert = `INSERT INTO domain (id, title, created) VALUES (?, ?, ?)`
	sqlDomainSave   = `UPDATE domain SET title = ?, version = version + 1 WHERE id = ? AND version = ?`
)

func scanDomain(r db.Row) (d Domain, err error) {
	return d, r.Scan(&d.ID, db.JSON(&d.Title), &d.Version, (*db.Instant)(&d.Created))
}

// Domains returns every domain, the oldest first.
func (c *People) Domains(ctx context.Context) ([]Domain, error) {
	return db.List(ctx, c.DB, scanDomain, sqlDomains)
}

// Domain returns one domain.
func (c *People) Domain(ctx context.Context, id string) (Domain, error) {
	return db.One(ctx, c.DB, scanDomain, sqlDomain, id)
}

// CreateDomain makes a domain.
func (c *People) CreateDomain(ctx context.Context, d Domain, by string) (Domain, error) {
	return db.Written(ctx, c.DB, "create domain "+d.ID, func(t *db.Tx) (Domain, error) {
		made := Domain{ID: d.ID, Title: d.Title, Version: 1, Created: t.Now}
		if _, err := t.Exec(sqlDomainInsert, made.ID, db.JSON(made.Title), db.Instant(made.Created)); err != nil {
			return made, db.Taken(err, "id", "fault.domain.taken")
		}
		return made, audit.Add(t, by, "domain.create", "domain:"+d.ID, d.Title)
	})
}

// SaveDomain changes the title of a domain that still has d's version.
func (c *People) SaveDomain(ctx context.Context, d Domain, by string) (Domain, error) {
	return db.Written(ctx, c.DB, "save domain "+d.ID, func(t *db.Tx) (Domain, error) {
		if err := t.Change(sqlDomainSave, db.JSON(d.Title), d.ID, d.Version); err != nil {
			return d, err
		}
		if err := audit.Add(t, by, "domain.save", "domain:"+d.ID, d.Title); err != nil {
			return d, err
		}
		return db.OneIn(t, scanDomain, sqlDomain, d.ID)
	})
}
