// Package backup knows archives of a data folder on another volume: how they are
// made, checked, kept, pruned and brought back. It is the second way back, beside the
// replica and independent of it. It refuses to know the clock that starts them and
// any table: how a database is copied, and what has to hold in one, it is told.
//
// A full one holds both databases; an increment holds the pages that differ from its
// full, so that it needs no other. Contents of files lie once beside them, under
// their hash. Each stands in a folder of its own with a manifest, which gets its name
// when all of it is on the disk: half a backup has none.
//
// Its main names are Folder, Maker and Manifest.
package backup
