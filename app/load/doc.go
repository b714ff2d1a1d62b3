// Package load knows how many people at once use the portal of a server, page by
// page as a browser does, and what they saw: how many pages a second, how long each
// took, what failed. It refuses to know what the server is made of: it is given an
// address, and reads pages.
//
// Its main names are Plan, Run and Report.
package load
