// Package web knows how browsers and programs reach the product over HTTP: the
// one table of routes, the guards before them, how requests are read and
// answers written. It refuses to know SQL, how procedures are run, and how
// pages look: it asks store, app/execution and views.
//
// Its main names are Site, New and the table in routes.go. A handler reads its
// request, makes one call to the words below, and shows a page or returns an
// error; show and fail are the only places that write.
package web
