package saml

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rsa"
	"errors"
	"fmt"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
)

// The namespaces of XML Encryption (xmlenc-core1).
const (
	xmlenc   = "http://www.w3.org/2001/04/xmlenc#"
	xmlenc11 = "http://www.w3.org/2009/xmlenc11#"
	dsigMore = "http://www.w3.org/2001/04/xmldsig-more#"
)

// dataMethod is a way an assertion may be encrypted.
type dataMethod struct {
	size int // of the key, in bytes
	open func(block cipher.Block, text []byte) ([]byte, error)
	// bare is true when the method by itself does not tell that its text was
	// changed on the way: how the changed text fails then tells, bit by bit, what
	// it was (Jager and Somorovsky, "How to Break XML Encryption", 2011).
	bare bool
}

// dataMethods are those ways. Many providers can only do CBC.
var dataMethods = map[string]dataMethod{
	xmlenc11 + "aes128-gcm": {16, openGCM, false},
	xmlenc11 + "aes192-gcm": {24, openGCM, false},
	xmlenc11 + "aes256-gcm": {32, openGCM, false},
	xmlenc + "aes128-cbc":   {16, openCBC, true},
	xmlenc + "aes192-cbc":   {24, openCBC, true},
	xmlenc + "aes256-cbc":   {32, openCBC, true},
}

// The ways the key may be encrypted (xmlenc-core1, section 5.5.2). PKCS #1 v1.5
// is not among them: how a changed key fails tells what it was, too.
const (
	oaepMGF1 = xmlenc + "rsa-oaep-mgf1p" // the mask is of SHA-1, always
	oaep     = xmlenc11 + "rsa-oaep"
)

// oaepDigests are the digests of OAEP, and of its masks. SHA-1, which many
// providers take, is no weakness there: nobody gains from a collision.
var oaepDigests = map[string]crypto.Hash{
	"":                      crypto.SHA1,
	dsig.Namespace + "sha1": crypto.SHA1,
	xmlenc + "sha256":       crypto.SHA256,
	dsigMore + "sha384":     crypto.SHA384,
	xmlenc + "sha512":       crypto.SHA512,
	xmlenc11 + "mgf1sha1":   crypto.SHA1,
	xmlenc11 + "mgf1sha256": crypto.SHA256,
	xmlenc11 + "mgf1sha384": crypto.SHA384,
	xmlenc11 + "mgf1sha512": crypto.SHA512,
}

// errSealed says the same for every failure with a key or a text.
var errSealed = errors.New("the assertion cannot be decrypted with our keys")

// decrypted returns what an EncryptedAssertion has inside (saml-core-2.0-os,
// section 2.3.4): one text, with one key, which stands in it or beside it. A text
// that its method does not guard is only looked at when the answer around it is
// signed: nobody but the provider then chose it.
func (t *Trust) decrypted(sealed *etree.Element, isAnswerSigned bool) (*etree.Element, error) {
	data := child(sealed, xmlenc, "EncryptedData")
	name := attribute(child(data, xmlenc, "EncryptionMethod"), "Algorithm")
	method, known := dataMethods[name]
	switch {
	case !known:
		return nil, fmt.Errorf("encryption by %q is not accepted: have the provider encrypt with AES-GCM, or not at all", name)
	case method.bare && !isAnswerSigned:
		return nil, fmt.Errorf("encryption by %q is only accepted in a signed Response: have the provider sign the Response too, or encrypt with AES-GCM", name)
	}
	sealedKey, err := keyElement(sealed)
	if err != nil {
		return nil, err
	}
	options, err := oaepOf(child(sealedKey, xmlenc, "EncryptionMethod"))
	if err != nil {
		return nil, err
	}
	wrapped, text := cipherValue(sealedKey), cipherValue(data)
	for _, own := range t.pairs {
		key, err := own.key.Decrypt(nil, wrapped, options)
		if err != nil || len(key) != method.size {
			continue
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, err
		}
		raw, err := method.open(block, text)
		if err != nil {
			return nil, errSealed
		}
		return parsed(raw, maxMessage)
	}
	return nil, errSealed
}

// keyElement finds the one key, in the KeyInfo or beside the text.
func keyElement(sealed *etree.Element) (*etree.Element, error) {
	var found []*etree.Element
	err := walk(sealed, func(e *etree.Element) error {
		if is(e, xmlenc, "EncryptedKey") {
			found = append(found, e)
		}
		return nil
	})
	if err != nil || len(found) != 1 {
		return nil, errors.New("the encrypted assertion has not one key")
	}
	return found[0], nil
}

// oaepOf reads how a key was encrypted.
func oaepOf(method *etree.Element) (*rsa.OAEPOptions, error) {
	name := attribute(method, "Algorithm")
	if name != oaepMGF1 && name != oaep || child(method, xmlenc, "OAEPparams") != nil {
		return nil, fmt.Errorf("encryption of keys by %q is not accepted", name)
	}
	mask := ""
	if name == oaep {
		mask = attribute(child(method, xmlenc11, "MGF"), "Algorithm")
	}
	hash, known := oaepDigests[attribute(child(method, dsig.Namespace, "DigestMethod"), "Algorithm")]
	maskHash, knownMask := oaepDigests[mask]
	if !known || !knownMask {
		return nil, fmt.Errorf("encryption of keys by %q with these digests is not accepted", name)
	}
	return &rsa.OAEPOptions{Hash: hash, MGFHash: maskHash}, nil
}

// cipherValue returns the bytes of an encrypted text or key, none when they
// cannot be read.
func cipherValue(e *etree.Element) []byte {
	value := child(child(e, xmlenc, "CipherData"), xmlenc, "CipherValue")
	if value == nil {
		return nil
	}
	raw, err := decoded(value.Text())
	if err != nil {
		return nil
	}
	return raw
}

// openGCM decrypts nonce, text and tag (xmlenc-core1, section 5.2.4).
func openGCM(block cipher.Block, text []byte) ([]byte, error) {
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	if len(text) < gcm.NonceSize() {
		return nil, errSealed
	}
	return gcm.Open(nil, text[:gcm.NonceSize()], text[gcm.NonceSize():], nil)
}

// openCBC decrypts initial block and text, whose last byte says how many bytes
// were added to fill the last block (xmlenc-core1, sections 5.2 and 5.2.2).
func openCBC(block cipher.Block, text []byte) ([]byte, error) {
	size := block.BlockSize()
	if len(text) < 2*size || len(text)%size != 0 {
		return nil, errSealed
	}
	raw := make([]byte, len(text)-size)
	cipher.NewCBCDecrypter(block, text[:size]).CryptBlocks(raw, text[size:])
	added := int(raw[len(raw)-1])
	if added == 0 || added > size {
		return nil, errSealed
	}
	return raw[:len(raw)-added], nil
}
