// Package roster knows lists of people as tables: which columns there are, how a
// file of them is read whatever program wrote it, and what bringing it in would
// change. It refuses to know where accounts are kept, who may bring them in, and
// the network.
//
// Its main names are Read, Sheet.Plan and Change. Reading never writes: a plan
// says for each line what it would do and everything that is wrong with it.
package roster
