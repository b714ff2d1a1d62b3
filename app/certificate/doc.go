// Package certificate knows which certificate a server shows to whom: that of the files
// it was given, those it has made by ACME, those that administrators gave for domains of
// their own. It takes new ones while the server works, and refuses what would not be
// believed. It refuses to know what is said inside the connections, and who is told when
// a certificate ends.
//
// Its main names are Holder, Pair and Check.
package certificate
