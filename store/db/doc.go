// Package db knows how one SQLite file is written and read: a writer that
// commits everything that queued up meanwhile at once, readers beside it, and how
// values stand in columns. It refuses to know any table.
//
// Its main names are DB, Tx, and the functions List, One and Written. An
// exported method of a keeper owns its transaction; helpers take a Tx.
package db
