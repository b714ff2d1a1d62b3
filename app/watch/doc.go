// Package watch knows how a server is: it gathers the facts in one place, judges
// each of them, and says what follows for who only wants one word: whether the
// process lives, whether people should be sent to it. It refuses to know who asks,
// and in which words and which form the answer is given.
//
// Its main names are Watch, Facts and Row.
package watch
