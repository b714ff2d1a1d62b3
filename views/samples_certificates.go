package views

import "selfhelp/views/ui"

func adminCertificatesSamples(base ui.Chrome, office officeOf) []Sample {
	T := base.T
	first := AdminCertificates{Office: office("certificates", T("certificates.title"))}
	own := CertificateRow{Name: "help.example.org", Until: "2027-02-27", State: base.Words.N("status.certificate", 90), Tone: ui.OK}
	bank := CertificateRow{ID: "b", Name: "aide.banque.example", Names: "aide.banque.example, www.aide.banque.example", Issuer: "Example TLS CA 2026", Until: "2026-12-04", State: base.Words.N("status.certificate", 5), Tone: ui.Wrong}
	several := first
	several.Given = []CertificateRow{bank}
	several.Shown = []CertificateRow{{Name: bank.Name, Until: bank.Until, State: bank.State, Tone: bank.Tone}, own}
	refused := several
	refused.Host, refused.Chain = "aide.banque.example", "-----BEGIN CERTIFICATE-----"
	refused.Wrong = map[string]string{"chain": T("fault.certificate.alone"), "key": T("fault.certificate.pair")}
	asking := several
	asking.Asking = "b"
	return []Sample{{"admin-certificates", several}, {"admin-certificates-first", first}, {"admin-certificates-refused", refused}, {"admin-certificates-asking", asking}}
}
