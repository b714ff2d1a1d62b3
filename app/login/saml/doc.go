// Package saml knows SAML 2.0 as a service provider: it sends people to an
// identity provider, judges the answer they bring back, and takes part in single
// logout (profiles "Web Browser SSO" and "Single Logout", saml-profiles-2.0-os,
// sections 4.1 and 4.4). It refuses to know accounts, pages, where settings are
// kept, and which requests are waiting for an answer: whoever calls remembers
// those, and says what time it is.
//
// Its main names are Provider and ServiceProvider, what is configured of the
// other side and of ours, and Trust, which joins the two and speaks. What was
// sent and answered is told to a login.Trace, without any secret.
//
// # Who checks what
//
// gosaml2 builds the messages that are sent, and goxmldsig makes canonical forms
// and verifies signatures over them. What comes in is judged here: of gosaml2's
// own reading, the answer to another request, another's audience and a time that
// is over are remarks or nothing at all, an answer may be brought twice, SHA-1
// counts as a signature, and keys may come encrypted with PKCS #1 v1.5.
//
// A message is taken in this order, and every step may refuse it:
//
//   - envelope.go: its size, and XML without document types, entities,
//     instructions, deep nesting or one ID twice;
//   - signature.go: the outline of each signature, its algorithms, and then the
//     signature itself, by a pinned certificate. What stands in KeyInfo is
//     ignored. Only what was signed is read from then on;
//   - encryption.go: an encrypted assertion, by our keys;
//   - judge.go: who speaks, to whom, in answer to what, and when;
//   - consume.go: that it comes for the first time.
//
// Accepted are RSA signatures (PKCS #1 v1.5 with SHA-256, SHA-384 or SHA-512, of
// 2048 bits or more), exclusive canonical XML without comments, AES-GCM for
// assertions, AES-CBC within a signed answer, and RSA-OAEP for their keys. Signatures of ECDSA and names that alone
// are encrypted (EncryptedID) are refused, by what they are called.
package saml
