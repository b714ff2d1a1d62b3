// Package richtext knows the one way from CommonMark to safe HTML and to plain
// words, with placeholders, callouts and resources. It refuses to know where
// texts come from, what resources are made of, and the pages texts stand in.
//
// Its main names are Doc, Compile and Resource.
//
// # How it works
//
// Placeholders are taken out first, each replaced by a mark that means nothing
// to CommonMark, HTML or addresses. What is left is parsed and written as HTML
// by us, sanitized once, and cut at the marks. So a value is never parsed: it
// is encoded for the place where its mark came out, and that is all that can
// happen to it. Raw HTML is not a thing here: "<Enter>" reads "<Enter>".
//
// Addresses of links that hold placeholders are put together at the last
// moment and judged whole; one that is not http, https, mailto, tel or a place
// on this server leaves a link that leads nowhere.
package richtext
