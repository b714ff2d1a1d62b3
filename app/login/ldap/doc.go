// Package directory knows LDAP, version 3 (RFC 4511), as companies use it:
// OpenLDAP, Active Directory and their like. It checks who a person is, reads
// what the directory tells of them, follows groups within groups and lists
// everybody page by page. It refuses to know accounts, groups of ours, and where
// settings are kept.
//
// Its main names are Server, what is configured of one directory, and its
// Authenticate and Everybody. What was sent and answered is told to a
// login.Trace, without any secret.
package ldap
