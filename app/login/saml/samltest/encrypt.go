package samltest

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"

	"github.com/beevik/etree"
)

// The names of methods of encryption.
const (
	xmlenc    = "http://www.w3.org/2001/04/xmlenc#"
	xmlenc11  = "http://www.w3.org/2009/xmlenc11#"
	AES128GCM = xmlenc11 + "aes128-gcm"
	AES256GCM = xmlenc11 + "aes256-gcm"
	AES256CBC = xmlenc + "aes256-cbc"
	TripleDES = xmlenc + "tripledes-cbc" // by its name alone
	OAEPMGF1  = xmlenc + "rsa-oaep-mgf1p"
	OAEP      = xmlenc11 + "rsa-oaep"
	PKCS1     = xmlenc + "rsa-1_5"
)

// Encryption is how an assertion is encrypted. The name of a method for keys does
// not change what is done: one that must be refused is refused by its name.
type Encryption struct {
	For      *x509.Certificate
	Method   string // AES256GCM
	Key      string // OAEPMGF1
	Hash     crypto.Hash
	MaskHash crypto.Hash
	Beside   bool   // the key stands beside the text
	Before   string // XML that stands before the assertion, encrypted with it
}

// seal makes an EncryptedAssertion.
func (c Encryption) seal(assertion *etree.Element) *etree.Element {
	key := make([]byte, 32)
	if c.Method == AES128GCM {
		key = key[:16]
	}
	rand.Read(key)
	seal := sealGCM
	if c.Method == AES256CBC {
		seal = sealCBC
	}
	text := seal(must(aes.NewCipher(key)), append([]byte(c.Before), Bytes(assertion)...))
	if c.Hash == 0 {
		c.Hash, c.MaskHash = crypto.SHA1, crypto.SHA1
	}
	options := &rsa.OAEPOptions{Hash: c.Hash, MGFHash: c.MaskHash}
	wrapped := must(rsa.EncryptOAEPWithOptions(rand.Reader, c.For.PublicKey.(*rsa.PublicKey), key, options))

	sealed := etree.NewElement("saml:EncryptedAssertion")
	sealed.CreateAttr("xmlns:saml", Assertion)
	data := sealed.CreateElement("xenc:EncryptedData")
	data.CreateAttr("xmlns:xenc", xmlenc)
	data.CreateAttr("Type", xmlenc+"Element")
	data.CreateElement("xenc:EncryptionMethod").CreateAttr("Algorithm", or(c.Method, AES256GCM))
	where := data.CreateElement("ds:KeyInfo")
	where.CreateAttr("xmlns:ds", ds)
	if c.Beside {
		where = sealed
	}
	where.AddChild(c.key(wrapped))
	data.CreateElement("xenc:CipherData").CreateElement("xenc:CipherValue").SetText("\n    " + base64.StdEncoding.EncodeToString(text) + "\n  ")
	return sealed
}

// sealGCM encrypts as xmlenc-core1, section 5.2.4, has it.
func sealGCM(block cipher.Block, text []byte) []byte {
	gcm := must(cipher.NewGCM(block))
	nonce := make([]byte, gcm.NonceSize())
	rand.Read(nonce)
	return gcm.Seal(nonce, nonce, text, nil)
}

// sealCBC encrypts as xmlenc-core1, section 5.2.2, has it, with anything before
// the number that says how much was added.
func sealCBC(block cipher.Block, text []byte) []byte {
	size := block.BlockSize()
	filling := make([]byte, size-len(text)%size)
	rand.Read(filling)
	filling[len(filling)-1] = byte(len(filling))
	text = append(text, filling...)
	out := make([]byte, size+len(text))
	rand.Read(out[:size])
	cipher.NewCBCEncrypter(block, out[:size]).CryptBlocks(out[size:], text)
	return out
}

func (c Encryption) key(wrapped []byte) *etree.Element {
	digests := map[crypto.Hash]string{crypto.SHA1: SHA1, crypto.SHA256: SHA256}
	masks := map[crypto.Hash]string{crypto.SHA1: xmlenc11 + "mgf1sha1", crypto.SHA256: xmlenc11 + "mgf1sha256"}
	e := etree.NewElement("xenc:EncryptedKey")
	e.CreateAttr("xmlns:xenc", xmlenc)
	method := e.CreateElement("xenc:EncryptionMethod")
	method.CreateAttr("Algorithm", or(c.Key, OAEPMGF1))
	digest := method.CreateElement("ds:DigestMethod")
	digest.CreateAttr("xmlns:ds", ds)
	digest.CreateAttr("Algorithm", digests[c.Hash])
	if c.Key == OAEP {
		mask := method.CreateElement("xenc11:MGF")
		mask.CreateAttr("xmlns:xenc11", xmlenc11)
		mask.CreateAttr("Algorithm", masks[c.MaskHash])
	}
	e.CreateElement("xenc:CipherData").CreateElement("xenc:CipherValue").SetText(base64.StdEncoding.EncodeToString(wrapped))
	return e
}
