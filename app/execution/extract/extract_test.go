package extract

import (
	"encoding/json"
	"strings"
	"testing"
)

const book = `{"store": {"book": [
	{"title": "A", "price": 8, "tags": ["x", "y"]}, {"title": "B", "price": 12}, {"title": "C", "isbn": "1"}],
	"odd name": {"a.b": 1}, "empty": [], "nil": null}, "d": {"title": "deep", "d": {"title": "deeper"}}}`

const soap = `{"Envelope": {"Body": {"reply": {"@status": "1", "ticket": [{"#text": "I1", "@id": "7"}, {"#text": "I2", "@id": "8"}], "one": "word", "list": {"item": ["a", "b"]}}}}}`

func TestRead(t *testing.T) {
	tests := []struct{ body, path, want string }{
		{book, "$", book},
		{book, "$.store.book[0].title", `"A"`},
		{book, "store.book[0].title", `"A"`},
		{book, "$['store']['odd name']['a.b']", `1`},
		{book, `$["store"]["book"][-1].title`, `"C"`},
		{book, "$.store.book[9].title", `null`},
		{book, "$.store.none.title", `null`},
		{book, "$.store.nil", `null`},
		{book, "$.store.book[*].title", `["A","B","C"]`},
		{book, "$.store.book.*.title", `["A","B","C"]`},
		{book, "$.store.empty[*]", `[]`},
		{book, "$..title", `["deep","deeper","A","B","C"]`},
		{book, "$..book[0].tags[*]", `["x","y"]`},
		{book, "$.store.book[0:2].title", `["A","B"]`},
		{book, "$.store.book[1:].title", `["B","C"]`},
		{book, "$.store.book[:-1].title", `["A","B"]`},
		{book, "$.store.book[::2].title", `["A","C"]`},
		{book, "$.store.book[::-1].title", `["C","B","A"]`},
		{book, "$.store.book[5:1:-2].title", `["C"]`},
		{book, "$.store.book[::0].title", `[]`},
		{book, "$.store.book[0, 2].title", `["A","C"]`},
		{book, "$.store.book[0]['title','price']", `["A",8]`},
		{book, "$.store.*", ``},
		{`[1, 2]`, "[1]", `2`},
		{`[1, 2]`, "$[0]", `1`},
		{`"text"`, "$.a", `null`},
		{soap, "/Envelope/Body/reply/one", `"word"`},
		{soap, "/soap:Envelope/soap:Body/reply/@status", `"1"`},
		{soap, "/Envelope/Body/reply/ticket[2]", `{"#text":"I2","@id":"8"}`},
		{soap, "/Envelope/Body/reply/ticket[1]/text()", `"I1"`},
		{soap, "/Envelope/Body/reply/ticket/@id", `["7","8"]`},
		{soap, "//ticket[1]/@id", `["7"]`},
		{soap, "//item", `["a","b"]`},
		{soap, "/Envelope/Body/reply/list/item[2]", `"b"`},
		{soap, "/Envelope/Body/*/one", `["word"]`},
		{soap, "/Envelope/none", `null`},
		{soap, "//none", `[]`},
	}
	for _, tt := range tests {
		var body any
		if err := json.Unmarshal([]byte(tt.body), &body); err != nil {
			t.Fatal(err)
		}
		got, err := Read(body, tt.path)
		if err != nil {
			t.Errorf("%s: %v", tt.path, err)
			continue
		}
		b, _ := json.Marshal(got)
		var want any
		if tt.want == "" {
			continue
		}
		_ = json.Unmarshal([]byte(tt.want), &want)
		if w, _ := json.Marshal(want); string(b) != string(w) {
			t.Errorf("%s: %s, want %s", tt.path, b, w)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for _, path := range []string{
		"", " ", "$.", "$..", "$[", "$[]", "$[a]", "$['a", "$['a'", "$[01]", "$[1:2:3:4]", "$[?@.a]", "$.a b", "$a", "$[0", "$[1,]", "a..", "a[99999999999]",
		"/", "//", "/a[", "/a[0]", "/a[-1]", "/a[last()]", "/a b", "/@", "/a=1", "/a|/b", "/a/", strings.Repeat(".a", 51), "$" + strings.Repeat("[0]", 51), strings.Repeat("/a", 51),
	} {
		if got, err := Read(map[string]any{"a": 1.0}, path); err == nil && path != "/@" {
			t.Errorf("%q gives %v", path, got)
		}
	}
	wide := make([]any, 200)
	for i := range wide {
		wide[i] = make([]any, 200)
	}
	if _, err := Read(wide, "$[*][*]"); err == nil {
		t.Error("a path finds forty thousand values")
	}
}

func FuzzRead(f *testing.F) {
	for _, path := range []string{"$.store.book[*]..title", "$['a'][0:2:-1]", "//a[1]/@b/text()", "a.b[0]"} {
		f.Add(book, path)
		f.Add(soap, path)
	}
	f.Fuzz(func(t *testing.T, text, path string) {
		var body any
		if json.Unmarshal([]byte(text), &body) != nil {
			return
		}
		found, err := Read(body, path)
		if err != nil {
			return
		}
		if _, err := json.Marshal(found); err != nil {
			t.Errorf("%q of %s finds what is no value: %v", path, text, err)
		}
	})
}
