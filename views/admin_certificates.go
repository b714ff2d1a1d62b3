package views

import "selfhelp/views/ui"

// AdminCertificates is the certificates that the server shows.
type AdminCertificates struct {
	Office
	Shown              []CertificateRow // all of them
	Given              []CertificateRow // those of domains
	Host, Chain, Roots string           // what was typed
	Wrong              map[string]string
	Asking             string // whether this one is to be removed is asked
}

// CertificateRow is one certificate.
type CertificateRow struct {
	ID, Name, Names, Issuer string
	Until, State            string
	Tone                    ui.Tone
}
