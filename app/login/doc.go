// Package login knows how a person proves who they are: passwords, and how
// fast they may be guessed. It refuses to know where accounts are kept and how
// the sign-in page looks.
//
// Its main names are Hash, Verify and Throttle.
package login
