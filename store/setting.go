package store

import (
	"context"
	"encoding/json"
	"fmt"

	"selfhelp/app/fault"
	"selfhelp/store/audit"
	"selfhelp/store/db"
	"selfhelp/store/trouble"
)

const (
	sqlSetting       = `SELECT value, version FROM setting WHERE key = ?`
	sqlSettingInsert = `INSERT INTO setting (key, value) VALUES (?, ?)`
	sqlSettingSave   = `UPDATE setting SET value = ?, version = version + 1 WHERE key = ? AND version = ?`
)

// Setting reads the value of a key into the variable that into points to and
// returns its version. A key never set leaves into as it is and has version 0.
func (c *Content) Setting(ctx context.Context, key string, into any) (version int64, err error) {
	_, err = db.One(ctx, c.DB, func(r db.Row) (struct{}, error) {
		return struct{}{}, r.Scan(db.JSON(into), &version)
	}, sqlSetting, key)
	if fault.Is(err, fault.NotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read setting %s: %w", key, err)
	}
	return version, nil
}

// SaveSetting keeps the value of a key that still has the version. The audit
// keeps that it changed and what is told of it, not the value: it may be a
// secret.
func (c *Content) SaveSetting(ctx context.Context, key string, version int64, value any, by string, told any) error {
	b, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("save setting %s: %w", key, err)
	}
	return c.Write(ctx, "save setting "+key, func(t *db.Tx) error {
		if version > 0 {
			err = t.Change(sqlSettingSave, string(b), key, version)
		} else if _, err = t.Exec(sqlSettingInsert, key, string(b)); trouble.Taken(err) {
			err = db.Stale()
		}
		if err != nil {
			return err
		}
		return audit.Add(t, by, "setting.save", "setting:"+key, told)
	})
}
