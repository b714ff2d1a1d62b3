// Package entry knows the values people and machines write: how words are
// cleaned, how numbers, dates, addresses and files are read, what fits a
// declared type, and an answer as a page posts it. It refuses to know forms,
// steps and pages.
//
// Its main names are Convert, Clean and Posted.
package entry
