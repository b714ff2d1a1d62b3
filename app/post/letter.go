package post

import (
	"html/template"
	"strings"

	"selfhelp/app/connect/mail"
	"selfhelp/store"
	"selfhelp/views/ui"
)

// paragraph is one of a letter: words, or a link on a line of its own.
type paragraph struct {
	text string
	link string
}

// write puts a letter to somebody into the two forms that are read.
func write(words *ui.Words, to store.User, subject string, body ...paragraph) mail.Letter {
	all := append([]paragraph{{text: words.T("letter.hello", to.Name())}}, body...)
	all = append(all, paragraph{text: words.T("letter.end")})
	l := mail.Letter{To: to.Mail, Name: to.Name(), Subject: words.T(subject)}
	var text strings.Builder
	for _, p := range all {
		text.WriteString(p.text + p.link + "\n\n")
	}
	l.Text = strings.TrimRight(text.String(), "\n") + "\n"
	l.HTML = page(words, l.Subject, all)
	return l
}

// layout is a letter as a page: a mail program shows what it likes of it.
var layout = template.Must(template.New("letter").Parse(`<!doctype html>
<html lang="{{.Lang}}">
<head><meta charset="utf-8"><title>{{.Title}}</title></head>
<body style="font-family: system-ui, sans-serif; font-size: 16px; line-height: 1.5; max-width: 40em; margin: 1.5em auto; padding: 0 1em">
{{range .Body}}<p>{{if .Link}}<a href="{{.Link}}">{{.Link}}</a>{{else}}{{.Text}}{{end}}</p>
{{end}}</body>
</html>
`))

func page(words *ui.Words, title string, body []paragraph) string {
	type shown struct{ Text, Link string }
	data := struct {
		Lang, Title string
		Body        []shown
	}{Lang: words.Lang(), Title: title}
	for _, p := range body {
		data.Body = append(data.Body, shown{p.text, p.link})
	}
	var html strings.Builder
	if layout.Execute(&html, data) != nil {
		return "" // only a writer fails, and this one cannot
	}
	return html.String()
}
