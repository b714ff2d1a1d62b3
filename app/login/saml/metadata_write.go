package saml

import (
	"encoding/base64"

	"github.com/beevik/etree"
	saml2 "github.com/russellhaering/gosaml2"
	dsig "github.com/russellhaering/goxmldsig"
)

// Metadata describes us to a provider: whether we sign requests to sign in, all
// our certificates, how assertions may be encrypted, and where messages come.
func (s ServiceProvider) Metadata(signs bool) ([]byte, error) {
	doc := etree.NewDocument()
	doc.CreateProcInst("xml", `version="1.0" encoding="UTF-8"`)
	root := doc.CreateElement("md:EntityDescriptor")
	root.CreateAttr("xmlns:md", metadata)
	root.CreateAttr("xmlns:ds", dsig.Namespace)
	root.CreateAttr("entityID", s.EntityID)
	role := root.CreateElement("md:SPSSODescriptor")
	role.CreateAttr("AuthnRequestsSigned", map[bool]string{true: "true", false: "false"}[signs])
	role.CreateAttr("WantAssertionsSigned", "true")
	role.CreateAttr("protocolSupportEnumeration", saml2.SAMLProtocolNamespace)
	for _, use := range []string{"signing", "encryption"} {
		for _, k := range s.Keys {
			own, err := k.read()
			if err != nil {
				return nil, err
			}
			describeKey(role, use, own)
		}
	}
	for _, b := range bindings {
		service := role.CreateElement("md:SingleLogoutService")
		service.CreateAttr("Binding", b.urn)
		service.CreateAttr("Location", s.SLO)
	}
	consumer := role.CreateElement("md:AssertionConsumerService")
	consumer.CreateAttr("Binding", saml2.BindingHttpPost)
	consumer.CreateAttr("Location", s.ACS)
	consumer.CreateAttr("index", "0")
	consumer.CreateAttr("isDefault", "true")
	doc.Indent(2)
	return doc.WriteToBytes()
}

// describeKey tells one certificate of ours.
func describeKey(role *etree.Element, use string, own pair) {
	key := role.CreateElement("md:KeyDescriptor")
	key.CreateAttr("use", use)
	key.CreateElement("ds:KeyInfo").CreateElement("ds:X509Data").CreateElement("ds:X509Certificate").
		SetText(base64.StdEncoding.EncodeToString(own.cert.Raw))
	if use == "signing" {
		return
	}
	for _, method := range []string{xmlenc11 + "aes256-gcm", xmlenc11 + "aes128-gcm", oaepMGF1, oaep} {
		key.CreateElement("md:EncryptionMethod").CreateAttr("Algorithm", method)
	}
}
