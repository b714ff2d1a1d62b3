package trusted

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// HAProxy is what HAProxy 2.6 and later needs to be told to ask for client
// certificates and to tell them on (RFC 9440). It leaves it to us to judge them, so
// that the attempts of the way in say why one is refused: TLS proves that whoever
// sends one has its private key, whoever issued it. Only the product is asked to
// send one: browsers offer certificates of the issuers of ca-file, and have none.
const HAProxy = `frontend selfhelp
    bind :443 ssl crt /etc/haproxy/selfhelp.pem ca-file /etc/haproxy/product.pem verify optional ca-ignore-err all crt-ignore-err all
    http-request del-header Client-Cert
    http-request set-header Client-Cert :%[ssl_c_der,base64]: if { ssl_c_used }
    http-request set-header X-Forwarded-Proto https
    option forwardfor
    default_backend selfhelp

backend selfhelp
    server selfhelp 127.0.0.1:8080
`

// ReadHeader reads the client certificate that a proxy tells: as RFC 9440 writes
// it (":base64:"), or as PEM with URL escapes, as nginx and others do. The caller
// has seen that the request comes from the proxy, and gives all values of the
// header: two of them are refused, as one that the proxy did not take out.
func ReadHeader(values []string) (*x509.Certificate, error) {
	if len(values) != 1 { // one of them may be anybody's
		return nil, refused(fmt.Errorf("the header tells %d certificates", len(values)))
	}
	value := values[0]
	if len(value) > maxBytes {
		return nil, refused(errors.New("the proxy tells a certificate that is too long"))
	}
	var der []byte
	if inner, found := strings.CutPrefix(value, ":"); found {
		encoded, ends := strings.CutSuffix(inner, ":")
		if !ends {
			return nil, refused(errors.New("the proxy tells a certificate that does not end"))
		}
		decoded, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			return nil, refused(err)
		}
		der = decoded
	} else if text, err := url.PathUnescape(value); err == nil { // a plus is one of base64
		if block, _ := pem.Decode([]byte(text)); block != nil && block.Type == "CERTIFICATE" {
			der = block.Bytes
		}
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, refused(err)
	}
	return certificate, nil
}
