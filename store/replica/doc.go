// Package replica knows how the databases and the files of a data folder are
// copied elsewhere while the server works, and how they come back: the targets of
// litestream.yml, the order in which things travel, who may write to a target, and
// what a replica holds. It is the only one that asks the replicator, Litestream.
// It refuses to know any table, and what the copies are for.
//
// What travels keeps its order: a file before the transaction of content.db that
// names it, and that one before the transaction of activity.db that goes by it. So
// what comes back never names what did not come.
//
// Its main names are Settings, Replicator and Restore.
package replica
