// Package past knows how a project or a procedure comes back out of what is kept of
// an earlier moment while the server works: it restores the one database that it
// needs into a scratch folder, opens it there, and takes parts of it in as an import
// does. It refuses to know who may do that, pages, and how copies are made.
//
// The scratch folder is all that it makes beside what an import makes; what a killed
// server leaves of one is swept at the next start.
//
// Its main names are Sources, Moment and Past.
package past
