// Package login knows how a person proves who they are: passwords, which of them
// are known to everybody, and how fast they may be guessed; and what every other
// method of proving it, in the packages below, has in common. It refuses to know
// where accounts are kept and how the sign-in page looks.
//
// Its main names are Hash, Verify, Rule, Breached, Throttle, Rank and Identity.
package login
