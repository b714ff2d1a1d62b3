// Package views knows what the pages look like: one struct per page, shaped
// like the screen, and the templates that show it. It refuses to know where
// the facts come from and what may be done with them: views format, they do
// not fetch or decide.
//
// Each page is a struct with a View method; samples.go has at least one named
// sample of each, and a test fails for a page without one.
package views
