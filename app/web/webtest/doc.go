// Package webtest is what the tests of the rooms share: a site on files of its
// own, people and a browser, and a project that is published. It refuses to
// replace anything: what it builds is the whole product.
//
// Its main names are NewSite, DeskSite and Browser.
package webtest
