package views

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

var (
	inputTag = regexp.MustCompile(`<input[^>]*>`)
	attr     = regexp.MustCompile(`([a-z-]+)="([^"]*)"`)
)

// TestPasswordFields: what is typed into a field for a password of a person is
// masked, managers of passwords know which it is, and nothing keeps anybody from
// pasting.
func TestPasswordFields(t *testing.T) {
	seen := 0
	for _, s := range Samples(baseIn("en")) {
		for _, tag := range inputTag.FindAllString(rendered(t, s.Page), -1) {
			has := map[string]string{}
			for _, found := range attr.FindAllStringSubmatch(tag, -1) {
				has[found[1]] = found[2]
			}
			if has["name"] != "present" && has["name"] != "password" && has["type"] != "password" {
				continue
			}
			seen++
			complete := has["autocomplete"]
			ours := complete == "current-password" || complete == "new-password" || (strings.HasPrefix(s.Name, "admin") || s.Name == "unsent") && complete == "off"
			if has["type"] != "password" || !ours && !strings.HasPrefix(s.Name, "player") || strings.Contains(tag, "onpaste") || strings.Contains(tag, "readonly") {
				t.Errorf("%s: %s", s.Name, tag)
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d fields for passwords in the samples", seen)
	}
	scripts, err := filepath.Glob("../assets/js/*.js")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, name := range scripts {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), `"paste"`) && strings.Contains(string(text), "password") {
			t.Errorf("%s listens to what is pasted, and knows of passwords", name)
		}
	}
}

// TestSigningOutIsAtHand: every page of somebody who is signed in has the button to
// sign out.
func TestSigningOutIsAtHand(t *testing.T) {
	seen := 0
	for _, s := range Samples(baseIn("en")) {
		chrome := reflect.ValueOf(s.Page).FieldByName("Chrome")
		if !chrome.IsValid() || chrome.FieldByName("Person").IsNil() {
			continue
		}
		seen++
		if !strings.Contains(rendered(t, s.Page), `action="/logout"`) {
			t.Errorf("%s has no way to sign out", s.Name)
		}
	}
	if seen < 50 {
		t.Errorf("only %d pages tell whose they are", seen)
	}
}
