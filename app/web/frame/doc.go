// Package frame is what every request goes through and every room stands in: the
// guards before a route, what is known of a visit, sessions, limits, showing,
// failing, sending files. It refuses to know any room, SQL, how procedures are
// run, and how pages look.
//
// Its main names are Site, Visit and Route. A handler reads its request, makes
// one call to the words below, and shows a page or returns an error; Show, and
// fail behind it, are the only places that write.
package frame
