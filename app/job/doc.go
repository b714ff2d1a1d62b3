// Package job knows what happens on a clock or after a commit: what is kept of
// people is cut to what the platform's rule says, once a day, and the messages
// of the outbox are done, tried again and given up. It refuses to know who asks
// for pages and what the messages ask for. Its main names are Rule, Retain and
// Outbox.
package job
