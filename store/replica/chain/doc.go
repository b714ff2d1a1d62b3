// Package chain knows what a target holds of one database: snapshots and changes, which of
// them are needed for the newest state, which are not as they were written, what is
// missing between them, and how a database is put together of them. It refuses to know
// where a target is, who writes there, and what is done about what is missing.
//
// Its main names are Chain, Gap and Plan.
package chain
