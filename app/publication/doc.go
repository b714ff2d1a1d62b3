// Package publication knows how a version of a project becomes a publication:
// the arithmetic of versions, the bundle (one signed, read-only SQLite file
// that holds a frozen project ready to run and to be searched), the catalogue
// of the bundles in force, and the shelf on which they stand open. It refuses
// to know who asks, what a page looks like, where drafts are kept, and how
// files travel between servers.
//
// Its main names are Build, Bundle and Shelf. Build writes a bundle, the same
// bytes for the same input; Open verifies one and reads it; Shelf holds the
// opened bundles that a signed Catalogue names, and exchanges the whole set in
// one step while readers go on.
package publication
