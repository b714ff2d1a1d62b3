// Command bench measures the product's figures and prints them as a table, each
// as a ratio to a reference of the same run: a bare net/http handler that sends
// the same bytes and, with -peers, PocketBase. It makes its own content and
// starts every server as a process of its own on loopback. It judges nothing
// but says beside each figure what is aimed at.
package main
