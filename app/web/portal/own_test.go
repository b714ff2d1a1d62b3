package portal_test

import (
	"strings"
	"testing"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

const arabic = `schema: 1
uid: arabicaaaaaaaaaaaaaaaaaaaa
alias: arabic
title: {fr: "الطابعة لا تعمل", en: "الطابعة لا تعمل"}
description: {fr: "ماذا تفعل", en: "ماذا تفعل"}
category: hardware
entry: true
steps:
  - id: start
    start: {}
    next: ask
  - id: ask
    title: {fr: "ما لون الضوء؟", en: "ما لون الضوء؟"}
    question:
      answers:
        - {id: red, text: {fr: "أحمر", en: "أحمر"}}
        - {id: green, text: {fr: "أخضر", en: "أخضر"}}
    next: name
  - id: name
    title: {fr: "من أنت؟", en: "من أنت؟"}
    form:
      fields:
        - {id: who, type: text, label: {fr: "الاسم", en: "الاسم"}, help: {fr: "كما في بطاقتك", en: "كما في بطاقتك"}, required: "true"}
    next: done
  - id: done
    title: {fr: "تم", en: "تم"}
    end: {outcome: solved}
`

// TestRightToLeftContent shows words of a language written from right to left
// in an interface that is not: each text finds its own direction.
func TestRightToLeftContent(t *testing.T) {
	s := webtest.NewSite(t)
	desk := webtest.Desk(t)
	p, err := procedure.ReadProcedure([]byte(arabic))
	if err != nil {
		t.Fatal(err)
	}
	desk.Procedures = append(desk.Procedures, p)
	webtest.Publish(t, s, webtest.Published{Domain: "production", Project: desk, Number: publication.Number{Major: 1}})
	b := webtest.NewBrowser(t, s)
	ltr := func() {
		if !strings.Contains(b.Page, `<html lang="en" dir="ltr"`) {
			t.Errorf("%s: the interface turned round", b.Path)
		}
	}
	b.Open(deskHome+"/c/hardware", webtest.Header("Accept-Language", "en")).Sees(`<strong dir="auto">الطابعة لا تعمل</strong>`, `<span class="muted" dir="auto">ماذا تفعل</span>`)
	ltr()
	b.Open("/r/arabic?lang=en", webtest.Header("Accept-Language", "en")).Sees(`<h1 dir="auto">ما لون الضوء؟</h1>`, `<span class="answer-text" dir="auto">`)
	ltr()
	b.Answer("answer", "red").Sees(`dir="auto">الاسم`, `dir="auto">كما في بطاقتك`)
	b.Answer("f.who", "ليلى").Sees(`<h1 dir="auto">تم</h1>`)
	b.Open(strings.TrimSuffix(b.Path, "/done")+"/report").Sees(`<h3 dir="auto">ما لون الضوء؟</h3>`, `<p class="answered told" dir="auto">أحمر</p>`)
	ltr()
}

// TestOwnExecutions lists what a person began, resumes one, and reads a report
// with names for ids, and what the writers answered.
func TestOwnExecutions(t *testing.T) {
	s := webtest.DeskSite(t)
	u := webtest.AddUser(t, s, "camille", access.User, "production")
	u.FirstName, u.LastName = "Camille", "Moreau"
	u.Version = 1
	if _, err := s.Content.SaveUser(t.Context(), u, "test"); err != nil {
		t.Fatal(err)
	}
	english := webtest.Header("Accept-Language", "en")
	b := webtest.SignedInAs(t, s, "camille").Open("/r/lamp?lang=en", english)
	id := strings.Split(b.Path, "/")[2]
	b.Answer("do", "postit", "postit", "which lamp?")
	b.Open("/me/executions", english).Sees("The lamp is broken", "Help desk", "Going on", `href="/x/`+id+`"`, "Resume")
	b.Open("/x/"+id, english).Answer("answer", "green").Sees("Mended")
	b.Answer("do", "feedback", "score", "1", "comment", "quick")
	b.Open("/me/executions", english).Sees("Solved").SeesNot("Going on", `href="/x/`+id+`"`)
	kept, err := s.Activity.Postits(t.Context(), store.PostitFilter{Execution: id})
	if err != nil || len(kept) != 1 || kept[0].Within == "" {
		t.Fatalf("%+v, %v", kept, err)
	}
	notes, err := s.Activity.Notes(t.Context(), store.NoteFilter{Project: kept[0].Project})
	if err != nil || len(notes) != 2 {
		t.Fatalf("%+v, %v", notes, err)
	}
	for _, n := range notes {
		if err := s.Activity.AnswerNote(t.Context(), kept[0].Project, n.Key, time.Time{}, "answered "+n.Text, "writer"); err != nil {
			t.Fatal(err)
		}
	}
	b.Open("/x/"+id+"/report", english).Sees("Camille Moreau", "English", "which lamp?", "answered which lamp?", "answered quick", "Opinion:", `aria-hidden="true">1</span>`).SeesNot(u.ID+"<", "<dd dir=\"auto\">en</dd>", "000000")
}
