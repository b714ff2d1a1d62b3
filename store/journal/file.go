package journal

import (
	"context"
	"fmt"
	"regexp"

	"selfhelp/store/db"
)

const (
	sqlTurnNewest = `SELECT coalesce(max(id), 0) FROM turn`
	sqlTurnFiles  = `SELECT events FROM turn WHERE id > ?1 AND id <= ?2 AND instr(events, '"hash":"') > 0`
)

// turnsAtOnce bounds the turns that are looked through in one read.
const turnsAtOnce = 1000

// missingMost bounds the missing files of which each is told.
const missingMost = 100

// namedFile finds the files that the events of a turn name.
var namedFile = regexp.MustCompile(`"hash":"([0-9a-f]{64})"`)

// FilesIn are the files that events name, each once.
func FilesIn(events ...[]byte) (hashes []string) {
	seen := map[string]bool{}
	for _, one := range events {
		for _, m := range namedFile.FindAllSubmatch(one, -1) {
			if hash := string(m[1]); !seen[hash] {
				seen[hash] = true
				hashes = append(hashes, hash)
			}
		}
	}
	return hashes
}

// EachFile does something with each file that a turn of a database names, as it was when
// this began. One that several turns name comes several times: nothing is kept of them.
func EachFile(ctx context.Context, d *db.DB, do func(hash string)) error {
	last, err := db.One(ctx, d, db.ScanNumber, sqlTurnNewest)
	for after := int64(0); err == nil && after < last; after += turnsAtOnce {
		var found []string
		found, err = db.List(ctx, d, db.ScanText, sqlTurnFiles, after, min(after+turnsAtOnce, last))
		for _, events := range found {
			for _, hash := range FilesIn([]byte(events)) {
				do(hash)
			}
		}
	}
	return err
}

// Missing looks for each file that a turn names: how often one is named, and which are
// missing, one sentence each. There may be millions: no more is kept than is told.
func Missing(ctx context.Context, d *db.DB, has func(hash string) bool) (named int, missing []string, err error) {
	told, more := map[string]bool{}, 0
	missing = []string{}
	err = EachFile(ctx, d, func(hash string) {
		named++
		switch {
		case told[hash] || has(hash):
		case len(told) == missingMost:
			more++
		default:
			told[hash] = true
			missing = append(missing, "the file "+hash+", which an answer names, is missing")
		}
	})
	if more > 0 {
		missing = append(missing, fmt.Sprintf("answers name others %d times that are missing", more))
	}
	return named, missing, err
}
