package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store/audit"
	"selfhelp/store/db"
)

// Publication is a version made available as a bundle.
type Publication struct {
	ID       int64
	Domain   string
	Project  string
	Number   Number
	Bundle   string // hash
	At       time.Time
	By       string
	Active   bool
	Audience []string // groups its version is on trial with; none: everybody
}

// Sign makes the catalogue that names the active publications. It must not ask
// the store for anything: it runs inside the transaction.
type Sign func(serial int64, active []Publication) ([]byte, error)

// SignAgain makes the catalogue that names what another one does. It must not ask the
// store for anything either.
type SignAgain func(serial int64, sealed []byte) ([]byte, error)

const (
	sqlPublications       = `SELECT p.id, o.domain, p.project, p.major, p.minor, p.bundle, p.at, p.by, p.active, v.audience FROM publication p JOIN project o ON o.id = p.project JOIN version v USING (project, major, minor) WHERE p.project = ? ORDER BY p.id DESC`
	sqlPublicationsActive = `SELECT p.id, o.domain, p.project, p.major, p.minor, p.bundle, p.at, p.by, p.active, v.audience FROM publication p JOIN project o ON o.id = p.project JOIN version v USING (project, major, minor) WHERE p.active = 1 AND o.deleted = 0 ORDER BY o.domain, o.alias, p.major, p.minor`
	sqlPublicationInsert  = `INSERT INTO publication (project, major, minor, bundle, at, by, active) VALUES (?, ?, ?, ?, ?, ?, 1)`
	sqlPublicationEnd     = `UPDATE publication SET active = 0 WHERE project = ? AND major = ? AND minor = ? AND active = 1`
	sqlCatalogueSerial    = `SELECT coalesce(max(serial), 0) + 1 FROM catalogue`
	sqlCatalogueInsert    = `INSERT INTO catalogue (serial, data, at) VALUES (?, ?, ?)`
	sqlCatalogueLast      = `SELECT data FROM catalogue ORDER BY serial DESC LIMIT 1`
)

func scanPublication(r db.Row) (p Publication, err error) {
	return p, r.Scan(&p.ID, &p.Domain, &p.Project, &p.Number.Major, &p.Number.Minor, &p.Bundle, (*db.Instant)(&p.At), &p.By, &p.Active, db.JSON(&p.Audience))
}

// Publications returns the publications of a project, the latest first.
func (c *Content) Publications(ctx context.Context, project string) ([]Publication, error) {
	return db.List(ctx, c.DB, scanPublication, sqlPublications, project)
}

// ActivePublications returns all that people can run now.
func (c *Content) ActivePublications(ctx context.Context) ([]Publication, error) {
	return db.List(ctx, c.DB, scanPublication, sqlPublicationsActive)
}

// Catalogue returns the catalogue in force; NotFound before the first one.
func (c *Content) Catalogue(ctx context.Context) ([]byte, error) {
	return db.One(ctx, c.DB, db.ScanBytes, sqlCatalogueLast)
}

// Publish makes a version active with its bundle, and the catalogue that says
// so the one in force, both or neither. It returns that catalogue.
func (c *Content) Publish(ctx context.Context, project string, n Number, bundle, by string, sign Sign) ([]byte, error) {
	return db.Written(ctx, c.DB, "publish version "+n.String(), func(t *db.Tx) ([]byte, error) {
		v, err := db.OneIn(t, scanVersion, sqlVersion, project, n.Major, n.Minor)
		if err != nil {
			return nil, err
		}
		if v.State == VersionActive {
			if _, err := t.Exec(sqlPublicationEnd, project, n.Major, n.Minor); err != nil {
				return nil, err
			}
		}
		if _, err := t.Exec(sqlVersionState, string(VersionActive), bundle, project, n.Major, n.Minor); err != nil {
			return nil, err
		}
		if _, err := t.Exec(sqlPublicationInsert, project, n.Major, n.Minor, bundle, db.Instant(t.Now), by); err != nil {
			return nil, err
		}
		if err := audit.Add(t, by, "version.publish", "project:"+project, map[string]string{"version": n.String(), "bundle": bundle, "audience": strings.Join(v.Audience, ", ")}); err != nil {
			return nil, err
		}
		return nextCatalogue(t, sign)
	})
}

// Withdraw makes an active version unavailable, with the catalogue that says
// so, both or neither. It returns that catalogue.
func (c *Content) Withdraw(ctx context.Context, project string, n Number, by string, sign Sign) ([]byte, error) {
	return db.Written(ctx, c.DB, "withdraw version "+n.String(), func(t *db.Tx) ([]byte, error) {
		v, err := db.OneIn(t, scanVersion, sqlVersion, project, n.Major, n.Minor)
		if err != nil {
			return nil, err
		}
		if v.State != VersionActive {
			return nil, fault.New(fault.Conflict, "fault.version.withdrawn", n.String())
		}
		if _, err := t.Exec(sqlPublicationEnd, project, n.Major, n.Minor); err != nil {
			return nil, err
		}
		if _, err := t.Exec(sqlVersionState, string(VersionInactive), v.Bundle, project, n.Major, n.Minor); err != nil {
			return nil, err
		}
		if err := audit.Add(t, by, "version.withdraw", "project:"+project, map[string]string{"version": n.String()}); err != nil {
			return nil, err
		}
		return nextCatalogue(t, sign)
	})
}

// OfferVersion says which groups a version is on trial with, by name, none for
// everybody, with the catalogue that says so, both or neither. It returns that
// catalogue.
func (c *Content) OfferVersion(ctx context.Context, project string, n Number, groups []string, by string, sign Sign) ([]byte, error) {
	return db.Written(ctx, c.DB, "offer version "+n.String(), func(t *db.Tx) ([]byte, error) {
		v, err := db.OneIn(t, scanVersion, sqlVersion, project, n.Major, n.Minor)
		if err != nil {
			return nil, err
		}
		if _, err := t.Exec(sqlVersionAudience, groupList(groups), project, n.Major, n.Minor); err != nil {
			return nil, err
		}
		told := map[string]string{"version": n.String(), "before": strings.Join(v.Audience, ", "), "audience": strings.Join(groups, ", ")}
		if err := audit.Add(t, by, "version.offer", "project:"+project, told); err != nil {
			return nil, err
		}
		return nextCatalogue(t, sign)
	})
}

// RenewCatalogue signs the active publications again, with a serial above one that is
// given: after a project went to the recycle bin or came back, or where servers have
// seen higher ones. What groups of servers stay at is signed again before it, for their
// servers have seen those as well.
func (c *Content) RenewCatalogue(ctx context.Context, above int64, again SignAgain, sign Sign) ([]byte, error) {
	return db.Written(ctx, c.DB, "renew catalogue", func(t *db.Tx) ([]byte, error) {
		held, err := db.ListIn(t, db.ScanNumber, sqlTargetsHeld)
		if err != nil {
			return nil, err
		}
		for _, sequence := range held {
			if err := holdAbove(t, sequence, above, again); err != nil {
				return nil, err
			}
		}
		return catalogueAbove(t, above, sign)
	})
}

// holdAbove has the groups that stay at a catalogue stay at the same one with a higher
// serial.
func holdAbove(t *db.Tx, sequence, above int64, again SignAgain) error {
	sealed, err := db.OneIn(t, db.ScanBytes, sqlCatalogueOf, sequence)
	if err != nil {
		return fmt.Errorf("read catalogue %d: %w", sequence, err)
	}
	serial, err := serialAbove(t, above)
	if err != nil {
		return err
	}
	if sealed, err = again(serial, sealed); err != nil {
		return fmt.Errorf("sign catalogue %d as %d: %w", sequence, serial, err)
	}
	if _, err := t.Exec(sqlCatalogueInsert, serial, sealed, db.Instant(t.Now)); err != nil {
		return err
	}
	_, err = t.Exec(sqlTargetsHold, serial, sequence)
	return err
}

func nextCatalogue(t *db.Tx, sign Sign) ([]byte, error) { return catalogueAbove(t, 0, sign) }

// serialAbove is the next serial that is above one.
func serialAbove(t *db.Tx, above int64) (int64, error) {
	serial, err := db.OneIn(t, db.ScanNumber, sqlCatalogueSerial)
	return max(serial, above+1), err
}

func catalogueAbove(t *db.Tx, above int64, sign Sign) ([]byte, error) {
	serial, err := serialAbove(t, above)
	if err != nil {
		return nil, err
	}
	active, err := db.ListIn(t, scanPublication, sqlPublicationsActive)
	if err != nil {
		return nil, err
	}
	data, err := sign(serial, active)
	if err != nil {
		return nil, fmt.Errorf("sign catalogue %d: %w", serial, err)
	}
	_, err = t.Exec(sqlCatalogueInsert, serial, data, db.Instant(t.Now))
	return data, err
}
