// Package recovery is the page of the plan by which another site takes over: it
// leads through the phases, keeps the log and sends the letters. It refuses to take
// anything over itself: that is done at the other site, by a command.
//
// Its main names are Guide and its Routes.
package recovery
