// Package richtext knows the one way from CommonMark to safe HTML and to plain
// words, with placeholders, callouts and resources. It refuses to know where
// texts come from and the pages they stand in.
//
// Its main names are Doc, Compile and Resource.
package richtext
