package load

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"selfhelp/app/procedure"
)

// asks is a page with a form of these controls.
func asks(t *testing.T, controls string) *form {
	t.Helper()
	at, _ := url.Parse("http://127.0.0.1/x/1/step")
	p, err := readPage(at, 200, []byte(`<main><form id="turn" action="/x/1/step" enctype="multipart/form-data" data-swap>`+controls+`</form></main>`))
	if err != nil {
		t.Fatal(err)
	}
	return p.turn()
}

// TestFormsAreFilledIn: what must be filled in is, by something plausible; what stands
// there or need not be filled in stays.
func TestFormsAreFilledIn(t *testing.T) {
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	for controls, want := range map[string]string{
		`<input name=a>`:                                                                       "a=",
		`<input name=a value=x required>`:                                                      "a=x",
		`<input name=a required disabled>`:                                                     "",
		`<input name=a required maxlength=9>`:                                                  "a=Something",
		`<input name=a required placeholder=MT-PC-00001>`:                                      "a=MT-PC-00001",
		`<input name=a type=number required min=3>`:                                            "a=3",
		`<input name=a type=number required>`:                                                  "a=1",
		`<input name=a type=date required>`:                                                    "a=2026-12-01",
		`<input name=a type=date required max=2026-11-30>`:                                     "a=2026-11-30",
		`<input name=a type=email required>`:                                                   "a=ada%40example.org",
		`<input type=checkbox name=a value=true required>`:                                     "a=true",
		`<input type=checkbox name=a value=true>`:                                              "",
		`<input type=checkbox name=a value=true checked>`:                                      "a=true",
		`<input type=radio name=a value=x required><input type=radio name=a value=y required>`: "a=x",
		`<input type=radio name=a value=x required><input type=radio name=a value=y checked>`:  "a=y",
		`<fieldset data-required><input type=checkbox name=a value=x><input type=checkbox name=a value=y></fieldset>`: "a=x",
		`<input type=checkbox name=answer value=x><input type=checkbox name=answer value=y>`:                          "answer=x",
		`<select name=a required><option value="">?</option><option value=x></select>`:                                "a=x",
		`<select name=a><option value="">?</option><option value=x selected></select>`:                                "a=x",
		`<textarea name=a required minlength=50></textarea>`:                                                          "a=" + url.QueryEscape(words+" "+words),
		`<textarea name=a>so</textarea><textarea name=postit required></textarea><input name=filter value=x>`:         "a=so",
		`<div data-required><input name=sign.a></div>`:                                                                "sign.a=Ada+Lovelace",
	} {
		f := asks(t, controls)
		if f.fill(0, now); f.values.Encode() != want {
			t.Errorf("%s\n%s, not %s", controls, f.values.Encode(), want)
		}
	}
}

// TestWaysOn: answers are tried one after the other, tools of the page are none.
func TestWaysOn(t *testing.T) {
	const tools = `<button class=unseen aria-hidden=true name=do value=answer></button><button name=do value=back></button><button name=do value=restart></button><button type=button name=answer value=z></button>`
	for controls, want := range map[string]string{
		tools: "none",
		tools + `<button name=answer value=x></button><button name=answer value=y></button>`: "answer=x answer=y answer=x",
		tools + `<button name=do value=answer></button>`:                                     "do=answer do=answer do=answer",
		tools + `<button name=do value=resume></button>`:                                     "do=resume do=resume do=resume",
	} {
		var got []string
		for time := range 3 {
			f := asks(t, controls)
			if !f.goOn(time) {
				got = []string{"none"}
				break
			}
			got = append(got, f.values.Encode())
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, not %s", controls, got, want)
		}
	}
}

// TestMovesArePosted: what a scenario gives, as a page posts it.
func TestMovesArePosted(t *testing.T) {
	names := map[string]string{"who": "f1", "f1": "f1", "items": "f2", "f2.what": "c1"}
	for _, c := range []struct {
		controls string
		answer   any
		want     string // "" where the page has no room for it
	}{
		{`<button name=answer value=x></button><button name=answer value=y></button>`, "y", "answer=y"},
		{`<button name=answer value=yes></button>`, true, "answer=true"},
		{`<button name=answer value=next></button>`, nil, "answer=next"},
		{`<input type=radio name=answer value="=3"><input type=radio name=answer value="=4">`, []any{3}, "answer=%3D3"},
		{`<input type=checkbox name=answer value=x checked>`, []any{"a", "b"}, "answer=a&answer=b"},
		{`<input name=f.f1 value=old><input name=f.other value=kept>`, map[string]any{"who": "Ada"}, "f.f1=Ada&f.other=kept"},
		{`<input name=f.f1>`, map[string]any{"stranger": "Ada"}, ""},
		{`<input name=f.f2.0.c1>`, map[string]any{"f2": []any{map[string]any{"what": "a"}, map[string]any{"what": 2}}}, "f.f2.0.c1=a&f.f2.1.c1=2"},
		{`<input type=radio name=score value=5><textarea name=comment></textarea>`, 4, "score=4"},
		{`<input type=radio name=score value=5><textarea name=comment></textarea>`, map[string]any{"score": 5, "comment": "fine"}, "comment=fine&score=5"},
		{`<input type=checkbox name=visited value=true>`, true, "visited=true"},
	} {
		f := asks(t, c.controls)
		room := move{procedure.Move{Answer: c.answer}, names}.post(f)
		if room != (c.want != "") || room && f.values.Encode() != c.want {
			t.Errorf("%s %v: %v %s, not %s", c.controls, c.answer, room, f.values.Encode(), c.want)
		}
	}
	f := asks(t, `<input type=file name=files accept=image/png>`)
	if !(move{Move: procedure.Move{Answer: []any{map[string]any{"name": "a.png"}}}}).post(f) || len(f.files) != 1 || f.files[0].name != "picture.png" {
		t.Errorf("%+v", f.files)
	}
	if f := asks(t, `<button name=do value=back>`); !(move{Move: procedure.Move{Do: "back"}}).post(f) || f.values.Get("do") != "back" {
		t.Errorf("back: %v", f.values)
	}
	if f := asks(t, ``); (move{Move: procedure.Move{Do: "back"}}).post(f) {
		t.Error("there is no way back")
	}
}
