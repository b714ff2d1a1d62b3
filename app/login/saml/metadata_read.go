package saml

import (
	"bytes"
	"errors"
	"strings"

	"github.com/beevik/etree"
	saml2 "github.com/russellhaering/gosaml2"

	"selfhelp/app/fault"
)

// metadata is the namespace of metadata (saml-metadata-2.0-os).
const metadata = "urn:oasis:names:tc:SAML:2.0:metadata"

// description is what metadata says of an identity provider (section 2.4.3).
type description struct {
	Signs   string     `xml:"WantAuthnRequestsSigned,attr"`
	Keys    []keyUse   `xml:"urn:oasis:names:tc:SAML:2.0:metadata KeyDescriptor"`
	Logouts []endpoint `xml:"urn:oasis:names:tc:SAML:2.0:metadata SingleLogoutService"`
	Formats []string   `xml:"urn:oasis:names:tc:SAML:2.0:metadata NameIDFormat"`
	SignIns []endpoint `xml:"urn:oasis:names:tc:SAML:2.0:metadata SingleSignOnService"`
}

type keyUse struct {
	Use  string `xml:"use,attr"`
	Info struct {
		Data []struct {
			Certificates []string `xml:"http://www.w3.org/2000/09/xmldsig# X509Certificate"`
		} `xml:"http://www.w3.org/2000/09/xmldsig# X509Data"`
	} `xml:"http://www.w3.org/2000/09/xmldsig# KeyInfo"`
}

type endpoint struct {
	Binding  string `xml:"Binding,attr"`
	Location string `xml:"Location,attr"`
	Answers  string `xml:"ResponseLocation,attr"`
}

// bindings are those we speak, the wished one first.
var bindings = []struct{ name, urn string }{{Redirect, saml2.BindingHttpRedirect}, {POST, saml2.BindingHttpPost}}

// ReadMetadata reads the metadata of one identity provider, which an administrator
// took from a place they trust: its own signature, if any, is not verified. What
// metadata does not say, the names of attributes above all, stays to be filled in.
func ReadMetadata(raw []byte) (Provider, error) {
	root, err := parsed(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")), maxMetadata)
	if err != nil {
		return Provider{}, fault.Because(fault.Invalid, err, "fault.saml.metadata")
	}
	if !is(root, metadata, "EntityDescriptor") && !is(root, metadata, "EntitiesDescriptor") {
		return Provider{}, fault.New(fault.Invalid, "fault.saml.metadata")
	}
	var found []*etree.Element
	err = walk(root, func(e *etree.Element) error {
		if is(e, metadata, "IDPSSODescriptor") && is(e.Parent(), metadata, "EntityDescriptor") && speaksSAML2(e) {
			found = append(found, e)
		}
		return nil
	})
	if err != nil || len(found) == 0 {
		return Provider{}, fault.New(fault.Invalid, "fault.saml.metadata_none")
	}
	if len(found) > 1 {
		return Provider{}, fault.New(fault.Invalid, "fault.saml.metadata_several")
	}
	var d description
	if err := into(detached(found[0]), &d); err != nil {
		return Provider{}, fault.Because(fault.Invalid, err, "fault.saml.metadata")
	}
	return d.provider(attribute(found[0].Parent(), "entityID"))
}

func speaksSAML2(e *etree.Element) bool {
	for _, protocol := range strings.Fields(attribute(e, "protocolSupportEnumeration")) {
		if protocol == saml2.SAMLProtocolNamespace {
			return true
		}
	}
	return false
}

// provider makes settings of a description.
func (d description) provider(entityID string) (Provider, error) {
	p := Provider{EntityID: entityID, Names: map[string]string{}, Sign: d.Signs == "true" || d.Signs == "1"}
	p.SSO, _, p.SSOBinding = choose(d.SignIns)
	p.SLO, p.SLOAnswer, p.SLOBinding = choose(d.Logouts)
	if p.SSO == "" {
		return Provider{}, fault.Because(fault.Invalid, errors.New("no way to sign in by a binding that is spoken"), "fault.saml.metadata")
	}
	for _, format := range d.Formats {
		if strings.TrimSpace(format) == saml2.NameIdFormatPersistent {
			p.Format = "persistent"
		}
	}
	var err error
	p.Certificates, err = d.certificates()
	if err != nil {
		return Provider{}, fault.Because(fault.Invalid, err, "fault.saml.metadata")
	}
	return p, nil
}

// choose returns the endpoint of the binding that is wished first.
func choose(all []endpoint) (to, answers, binding string) {
	for _, b := range bindings {
		for _, e := range all {
			if e.Binding == b.urn {
				return e.Location, e.Answers, b.name
			}
		}
	}
	return "", "", ""
}

// certificates are those that sign, each once.
func (d description) certificates() (string, error) {
	var b strings.Builder
	for _, k := range d.Keys {
		if k.Use != "" && k.Use != "signing" {
			continue
		}
		for _, data := range k.Info.Data {
			for _, text := range data.Certificates {
				der, err := decoded(text)
				if err != nil {
					return "", err
				}
				if block := inPEM("CERTIFICATE", der); !strings.Contains(b.String(), block) {
					b.WriteString(block)
				}
			}
		}
	}
	_, err := certificatesOf(b.String())
	return b.String(), err
}
