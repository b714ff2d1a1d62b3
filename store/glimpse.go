package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"selfhelp/store/db"
	"selfhelp/store/keys"
	"selfhelp/store/shape"
)

// Library is the version of SQLite inside, and an error when it can lose data.
func Library(ctx context.Context) (string, error) { return shape.Library(ctx) }

// Glimpse is what one database looks like from outside, while a server may be
// writing it.
type Glimpse struct {
	Shape, Newest int      // how many migrations it has done, and how many there are
	Bytes         int64    // of the file
	Wrong         []string // one sentence each
}

// GlimpseOf looks at one of the databases of a folder, quickly or at every page and
// reference of it.
func GlimpseOf(ctx context.Context, dir, name string, thorough bool) (g Glimpse, err error) {
	info, err := os.Stat(filepath.Join(dir, name))
	if err != nil {
		return g, err
	}
	schema := contentSchema
	if name == activitySchema.Name+".db" {
		schema = activitySchema
	}
	d, err := db.Glance(ctx, dir, schema)
	if err != nil {
		return g, fmt.Errorf("look into %s: %w", name, err)
	}
	defer d.Close()
	g.Bytes, g.Newest = info.Size(), len(schema.Steps)
	done, err := db.One(ctx, d, db.ScanNumber, shape.SQLShape)
	if err != nil {
		return g, fmt.Errorf("look into %s: %w", name, err)
	}
	g.Shape = int(done)
	if thorough {
		g.Wrong, err = d.Whole(ctx)
	} else {
		g.Wrong, err = d.Quick(ctx)
	}
	return g, err
}

// Glanced is a store that is only read, while a server may be writing it.
type Glanced struct {
	Content *Content
	Keys    *Keys
}

// Close closes what was read.
func (g *Glanced) Close() error { return g.Content.Close() }

// Glance opens the content of a folder to be read beside its server. It makes
// nothing: where there are no keys, it fails.
func Glance(ctx context.Context, dir string) (*Glanced, error) {
	k, err := keys.Read(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("glance into %s: its keys are not there: %w", dir, err)
	}
	if err != nil {
		return nil, fmt.Errorf("glance into %s: %w", dir, err)
	}
	content, err := db.Glance(ctx, dir, contentSchema)
	if err != nil {
		return nil, fmt.Errorf("glance into %s: %w", dir, err)
	}
	return &Glanced{newContent(content), k}, nil
}
