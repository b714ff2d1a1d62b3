// Package explain tells administrators who may do what, and why: it asks access
// for its reasons and says them in sentences. It refuses to decide anything
// itself.
//
// Its main names are Explainer, thing and teller.
package explain
