package signin_test

import (
	"crypto/sha1" // what the list is made with
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/login"
	"selfhelp/app/web/webtest"
)

// TestPasswordsKeptHere asks for longer ones, and for none that became known.
func TestPasswordsKeptHere(t *testing.T) {
	s := webtest.NewSite(t)
	u := webtest.AddUser(t, s, "chief", access.Administrator)
	u.Everywhere, u.Language = true, "en"
	if _, err := s.Content.SaveUser(t.Context(), u, "test"); err != nil {
		t.Fatal(err)
	}
	b := webtest.SignedInAs(t, s, "chief")
	b.Open("/admin/sign-in").Sees(`href="/admin/sign-in/internal"`)
	version := func() string {
		_, after, _ := strings.Cut(b.Open("/admin/sign-in/internal").Page, `name="version" value="`)
		at, _, _ := strings.Cut(after, `"`)
		return at
	}
	send := func(form string) {
		t.Helper()
		b.Follow(b.Send("POST", "/admin/sign-in/internal", webtest.Form("version="+version()+"&"+form)), "/admin/sign-in/internal")
	}
	b.Open("/admin/sign-in/internal").Sees(`value="10"`, "No list")
	for _, wrong := range []string{"9", "65", "", "-1", "0", "many", "99999999999999999999"} {
		if send("resets=yes&shortest=" + wrong); b.Status != 422 {
			t.Errorf("%q: %d", wrong, b.Status)
		}
		b.Sees("Give a number between 10 and 64", `href="#shortest"`)
	}
	send("shortest=30")
	b.Sees(`value="30"`)
	if resets, err := s.Desk.ResetsPasswords(t.Context()); err != nil || resets {
		t.Errorf("reset by mail is on: %v", err)
	}
	change := func(password string) *webtest.Browser {
		return b.Follow(b.Send("POST", "/me/password", webtest.Form("present="+webtest.GoodPassword+"&password="+password)), "/me/password")
	}
	change("twenty-one characters").Sees("too short", "At least 30 characters")
	b.Open("/admin/users/new").Sees("At least 30 characters")
	send("shortest=10&words=" + webtest.Escape("Électro Rhône\r\n\r\nR2D\r\nR2D\r\n"))
	b.Sees("Électro Rhône\nR2D</textarea>")
	change("velours-electro.rh0ne-quai").Sees("holds “Électro Rhône”").SeesNot("R2D")
	for _, wrong := range []string{"ab", strings.Repeat("x", 51), "abc\n--", manyWords(201)} {
		if send("shortest=10&words=" + webtest.Escape(wrong)); b.Status != 422 {
			t.Errorf("%.20q: %d", wrong, b.Status)
		}
		b.Sees("Give at most 200 words", `href="#words"`, wrong[len(wrong)-2:])
	}
	send("shortest=10")

	file := filepath.Join(t.TempDir(), "known")
	use := func(content string) *login.Breached {
		t.Helper()
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		list, err := login.OpenBreached(file)
		if err != nil {
			t.Fatal(err)
		}
		s.Desk.UseBreached(list, nil)
		return list
	}
	use("correct horse battery\nanother one of them\n")
	b.Open("/admin/sign-in/internal").Sees("The list has 2 passwords")
	change("correct horse battery").Sees("among those")
	list := use(fmt.Sprintf("%X:7\n", sha1.Sum([]byte("correct horse battery"))))
	b.Open("/admin/sign-in/internal").Sees("The list takes")
	change("correct horse battery").Sees("among those")
	if err := list.Close(); err != nil {
		t.Fatal(err)
	}
	change("a list that cannot be read keeps nobody from it").Sees("Your password is changed")
	b.Open("/admin/sign-in/internal").Sees("List unusable")
	if r := b.Send("POST", "/admin/sign-in/internal", webtest.Form("version=1&shortest=12")); r.StatusCode != 409 {
		t.Errorf("over another's: %d", r.StatusCode)
	}
}

func manyWords(n int) (text string) {
	for i := range n {
		text += fmt.Sprintf("word%d\n", i)
	}
	return text
}
