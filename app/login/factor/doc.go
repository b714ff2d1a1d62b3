// Package factor knows what a person shows beside a password, or instead of
// one: a code of an authenticator app, a recovery code, a passkey. It refuses
// to know who has to show what, where it is kept, and how the pages look.
//
// Its main names are Accept, for codes, Recover, and Party, which registers
// passkeys and checks them.
package factor
