package views

import (
	"time"

	"selfhelp/views/ui"
)

func adminMailSamples(base ui.Chrome, office officeOf) []Sample {
	at := time.Date(2026, 11, 3, 9, 12, 0, 0, time.UTC)
	fresh := AdminMail{Office: office("mail", base.T("admin.mail")), Sections: sampleMailSections(base), Nowhere: true}
	wrong := fresh
	wrong.Sections, wrong.Wrong = sampleMailSections(base), map[string]string{"host": base.T("fault.mail.host")}
	wrong.Sections[0].Fields[0].Wrong = base.T("fault.mail.host")
	busy := fresh
	busy.Nowhere, busy.On, busy.To, busy.Waiting, busy.LostAll, busy.Version = false, true, "camille@example.org", 2, 1, 4
	busy.Late = []LetterRow{{ID: 2, To: "zoe@example.org", Subject: base.T("letter.reset.subject"), At: at, Due: at.Add(time.Hour), Attempts: 3, Why: base.T("fault.mail.unreachable", "smtp.example.org:587")}}
	busy.Lost = []LetterRow{{ID: 1, To: "amadou@example.org", Subject: base.T("letter.changed.subject"), At: at, Why: base.T("fault.mail.refused", `550 "5.1.1 no such user"`)}}
	tried := AdminMailTest{
		Office: office("mail", base.T("admin.mail.test")), Tone: ui.Wrong, Outcome: base.T("fault.mail.login"), Advice: base.T("fault.mail.login.do"),
		Trace: []TraceRow{{"0 ms", "connect smtp.example.org:587", "", false}, {"12 ms", "STARTTLS", "220 ready", false}, {"31 ms", "<SMTP auth data redacted>", "535 5.7.8 who are you", true}},
	}
	kept := AdminPasswords{Office: office("sign_in", base.T("method.internal")), Version: 3, Shortest: "12", Least: 10, Most: 64, Resets: true, Words: sampleWords(base), Breached: BreachedFacts{Active: true, Size: base.Words.N("admin.breached.count", 10_000)}}
	broken, none := kept, kept
	broken.Breached, broken.Shortest, broken.Wrong = BreachedFacts{Broken: true}, "5", map[string]string{"shortest": base.T("fault.method.shortest"), "words": base.T("fault.method.words")}
	broken.Words.Wrong = base.T("fault.method.words")
	none.Breached, none.ByMail = BreachedFacts{}, true
	return []Sample{{"admin-mail", busy}, {"admin-mail-new", fresh}, {"admin-mail-wrong", wrong}, {"admin-mail-test", tried}, {"admin-passwords", kept}, {"admin-passwords-wrong", broken}, {"admin-passwords-none", none}}
}

func sampleWords(base ui.Chrome) FormField {
	return FormField{Input: ui.Input{Name: "words", Label: base.T("admin.passwords.words"), Help: base.T("admin.passwords.words.help"), Value: "Électro Rhône\nService Engine"}, Rows: 4}
}

func sampleMailSections(base ui.Chrome) []FormSection {
	field := func(name, value string) FormField {
		return FormField{Input: ui.Input{Name: name, Label: base.T("mail.field." + name), Value: value, Max: 500}}
	}
	security, plain := field("security", "starttls"), field("plain", "")
	security.Choices = []Option{{"starttls", base.T("mail.security.starttls")}, {"tls", base.T("mail.security.tls")}}
	plain.Tick, plain.Help = true, base.T("mail.field.plain.help")
	return []FormSection{
		{base.T("mail.section.server"), "", []FormField{field("host", "smtp.example.org"), field("port", "587"), security, plain}},
		{base.T("mail.section.sender"), "", []FormField{field("sender", "help@example.org"), field("sender_name", "Assistance")}},
	}
}

func resetSamples(base ui.Chrome) []Sample {
	forgotten := Forgotten{Chrome: titled(base, ui.Portal, base.T("forgotten.title")), Minutes: 60}
	chosen := NewPassword{Chrome: titled(base, ui.Portal, base.T("reset.title")), Login: "camille.moreau", Shortest: 10}
	sent, refused, spent := forgotten, chosen, chosen
	sent.Sent, spent.Spent = true, true
	refused.Wrong = map[string]string{"password": base.T("fault.password.known")}
	return []Sample{{"forgotten", forgotten}, {"forgotten-sent", sent}, {"new-password", chosen}, {"new-password-wrong", refused}, {"new-password-spent", spent}}
}
