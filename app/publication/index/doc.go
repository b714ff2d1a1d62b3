// Package index knows how to find short documents by words, the way people
// type them: without accents or capitals, in the plural, half typed, with a
// slip of the finger. It refuses to know what the documents are, where the
// index is kept, and who may see what: a caller's function says which
// documents count, before anything is ranked.
//
// Its main names are Builder, Index and Query. Words are folded (Fold) and
// brought to a light stem on both sides; a query is only ever words, there is
// no syntax in it.
package index
