// Package formula knows expressions over values, placeholders inside texts and
// the small scripts made of them: how they are read, what they cost, what they
// give, and how a value looks to a person. It refuses to know the outside
// world: no clock, no files, no environment, no Go value but the six kinds of
// Normalize.
//
// Its main names are Formula, Template and Script; a Budget bounds what they
// may cost.
//
// # How it works
//
// The grammar is that of expr-lang/expr, whose parser reads the source. What
// the tree means is ours: it becomes closures over a run, never bytecode of
// expr's machine, because that machine can be bounded neither in time (a count
// inside a count allocates nothing and never ends) nor in memory (a text added
// to itself in a reduce doubles), calls methods of host values by reflection,
// and tells integers from decimals where people do not.
//
// Every node that is evaluated and every byte that is built is paid from the
// budget before it is done. The prices are counted, not timed, so the same
// formula over the same values always ends the same way, on any machine.
//
// # What values mean
//
// A member that is not there is nil, and so is a member of nil. nil counts as
// false in conditions, as an empty text when added to a text, as an empty list
// where a list is expected; it is neither less nor greater than anything; in
// arithmetic it is an error, because a sum that lacks a part is not a sum.
//
// Numbers are decimals of double precision that behave like those on paper:
// 0.1 + 0.2 == 0.3, floor((0.1 + 0.7) * 10) is 8. A result that is no number
// (a division by zero, an overflow) is an error; there is no NaN, no infinity
// and no minus zero.
//
// Dates are texts in ISO form, so they compare as they are. Functions on dates
// reckon in civil days: no zone, no summer time, no leap second.
package formula
