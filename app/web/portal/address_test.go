package portal_test

import (
	"regexp"
	"strings"
	"testing"

	"selfhelp/app/procedure"
	"selfhelp/app/web/webtest"
)

const outerYAML = `schema: 1
uid: outeraaaaaaaaaaaaaaaaaaaaa
alias: outer
title: {fr: Dehors, en: Outer}
entry: true
steps:
  - {id: start, start: {}, next: first_page}
  - {id: first_page, title: {fr: Dehors, en: Outer first}, page: {}, next: it}
  - {id: it, call: {procedure: inneraaaaaaaaaaaaaaaaaaaaa}, next: done}
  - {id: done, title: {fr: Fini, en: Over}, end: {outcome: solved}}
`

const innerYAML = `schema: 1
uid: inneraaaaaaaaaaaaaaaaaaaaa
alias: inner
title: {fr: Dedans, en: Inner}
steps:
  - {id: start, start: {}, next: first_page}
  - {id: first_page, title: {fr: Dedans, en: Inner first}, page: {}, next: last_page}
  - {id: last_page, title: {fr: Dedans encore, en: Inner last}, page: {}, next: done}
  - {id: done, title: {fr: Fini, en: Inner done}, end: {outcome: solved}}
`

// TestPagesOfTwoProcedures goes through a procedure and its sub-procedure with
// steps of the same ids, with whole pages and with fragments, in two tabs.
func TestPagesOfTwoProcedures(t *testing.T) {
	s := webtest.DeskSite(t)
	p := webtest.Desk(t)
	for _, text := range []string{outerYAML, innerYAML} {
		one, err := procedure.ReadProcedure([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		p.Procedures = append(p.Procedures, one)
	}
	webtest.Publish(t, s, webtest.Published{Domain: "production", Project: p, Number: webtest.FirstVersion})

	b := webtest.NewBrowser(t, s).Open("/r/outer?lang=en").Sees("Outer first")
	base := regexp.MustCompile(`/x/[a-z0-9]+`).FindString(b.Page)
	parent, child := base+"/first_page", base+"/first_page~inner"
	b.Answer("answer", "next").Sees("Inner first", `href="`+parent+`"`, `action="`+child+`"`)
	b.Open(child).Sees("Inner first", `aria-current="step">Inner first`)
	b.Open(base).Sees(`aria-current="step">Inner first`)
	b.Open(parent).Sees("<h1", "Outer first").SeesNot("Inner first")
	b.Open(child).Answer("do", "back").Sees("Outer first").SeesNot("Inner first")

	tab := *b // stays on the parent's page, while the other goes on
	b.Answer("answer", "next").Answer("answer", "next").Sees("Inner last", `href="`+parent+`"`, `href="`+child+`"`)
	tab.Answer("answer", "next").Sees(`aria-current="step">Inner first`)
	b.Open(child).Sees(`aria-current="step">Inner first`)
	b.Open(base + "/first_page~nobody").Sees("Inner")

	r := b.Open(parent).Send("POST", parent, webtest.Header("Swap", "turn"), webtest.Form(b.Fields().Encode()+"&answer=next"))
	if got := r.Header.Get("Swap-Url"); !strings.HasSuffix(got, "/first_page~inner") {
		t.Errorf("a fragment stands at %q", got)
	}
}
