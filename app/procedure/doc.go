// Package procedure knows the language in which guided procedures are written:
// projects, procedures, steps, forms, variables, resources and scenarios as
// plain values, how to read and write them as YAML and JSON, how they are
// edited and how they differ. It refuses to know what is wrong with them
// (package check), where their names are used (package reference), how they are
// drawn (package drawing), run, stored, published or shown.
//
// Its main names are Project, Procedure and Step; Edges walks the tree, Apply
// carries out one edit, Texts lists the words.
//
// # Tags
//
// The types say with three struct tags what their values mean; reading,
// checking, the list of texts, the comparison and the JSON Schema all rest on
// them (properties.go):
//
//	is:"formula,item"   the role of a text: formula, template, step, variable,
//	                    resource, …; what follows the comma refines it. On a
//	                    list or object, what follows holds for all below it.
//	                    A formula may read item, form, value or result only
//	                    where that follows; truth, list and number say what it
//	                    must give.
//	one:"half third"    the closed list of its words, besides none
//	range:"0 360"       the smallest and largest number
//
// # Addresses
//
// Everything in a step has a path: names of properties, and ids of the entries
// of lists, joined by dots. The name of the step's part is left out unless the
// step has a property of the same name: "answers.yes.text", but "link.text".
// An entry without a usable id is named by its place from 0. With the step's id
// before it, the path of a text is the text's stable address:
// "ask_lamp.answers.yes.text"; "title" alone is the procedure's.
//
// # Files
//
// An archive holds project.yaml, one file per procedure and one per scenario,
// each read by the Read function of its name. Every file carries its schema
// number.
package procedure
