package admin

import (
	"strconv"
	"strings"

	"selfhelp/app/connect/mail"
	"selfhelp/app/web/frame"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// readMail reads the form over a mail server. A password left empty stays as it
// was.
func readMail(v *frame.Visit, server mail.Server) mail.Server {
	text := func(name string) string { return strings.TrimSpace(v.PostFormValue(name)) }
	server.Host, server.Security, server.Plain = text("host"), mail.Security(text("security")), v.PostFormValue("plain") == "yes"
	server.Port, _ = strconv.Atoi(text("port")) // no number is a port that is refused
	server.Roots, server.Sender, server.SenderName = text("roots"), text("sender"), text("sender_name")
	if server.Login = text("login"); server.Login == "" {
		server.Password = ""
	} else if secret := v.PostFormValue("password"); secret != "" {
		server.Password = secret
	}
	return server
}

// SecretHelp says of the field of a secret whether one is kept, and that what was
// just typed is not: it is never shown.
func SecretHelp(v *frame.Visit, kept, typed bool) string {
	switch {
	case typed:
		return v.Words.T("method.field.secret.again")
	case kept:
		return v.Words.T("method.field.secret.kept")
	}
	return ""
}

// mailSections are the fields of a mail server; kept tells that its password is.
func mailSections(v *frame.Visit, s mail.Server, kept bool, wrong map[string]string) []views.FormSection {
	if s.Port == 0 && s.Host == "" {
		s.Port = 587
	}
	line := func(name, value string) views.FormField {
		label := "mail.field." + name
		f := views.FormField{Input: ui.Input{Name: name, Label: v.Words.T(label), Value: value, Wrong: wrong[name], Max: 500}}
		if help := label + ".help"; v.Words.Has(help) {
			f.Help = v.Words.T(help)
		}
		return f
	}
	port, security, plain, roots, password, sender := line("port", strconv.Itoa(s.Port)), line("security", string(s.Security)), line("plain", ""), line("roots", s.Roots), line("password", ""), line("sender", s.Sender)
	port.Type, sender.Type = "number", "email"
	for _, kind := range mail.Securities() {
		security.Choices = append(security.Choices, views.Option{Value: string(kind), Name: v.Words.T("mail.security." + string(kind))})
	}
	plain.Tick, plain.On = true, s.Plain
	roots.Rows = 3
	password.Type, password.Autocomplete = "password", "off"
	password.Help = SecretHelp(v, kept, v.PostFormValue("password") != "")
	section := func(key string, fields ...views.FormField) views.FormSection {
		return views.FormSection{Title: v.Words.T("mail.section." + key), Fields: fields}
	}
	return []views.FormSection{
		section("server", line("host", s.Host), port, security, roots, plain),
		section("account", line("login", s.Login), password),
		section("sender", sender, line("sender_name", s.SenderName)),
	}
}
