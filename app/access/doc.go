// Package access knows who may do what: identities and their roles, the rights
// that projects give, the audiences of what is published, the closed list of
// permissions that every door asks about, and what a login and a name may be. It
// refuses to know how a person proved who they are, where accounts are kept, and
// what a page looks like.
//
// Its main names are Identity, Permission, Can and Explain. There are two worlds
// in it. The Studio follows roles, and rights: what a project gives to its owner,
// to users and to groups. The portal follows audiences: which groups a project, a
// version, a category and a procedure are for. Neither opens the other, and what no rule
// allows is refused.
package access
