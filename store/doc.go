// Package store keeps everything in a folder of the server: what writers and
// administrators make (content.db), what people do (activity.db), the contents
// of files by their hash, and the keys. It refuses to know the network, pages,
// and what the words it keeps mean: it gives back what it was given, or says
// that someone else was faster.
//
// Its main names are Open, Content, Activity and Files. Each record has its
// file: the struct, the SQL beside it, the methods. An exported method owns its
// transaction; unexported helpers take it. Writes of one database are done by
// one goroutine that commits everything that queued up meanwhile at once
// (db/writer.go), so that an acknowledged write is on the disk and a hundred
// people do not wait for a hundred flushes. Accounts and groups are in people,
// the audit in audit.
package store
