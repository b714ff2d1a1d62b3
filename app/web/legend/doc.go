// Package legend knows what a page of ours calls the fields of its forms: it reads
// the page as a person sees it, so that what they sent can be shown to them in the
// words they sent it in. It refuses to know what the fields are for.
//
// Its main names are Read, Form and Line.
package legend
