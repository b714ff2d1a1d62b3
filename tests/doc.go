// Package tests holds what is true of the product as a whole: which package
// may import which, how large things may grow, the stories of the commands,
// what people click in a browser, and what hostile people try. It refuses to
// hold tests of one package, which stand beside its code.
package tests
