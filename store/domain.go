package store

import (
	"context"
	"time"

	"selfhelp/app/procedure"
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

func scanDomain(r row) (d Domain, err error) {
	return d, r.Scan(&d.ID, asJSON{&d.Title}, &d.Version, (*instant)(&d.Created))
}

// Domains returns every domain, the oldest first.
func (c *Content) Domains(ctx context.Context) ([]Domain, error) {
	return list(ctx, c.database, scanDomain, sqlDomains)
}

// Domain returns one domain.
func (c *Content) Domain(ctx context.Context, id string) (Domain, error) {
	return one(ctx, c.database, scanDomain, sqlDomain, id)
}

// CreateDomain makes a domain.
func (c *Content) CreateDomain(ctx context.Context, d Domain, by string) (Domain, error) {
	return written(ctx, c.database, "create domain "+d.ID, func(t *tx) (Domain, error) {
		made := Domain{ID: d.ID, Title: d.Title, Version: 1, Created: t.now}
		if _, err := t.exec(sqlDomainInsert, made.ID, asJSON{made.Title}, instant(made.Created)); err != nil {
			return made, taken(err, "id", "fault.domain.taken")
		}
		return made, audit(t, by, "domain.create", "domain:"+d.ID, d.Title)
	})
}

// SaveDomain changes the title of a domain that still has d's version.
func (c *Content) SaveDomain(ctx context.Context, d Domain, by string) (Domain, error) {
	return written(ctx, c.database, "save domain "+d.ID, func(t *tx) (Domain, error) {
		if err := t.change(sqlDomainSave, asJSON{d.Title}, d.ID, d.Version); err != nil {
			return d, err
		}
		if err := audit(t, by, "domain.save", "domain:"+d.ID, d.Title); err != nil {
			return d, err
		}
		return oneIn(t, scanDomain, sqlDomain, d.ID)
	})
}
