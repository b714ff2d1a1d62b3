// Package servers is the page of the presentation servers: how each is, how one is
// added and removed, how groups of them are given what is published, which flows of
// the network that makes, and how many of them so many people need. It refuses to know
// how any of it is done.
//
// Its main name is Room.
package servers
