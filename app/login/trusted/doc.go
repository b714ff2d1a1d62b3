// Package trusted knows how one host product, in which a person is signed in
// already, vouches for them to us: by a short signed assertion (JWT, RFC 7519),
// or by an API key bound to a client certificate. It refuses to know accounts,
// requests, and where keys and used assertions are kept.
//
// Its main names are Host, whose Accept checks assertions, and Bound, whose
// Accept checks keys; Issue makes the certificate of a Bound.
package trusted
