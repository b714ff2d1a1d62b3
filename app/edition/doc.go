// Package edition knows how what writers keep becomes what people get, and how
// archives come in and go out: it joins the store with the words of publication
// and transfer. It refuses to know pages, rights and the engine's turns.
//
// Its main names are Edition, Plan and Import.
package edition
