// Package ui knows what every page shares: the words of the interface in the
// person's language, the chrome around a page, and the parts pages are made of.
// It refuses to know what pages are about, where their facts come from, and
// HTTP.
//
// Its main names are Words, Chrome and Document.
package ui
