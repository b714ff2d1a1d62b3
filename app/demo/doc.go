// Package demo knows the demonstration: the projects the binary carries, and
// what an empty platform needs so that every page has something to show. It
// refuses to know how pages look and how the platform is started.
//
// Its main names are Open and Seed.
package demo
