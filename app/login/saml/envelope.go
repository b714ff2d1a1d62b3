package saml

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/beevik/etree"
	roundtrip "github.com/mattermost/xml-roundtrip-validator"
)

// How large a message may be. An answer that names two thousand groups is within.
const (
	maxMessage    = 512 << 10 // bytes of XML, after inflating
	maxMetadata   = 2 << 20   // of one provider; federations have more, and are not read
	maxDepth      = 32
	maxElements   = 10_000
	maxAttributes = 32 // of one element, declarations included
)

var (
	errTooLarge = errors.New("the message is larger than is read")
	errNotXML   = errors.New("the message is not XML in UTF-8")
)

// unpacked decodes a form's value (saml-bindings-2.0-os, section 3.5.4).
func unpacked(value string) ([]byte, error) {
	if len(value) > base64.StdEncoding.EncodedLen(maxMessage)+maxMessage/16 { // line ends
		return nil, errTooLarge
	}
	raw, err := base64.StdEncoding.DecodeString(value)
	if err != nil {
		return nil, errors.New("the message is not in base64")
	}
	return raw, nil
}

// decoded reads base64 within XML, which may be broken into lines and indented.
func decoded(text string) ([]byte, error) {
	return base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
}

// inflated decodes a query's value (saml-bindings-2.0-os, section 3.4.4.1).
func inflated(value string) ([]byte, error) {
	packed, err := unpacked(value)
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxMessage+1))
	if len(raw) > maxMessage {
		return nil, errTooLarge
	}
	if err != nil {
		return nil, errors.New("the message is not deflated")
	}
	return raw, nil
}

// parsed reads XML that has nothing in it but elements, attributes and text, and
// no ID twice. What Go's reader would write differently from what it read is
// refused too: signatures are over what is written.
func parsed(raw []byte, most int) (*etree.Element, error) {
	if len(raw) > most {
		return nil, errTooLarge
	}
	if !utf8.Valid(raw) {
		return nil, errNotXML
	}
	if err := scanned(raw); err != nil {
		return nil, err
	}
	if err := roundtrip.Validate(bytes.NewReader(raw)); err != nil {
		return nil, errNotXML
	}
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(raw); err != nil {
		return nil, errNotXML
	}
	root := doc.Root()
	if root == nil {
		return nil, errNotXML
	}
	return root, uniqueIDs(root)
}

// scanned passes over the tokens of a message. An encoding other than UTF-8 and
// an entity beyond the five of XML end the reading.
func scanned(raw []byte) error {
	d := xml.NewDecoder(bytes.NewReader(raw))
	depth, elements, roots := 0, 0, 0
	for {
		begin := d.InputOffset()
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return errNotXML
		}
		switch tok := token.(type) {
		case xml.Directive:
			return errors.New("the message has a document type")
		case xml.ProcInst:
			if tok.Target != "xml" || begin != 0 {
				return errors.New("the message has a processing instruction")
			}
		case xml.StartElement:
			if depth == 0 {
				roots++
			}
			depth++
			elements++
			if depth > maxDepth || elements > maxElements || len(tok.Attr) > maxAttributes {
				return errors.New("the message has too many elements or attributes, or they are nested too deeply")
			}
		case xml.EndElement:
			depth--
		}
	}
	if roots != 1 {
		return errNotXML
	}
	return nil
}

// uniqueIDs refuses a message in which an ID could mean two elements, whichever
// way a reader writes the name of the attribute.
func uniqueIDs(root *etree.Element) error {
	seen := map[string]bool{}
	return walk(root, func(e *etree.Element) error {
		has := false
		for _, a := range e.Attr {
			if !strings.EqualFold(a.Key, "ID") || a.Space == "xmlns" {
				continue
			}
			if has || seen[a.Value] {
				return fmt.Errorf("the ID %q is there twice", a.Value)
			}
			has, seen[a.Value] = true, true
		}
		return nil
	})
}

// walk visits an element and all below it.
func walk(e *etree.Element, visit func(*etree.Element) error) error {
	if err := visit(e); err != nil {
		return err
	}
	for _, c := range e.ChildElements() {
		if err := walk(c, visit); err != nil {
			return err
		}
	}
	return nil
}

// is reports whether an element has a name.
func is(e *etree.Element, space, tag string) bool {
	return e != nil && e.Tag == tag && e.NamespaceURI() == space
}

// child returns the one child of a name, nil when there is none or several.
func child(e *etree.Element, space, tag string) *etree.Element {
	var found *etree.Element
	if e == nil {
		return nil
	}
	for _, c := range e.ChildElements() {
		if c.Tag != tag || c.NamespaceURI() != space {
			continue
		}
		if found != nil {
			return nil
		}
		found = c
	}
	return found
}

// attribute returns the value of an attribute that is there once and has no
// prefix, "" otherwise: two readers could take different ones.
func attribute(e *etree.Element, key string) string {
	value, count := "", 0
	if e == nil {
		return ""
	}
	for _, a := range e.Attr {
		if a.Key == key {
			value = a.Value
			if count++; count > 1 || a.Space != "" {
				return ""
			}
		}
	}
	return value
}

// detached is a copy of an element that stands by itself: with the namespaces
// that were declared around it.
func detached(e *etree.Element) *etree.Element {
	c := e.Copy()
	for around := e.Parent(); around != nil; around = around.Parent() {
		for _, a := range around.Attr {
			if (a.Space == "xmlns" || a.Space == "" && a.Key == "xmlns") && !hasAttribute(c, a.Space, a.Key) {
				c.Attr = append(c.Attr, etree.Attr{Space: a.Space, Key: a.Key, Value: a.Value})
			}
		}
	}
	return c
}

func hasAttribute(e *etree.Element, space, key string) bool {
	for _, a := range e.Attr {
		if a.Space == space && a.Key == key {
			return true
		}
	}
	return false
}

// into reads an element that stands by itself into a struct.
func into(e *etree.Element, v any) error {
	doc := etree.NewDocumentWithRoot(e.Copy())
	doc.WriteSettings = etree.WriteSettings{CanonicalText: true, CanonicalAttrVal: true}
	raw, err := doc.WriteToBytes()
	if err != nil {
		return err
	}
	return xml.Unmarshal(raw, v)
}
