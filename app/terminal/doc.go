// Package terminal knows how a person runs a procedure in a terminal: pages as
// plain text, numbered answers, fields asked one by one, and a few words that
// begin with a colon to go back, start again or leave. It refuses to know where
// procedures come from and calls nobody: every effect gets its mock answer.
//
// Its main names are Player and Play.
package terminal
