// Package job knows what happens on a clock: what is kept of people is cut to
// what the platform's rule says, once a day. It refuses to know who asks for
// pages. Its main names are Rule, Retain and Daily.
package job
