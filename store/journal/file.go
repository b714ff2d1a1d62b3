package journal

import (
	"context"
	"regexp"

	"selfhelp/store/db"
)

const (
	sqlTurnLast  = `SELECT coalesce(max(id), 0) FROM turn`
	sqlTurnFiles = `SELECT events FROM turn WHERE id > ?1 AND id <= ?2 AND instr(events, '"hash":"') > 0`
)

// turnsAtOnce bounds the turns that are looked through in one read.
const turnsAtOnce = 1000

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
	last, err := db.One(ctx, d, db.ScanNumber, sqlTurnLast)
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
