// Package peer knows how one server of ours speaks to another over HTTPS: what it
// takes from it, and what it proves beforehand. It refuses to know what the files
// that it takes hold.
//
// Its main names are Receiver and Received.
package peer
