// Package connect knows how what an execution asks of the outside world is
// carried out: a reply for every effect, whatever happens. It refuses to know
// executions, pages and where accounts are kept: who calls it lends it the eyes
// for what stands inside the platform.
//
// Its main names are Perform and Sources. Clients of third parties come with
// their own configuration; until one is configured for a kind of effect, the
// effect is answered as "not configured", which takes the step's error branch.
package connect
