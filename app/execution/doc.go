// Package execution knows how a procedure is run: from a state and an input it
// makes the next state, and a page to show, an effect to ask of the outside
// world, or an ending; it knows the log of what happened, the report made from
// it, and scenarios. It refuses to know who may run what, where states and
// logs are kept, how pages look, and the clock: the caller gives the time, the
// ids and the randomness.
//
// Its main names are Advance, State and Page.
package execution
