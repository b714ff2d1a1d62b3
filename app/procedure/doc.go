// Package procedure knows the language in which guided procedures are written:
// projects, procedures, steps, forms, variables, resources and scenarios as
// plain values, how to read and write them as YAML and JSON, what is wrong with
// them, how they differ, how they are drawn. It refuses to know how they are
// run, stored, published or shown.
//
// Its main names are Project, Procedure and Step; Check finds every problem,
// Edges walks the tree, Apply carries out one edit.
package procedure
