package store

import (
	"context"
	"crypto/ed25519"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store/audit"
	"selfhelp/store/db"
)

// Server is a presentation server of the platform.
type Server struct {
	ID      string // as it calls itself
	Name    string
	Address string // where the edition server reaches it, like https://help1.example.org
	Key     ed25519.PublicKey
	Target  string // id of the group it is given publications in
	Joined  time.Time
	Version int64
}

// RolloutWay is how the servers of a target come to serve another catalogue.
type RolloutWay string

// The ways.
const (
	Together RolloutWay = "together" // all of them once each is ready, or none
	Rolling  RolloutWay = "rolling"  // each once it is ready, one after the other
	Canary   RolloutWay = "canary"   // one, and the others after a pause
)

// Target is a group of presentation servers that are given the same publications.
type Target struct {
	ID      string
	Title   string
	Domains []string // what they show; none: all
	Way     RolloutWay
	Pause   time.Duration // by canary
	Held    uint64        // sequence of the catalogue that they stay at; 0: the one in force
	Version int64
}

const (
	sqlServers      = `SELECT id, name, address, key, target, joined, version FROM server ORDER BY target, name, id`
	sqlServer       = `SELECT id, name, address, key, target, joined, version FROM server WHERE id = ?`
	sqlServerInsert = `INSERT INTO server (id, name, address, key, target, joined) VALUES (?, ?, ?, ?, ?, ?)`
	sqlServerSave   = `UPDATE server SET name = ?, address = ?, target = ?, version = version + 1 WHERE id = ? AND version = ?`
	sqlServerNamed  = `SELECT COUNT(*) FROM server WHERE name = ? COLLATE NOCASE AND id <> ?`
	sqlServerAt     = `SELECT id, name, address, key, target, joined, version FROM server WHERE address = ? AND id <> ?`
	sqlServerMove   = `UPDATE server SET address = ?, version = version + 1 WHERE id = ?`
	sqlServerDelete = `DELETE FROM server WHERE id = ?`

	sqlTargets      = `SELECT id, title, domains, way, pause, held, version FROM target ORDER BY title, id`
	sqlTargetInsert = `INSERT INTO target (id, title, domains, way, pause) VALUES (?, ?, ?, ?, ?)`
	sqlTargetSave   = `UPDATE target SET title = ?, domains = ?, way = ?, pause = ?, held = ?, version = version + 1 WHERE id = ? AND version = ?`
	sqlTargetDelete = `DELETE FROM target WHERE id = ? AND NOT EXISTS (SELECT 1 FROM server WHERE target = ?1)`
	sqlTargetsHeld  = `SELECT DISTINCT held FROM target WHERE held > 0 ORDER BY held`
	sqlTargetsHold  = `UPDATE target SET held = ?, version = version + 1 WHERE held = ?`
	sqlCatalogueOf  = `SELECT data FROM catalogue WHERE serial = ?`
)

func scanServer(r db.Row) (s Server, err error) {
	return s, r.Scan(&s.ID, &s.Name, &s.Address, (*[]byte)(&s.Key), &s.Target, (*db.Instant)(&s.Joined), &s.Version)
}

func scanTarget(r db.Row) (g Target, err error) {
	var pause int64
	err = r.Scan(&g.ID, &g.Title, db.JSON(&g.Domains), (*string)(&g.Way), &pause, &g.Held, &g.Version)
	g.Pause = time.Duration(pause) * time.Microsecond
	return g, err
}

// Servers returns the presentation servers of the platform.
func (c *Content) Servers(ctx context.Context) ([]Server, error) {
	return db.List(ctx, c.DB, scanServer, sqlServers)
}

// AddServer keeps a server that joined.
func (c *Content) AddServer(ctx context.Context, s Server, by string) error {
	return c.Write(ctx, "add server "+s.Address, func(t *db.Tx) error {
		if err := nameIsFree(t, s); err != nil {
			return err
		}
		_, err := t.Exec(sqlServerInsert, s.ID, s.Name, s.Address, []byte(s.Key), s.Target, db.Instant(t.Now))
		if err = db.Taken(db.Taken(err, "id", "fault.server.known"), "address", "fault.server.address"); err != nil {
			return err
		}
		return audit.Add(t, by, "server.add", "server:"+s.ID, map[string]string{"name": s.Name, "address": s.Address, "target": s.Target})
	})
}

// SaveServer keeps the name, the address and the target of a server, which is proved to be
// there: another one that had the address takes the one that became free.
func (c *Content) SaveServer(ctx context.Context, s Server, by string) error {
	return c.Write(ctx, "save server "+s.Address, func(t *db.Tx) error {
		was, err := db.OneIn(t, scanServer, sqlServer, s.ID)
		if err != nil {
			return err
		}
		if err := nameIsFree(t, s); err != nil {
			return err
		}
		if err := exchange(t, s, was.Address, by); err != nil {
			return err
		}
		said := func(s Server) map[string]string {
			return map[string]string{"name": s.Name, "address": s.Address, "target": s.Target}
		}
		changes, err := audit.Differences(said(was), said(s))
		if err != nil {
			return err
		}
		return audit.Add(t, by, "server.save", "server:"+s.ID, changes)
	})
}

// nameIsFree refuses a name by which people know another server.
func nameIsFree(t *db.Tx, s Server) error {
	n, err := db.OneIn(t, db.ScanNumber, sqlServerNamed, s.Name, s.ID)
	if err == nil && n > 0 {
		err = fault.New(fault.Conflict, "fault.server.name")
	}
	return err
}

// exchange saves a server, and gives its address of before to who has the one of now.
func exchange(t *db.Tx, s Server, before, by string) error {
	other, err := db.OneIn(t, scanServer, sqlServerAt, s.Address, s.ID)
	if fault.Is(err, fault.NotFound) {
		return t.Change(sqlServerSave, s.Name, s.Address, s.Target, s.ID, s.Version)
	}
	if err != nil {
		return err
	}
	if err := t.Touch(sqlServerMove, "moving "+other.ID, other.ID); err != nil { // an address is there once
		return err
	}
	if err := t.Change(sqlServerSave, s.Name, s.Address, s.Target, s.ID, s.Version); err != nil {
		return err
	}
	if err := t.Touch(sqlServerMove, before, other.ID); err != nil {
		return err
	}
	changes, err := audit.Differences(map[string]string{"address": other.Address}, map[string]string{"address": before})
	if err != nil {
		return err
	}
	return audit.Add(t, by, "server.save", "server:"+other.ID, changes)
}

// RemoveServer forgets a server.
func (c *Content) RemoveServer(ctx context.Context, id, by string) error {
	return c.Write(ctx, "remove server "+id, func(t *db.Tx) error {
		was, err := db.OneIn(t, scanServer, sqlServer, id)
		if err != nil {
			return err
		}
		if err := t.Touch(sqlServerDelete, id); err != nil {
			return err
		}
		return audit.Add(t, by, "server.remove", "server:"+id, map[string]string{"name": was.Name, "address": was.Address})
	})
}

// Targets returns the groups of presentation servers.
func (c *Content) Targets(ctx context.Context) ([]Target, error) {
	return db.List(ctx, c.DB, scanTarget, sqlTargets)
}

// AddTarget keeps a new group of servers.
func (c *Content) AddTarget(ctx context.Context, g Target, by string) error {
	return c.Write(ctx, "add target "+g.ID, func(t *db.Tx) error {
		if _, err := t.Exec(sqlTargetInsert, g.ID, g.Title, db.JSON(g.Domains), string(g.Way), g.Pause.Microseconds()); err != nil {
			return db.Taken(err, "id", "fault.target.known")
		}
		return audit.Add(t, by, "target.add", "target:"+g.ID, map[string]string{"title": g.Title, "way": string(g.Way)})
	})
}

// SaveTarget keeps how the servers of a group are given publications.
func (c *Content) SaveTarget(ctx context.Context, g Target, by string) error {
	return c.Write(ctx, "save target "+g.ID, func(t *db.Tx) error {
		if err := t.Change(sqlTargetSave, g.Title, db.JSON(g.Domains), string(g.Way), g.Pause.Microseconds(), int64(g.Held), g.ID, g.Version); err != nil {
			return err
		}
		return audit.Add(t, by, "target.save", "target:"+g.ID, g)
	})
}

// RemoveTarget forgets a group that no server is in.
func (c *Content) RemoveTarget(ctx context.Context, id, by string) error {
	return c.Write(ctx, "remove target "+id, func(t *db.Tx) error {
		if n, err := t.Exec(sqlTargetDelete, id); err != nil || n == 0 {
			if err == nil {
				err = fault.New(fault.Conflict, "fault.target.used")
			}
			return err
		}
		return audit.Add(t, by, "target.remove", "target:"+id, nil)
	})
}

// CatalogueOf returns the catalogue of a sequence.
func (c *Content) CatalogueOf(ctx context.Context, sequence uint64) ([]byte, error) {
	return db.One(ctx, c.DB, db.ScanBytes, sqlCatalogueOf, int64(sequence))
}
