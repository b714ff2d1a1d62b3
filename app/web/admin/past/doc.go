// Package past is the page that brings a project or a procedure back from an earlier
// moment: it asks which moment and what, and leads to what came back. It refuses to
// know where states are kept and how they come: that is app/past's.
//
// Its main names are Desk and its Routes.
package past
