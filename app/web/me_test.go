package web_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

var versionField = regexp.MustCompile(`name="version" value="(\d+)"`)

// TestOwnDetails changes one's own name and language, and nothing else.
func TestOwnDetails(t *testing.T) {
	s := webtest.NewSite(t)
	u := webtest.AddUser(t, s, "camille", access.User, "production")
	b := webtest.SignedInAs(t, s, "camille").Open("/me")
	send := func(pairs ...string) {
		t.Helper()
		values := url.Values{"version": {versionField.FindStringSubmatch(b.Page)[1]}}
		for i := 0; i < len(pairs); i += 2 {
			values.Set(pairs[i], pairs[i+1])
		}
		b.Follow(b.Send("POST", "/me", webtest.Form(values.Encode())), "/me")
	}
	kept := func() store.User {
		t.Helper()
		now, err := s.Content.User(t.Context(), u.ID)
		if err != nil {
			t.Fatal(err)
		}
		return now
	}
	send("first_name", " Zoé ", "last_name", "Dupont-O’Neil", "interface", "fr", "role", "administrator", "login", "root", "everywhere", "yes", "mail", "x@example.org")
	b.Sees("Vos informations sont enregistrées", "Zoé Dupont-O’Neil", `lang="fr"`)
	if now := kept(); now.FirstName != "Zoé" || now.Language != "fr" || now.Role != access.User || now.Login != "camille" || now.Everywhere || now.Mail != "" {
		t.Errorf("kept %+v", now)
	}
	send("first_name", "Zoé", "last_name", "", "interface", "en")
	b.Sees("Your details are saved", `lang="en"`)

	// What is wrong is said, and what was typed stays.
	long := strings.Repeat("x", 300)
	send("first_name", long, "interface", "en")
	if b.Status != 422 {
		t.Errorf("a long name: %d", b.Status)
	}
	b.Sees(long, `href="#first_name"`)
	b.Open("/me")
	send("first_name", "Zoé", "interface", "tlh")
	if b.Status != 422 || kept().Language != "en" {
		t.Errorf("an unknown language: %d, %+v", b.Status, kept())
	}

	// An administrator was faster: nothing is lost, and saving again is a choice.
	b.Open("/me")
	theirs := kept()
	theirs.LastName = "Durand"
	if _, err := s.Content.SaveUser(t.Context(), theirs, "test"); err != nil {
		t.Fatal(err)
	}
	send("first_name", "Zoë", "last_name", "Dupond", "interface", "en")
	if b.Status != 409 || kept().LastName != "Durand" {
		t.Errorf("over another's: %d, %+v", b.Status, kept())
	}
	b.Sees("Dupond", "Durand", "Zoë")
	send("first_name", "Zoë", "last_name", "Dupond", "interface", "en")
	if now := kept(); b.Status != 200 || now.FirstName != "Zoë" || now.LastName != "Dupond" {
		t.Errorf("again: %d, %+v", b.Status, now)
	}
}

// TestNobodyHasNoDetails asks a visitor to sign in.
func TestNobodyHasNoDetails(t *testing.T) {
	s := webtest.NewSite(t)
	if r := webtest.Ask(s, "POST", "/me", webtest.Form("first_name=x&version=1")); r.StatusCode != 303 && r.StatusCode != 401 {
		t.Errorf("a visitor got %d", r.StatusCode)
	}
}
