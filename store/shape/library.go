package shape

import (
	"context"
	"database/sql"
	"fmt"

	"selfhelp/app/fault"
)

// oldestSQLite is the first library in which the log is never reset under a
// reader and the index of words has no known overflow.
const oldestSQLite = "3.53.2"

// Library is the version of the SQLite library inside, and an error when it has
// defects that lose data.
func Library(ctx context.Context) (version string, err error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return "", err
	}
	defer db.Close()
	if err := db.QueryRowContext(ctx, sqlLibraryVersion).Scan(&version); err != nil {
		return "", err
	}
	return version, checkLibrary(version)
}

// checkLibrary refuses an SQLite library with defects that lose data.
func checkLibrary(version string) error {
	if !newerOrSame(version, oldestSQLite) {
		return &fault.Error{
			Kind: fault.Unavailable, Key: "fault.store.library", Args: []any{version, oldestSQLite},
			Hint: "the program was built with SQLite " + version + ", which can lose data: build it with " + oldestSQLite + " or newer",
		}
	}
	return nil
}

// newerOrSame compares versions like 3.54.1.
func newerOrSame(a, b string) bool {
	var x, y [3]int
	fmt.Sscanf(a, "%d.%d.%d", &x[0], &x[1], &x[2])
	fmt.Sscanf(b, "%d.%d.%d", &y[0], &y[1], &y[2])
	for i := range x {
		if x[i] != y[i] {
			return x[i] > y[i]
		}
	}
	return true
}
