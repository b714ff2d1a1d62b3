// Package mail knows how one letter is given to a mail server: what is
// configured of the server, what a letter may hold, and what the server said. It
// refuses to know who is written to and why, in which words, and when it is
// tried again.
//
// Its main names are Server, Letter and Server.Send.
package mail
