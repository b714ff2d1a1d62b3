// Package admission knows the ways in that a server is set up with, in their
// order, and whose account somebody is who proved who they are. It refuses to
// know how a proof is made (app/login and what is below it), what an account may
// do, and how pages look.
//
// Its main names are Desk, which lets people in, Settings and Method. The Desk
// also keeps accounts as the directories have them, and knows which directories
// are away and who may come in without them meanwhile.
package admission
