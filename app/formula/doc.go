// Package formula knows expressions over values, placeholders inside texts and
// the small scripts made of them: how they are read, what they cost, what they
// give, and how a value looks to a person. It refuses to know the outside
// world: no clock, no files, no environment, no Go value but the six kinds of
// Normalize.
//
// Its main names are Formula, Template and Script; a Budget bounds what they
// may cost.
package formula
