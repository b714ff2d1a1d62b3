package effect

import (
	"strings"

	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/message"
	"selfhelp/app/execution/program"
	"selfhelp/app/procedure"
)

// mail makes {to, cc, bcc, reply_to, subject, html, text, attach: [file
// …], files: [file…], attach_report}; without files where the step names none.
func (a *asker) mail(s *procedure.Step) (*Request, error) {
	q := newRequest(Mail, "")
	total := 0
	for _, sort := range []struct{ name, source string }{{"to", s.Mail.To}, {"cc", s.Mail.CC}, {"bcc", s.Mail.BCC}, {"reply_to", s.Mail.ReplyTo}} {
		list, err := a.recipients(sort.source)
		if err != nil {
			return nil, err
		}
		if sort.name != "reply_to" {
			total += len(list)
		}
		is := program.Open
		if len(list) > 0 {
			is = program.Personal
		}
		q.set(sort.name, list, is)
	}
	if total > maxRecipients {
		return nil, message.Fails("effect.recipients", maxRecipients)
	}
	if to, _ := q.Real["to"].([]any); len(to) == 0 {
		return nil, message.Fails("effect.no_recipient")
	}
	if err := a.letter(q, s); err != nil {
		return nil, err
	}
	q.set("attach_report", s.Mail.AttachReport, program.Open)
	return q, a.files(q, s.Mail.Files)
}

// letter renders subject, message and attachments.
func (a *asker) letter(q *Request, s *procedure.Step) error {
	subject, err := a.Text(s.Title)
	if err != nil {
		return err
	}
	if strings.ContainsFunc(subject, entry.IsControl) {
		return message.Fails("effect.subject")
	}
	html, plain, err := a.Rich(s.Text)
	if err != nil {
		return err
	}
	text := ""
	if plain != nil {
		text = plain()
	}
	attach := []any{}
	for _, id := range s.Mail.Attach {
		res := a.Resource(id)
		if res == nil {
			return message.Fails("effect.attachment", id)
		}
		if f, ok := program.FileIn(res, a.Langs); ok {
			attach = append(attach, entry.FileValue(entry.File(f)))
		}
	}
	q.set("subject", subject, a.SecretOfText(s.Title))
	q.set("html", html, a.SecretOfText(s.Text))
	q.set("text", text, a.SecretOfText(s.Text))
	q.set("attach", attach, program.Open)
	return nil
}

// recipients computes the addresses of a mail: one text, which may hold
// several separated by commas or semicolons, or a list.
func (a *asker) recipients(source string) ([]any, error) {
	v, _, err := a.Known(source)
	if err != nil {
		return nil, err
	}
	var texts []string
	switch v := v.(type) {
	case nil:
	case string:
		texts = strings.FieldsFunc(v, func(c rune) bool { return c == ',' || c == ';' })
	case []any:
		for _, item := range v {
			texts = append(texts, entry.MachineText(item))
		}
	default:
		return nil, message.Fails("effect.recipient", mask)
	}
	out := []any{}
	for _, t := range texts {
		if strings.TrimSpace(t) == "" {
			continue
		}
		address, ok := entry.ReadMail(t)
		if !ok {
			return nil, message.Fails("effect.recipient", mask).Because("not a mail address, or more than one")
		}
		out = append(out, address)
	}
	return out, nil
}
