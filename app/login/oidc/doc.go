// Package oidc knows OpenID Connect Core 1.0 from the side of who relies on a
// provider: the authorization code flow with PKCE (RFC 7636), and nothing older.
// It sends a person to the provider, checks what they bring back, and reads what
// the provider tells of them. It refuses to know accounts, cookies, and where
// settings are kept.
//
// Its main names are Provider, what is configured of one, and Party, which is us
// before it: Start and Finish. What was sent and answered is told to a
// login.Trace, without any secret.
package oidc
