// Package presentation knows how a presentation server takes what the edition server
// gives it, and what it tells of itself: it joins a platform by a code, receives
// contents in pieces, adopts accounts and settings, and switches to a catalogue once
// all that it names is there. It refuses to know how requests travel and are proved,
// and what visitors see.
//
// Its main names are Presentation, Membership and State.
package presentation
