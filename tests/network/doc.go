// Package network lays a network of its own for tests: hosts with names and addresses,
// each in a network namespace, and cables between them in which packets are lost, come
// late or do not come at all. It knows Linux and packets, and nothing of what runs on
// the hosts. It needs the rights of root, and the program ip.
package network
