package entry

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"selfhelp/app/procedure"
)

var paris = time.FixedZone("CET", 3600)

func TestConvert(t *testing.T) {
	tests := []struct {
		value any
		to    procedure.VariableType
		want  string // JSON, "" when it cannot be
	}{
		{"a", procedure.TypeText, `"a"`}, {12.0, procedure.TypeText, `"12"`}, {0.1, procedure.TypeText, `"0.1"`}, {true, procedure.TypeText, `"true"`}, {[]any{}, procedure.TypeText, ``}, {nil, procedure.TypeText, `null`}, {"", procedure.TypeText, `""`},
		{"12.5", procedure.TypeNumber, `12.5`}, {" -3 ", procedure.TypeNumber, `-3`}, {"", procedure.TypeNumber, `null`}, {"1e3", procedure.TypeNumber, `1000`}, {"1e309", procedure.TypeNumber, ``}, {"NaN", procedure.TypeNumber, ``}, {"-0", procedure.TypeNumber, `0`},
		{math.Inf(1), procedure.TypeNumber, ``}, {true, procedure.TypeNumber, ``}, {7, procedure.TypeNumber, `7`}, {"12,5", procedure.TypeNumber, ``},
		{"true", procedure.TypeBoolean, `true`}, {"OUI", procedure.TypeBoolean, `true`}, {"0", procedure.TypeBoolean, `false`}, {"perhaps", procedure.TypeBoolean, ``}, {1.0, procedure.TypeBoolean, ``},
		{"2026-11-23", procedure.TypeDate, `"2026-11-23"`}, {"2026-11-23T10:00:00Z", procedure.TypeDate, `"2026-11-23"`}, {"23/11/2026", procedure.TypeDate, ``}, {5.0, procedure.TypeDate, ``}, {"2026-02-29", procedure.TypeDate, ``}, {"0000-01-01", procedure.TypeDate, ``},
		{"2026-11-23T10:00", procedure.TypeDateTime, `"2026-11-23T10:00:00+01:00"`}, {"2026-11-23", procedure.TypeDateTime, `"2026-11-23T00:00:00+01:00"`}, {"2026-06-30T23:59:60Z", procedure.TypeDateTime, ``},
		{[]any{1.0}, procedure.TypeList, `[1]`}, {`["a"]`, procedure.TypeList, `["a"]`}, {"a", procedure.TypeList, `["a"]`}, {3.0, procedure.TypeList, `[3]`}, {[]string{"a", "b"}, procedure.TypeList, `["a","b"]`},
		{map[string]any{"a": 1}, procedure.TypeObject, `{"a":1}`}, {`{"a": {}}`, procedure.TypeObject, `{"a":{}}`}, {"a", procedure.TypeObject, ``}, {[]any{}, procedure.TypeObject, ``},
		{map[string]any{"hash": "h"}, procedure.TypeFile, `{"hash":"h"}`}, {[]any{map[string]any{"hash": "h"}}, procedure.TypeFile, `[{"hash":"h"}]`}, {map[string]any{}, procedure.TypeFile, ``}, {"f", procedure.TypeFile, ``},
		{"s", procedure.TypeSecret, `"s"`}, {strings.Repeat("[", 100), procedure.TypeObject, ``}, {strings.Repeat("[", 40) + strings.Repeat("]", 40), procedure.TypeList, `["` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `"]`},
	}
	for _, tt := range tests {
		got, ok := Convert(tt.value, tt.to, paris)
		b, _ := json.Marshal(got)
		if ok != (tt.want != "") || ok && string(b) != tt.want {
			t.Errorf("%v as %s: %s %v, want %s", tt.value, tt.to, b, ok, tt.want)
		}
	}
}

func TestLine(t *testing.T) {
	tests := []struct {
		field procedure.FieldType
		lang  string
		typed string
		want  string // "" when it is refused
	}{
		{procedure.FieldNumber, "fr", "12,5", "12.5"}, {procedure.FieldNumber, "fr", "1 234,5", "1234.5"}, {procedure.FieldNumber, "fr", "1\u202f234", "1234"}, {procedure.FieldNumber, "fr", "12.5", "12.5"}, {procedure.FieldNumber, "fr", "1,2,3", ""}, {procedure.FieldNumber, "fr", "−4", "-4"},
		{procedure.FieldNumber, "en", "1,234.5", "1234.5"}, {procedure.FieldNumber, "en", "12,5", ""}, {procedure.FieldNumber, "en", "1,2345", ""}, {procedure.FieldNumber, "en", "1.5,000", ""}, {procedure.FieldNumber, "en", ",5", ""}, {procedure.FieldNumber, "en", "1e16", ""},
		{procedure.FieldDate, "fr", "23/11/2026", "2026-11-23"}, {procedure.FieldDate, "en", "11/23/2026", "2026-11-23"}, {procedure.FieldDate, "en-GB", "23/11/2026", "2026-11-23"}, {procedure.FieldDate, "fr", "2026-11-23", "2026-11-23"}, {procedure.FieldDate, "fr", "23.11.2026", "2026-11-23"}, {procedure.FieldDate, "fr", "31/11/2026", ""},
		{procedure.FieldTime, "fr", "9h", "09:00"}, {procedure.FieldTime, "fr", "9 h 30", "09:30"}, {procedure.FieldTime, "en", "23:59:59", "23:59"}, {procedure.FieldTime, "en", "24:00", ""},
		{procedure.FieldMail, "fr", "a.b+c@Sub.Example.org", "a.b+c@sub.example.org"}, {procedure.FieldMail, "fr", "é@exämple.fr", "é@exämple.fr"}, {procedure.FieldMail, "fr", "a@-b.fr", ""}, {procedure.FieldMail, "fr", "a..b@c.fr", ""}, {procedure.FieldMail, "fr", "a@b..fr", ""}, {procedure.FieldMail, "fr", "<a@b.fr>", ""}, {procedure.FieldMail, "fr", strings.Repeat("a", 65) + "@b.fr", ""}, {procedure.FieldMail, "fr", "a@b_c.fr", ""},
		{procedure.FieldPhone, "fr", "01 23 45 67 89", "0123456789"}, {procedure.FieldPhone, "fr", "0033 1 23 45 67 89", "+33123456789"}, {procedure.FieldPhone, "fr", "4012", "4012"}, {procedure.FieldPhone, "fr", "+", ""}, {procedure.FieldPhone, "fr", "٠١٢٣", ""},
		{procedure.FieldURL, "fr", "http://a.example/x?y=1#z", "http://a.example/x?y=1#z"}, {procedure.FieldURL, "fr", "localhost:8080", "https://localhost:8080"}, {procedure.FieldURL, "fr", "http://[::1]/", "http://[::1]/"}, {procedure.FieldURL, "fr", "https://", ""}, {procedure.FieldURL, "fr", `https://a\b`, ""}, {procedure.FieldURL, "fr", "data:text/html,x", ""},
		{procedure.FieldText, "fr", "as it is", "as it is"},
	}
	for _, tt := range tests {
		value, wrong := Line(tt.field, tt.typed, tt.lang, paris)
		if got := MachineText(value); (wrong == "") != (tt.want != "") || got != tt.want {
			t.Errorf("%s %q in %s: %q %s, want %q", tt.field, tt.typed, tt.lang, got, wrong, tt.want)
		}
	}
}

func TestFileName(t *testing.T) {
	for name, want := range map[string]string{
		"../../etc/passwd": "passwd", `C:\Users\a.png`: "a.png", "a\r\nb.pdf": "a b.pdf", "": "file", "...": "file", "plan<1>.png": "plan_1_.png", "\u202egnp.exe": "gnp.exe", "été.pdf": "été.pdf", "e\u0301.pdf": "é.pdf",
		strings.Repeat("a", 4000): strings.Repeat("a", 120),
	} {
		if got := FileName(name); got != want {
			t.Errorf("%.40q: %q, want %q", name, got, want)
		}
	}
}

func TestFold(t *testing.T) {
	for word, want := range map[string]string{"Sète": "sete", "ÉLAN": "elan", "plain": "plain", "Œuf": "œuf"} {
		if got := Fold(word); got != want {
			t.Errorf("%s: %s", word, got)
		}
	}
}

// FuzzEntry reads anything as everything.
func FuzzEntry(f *testing.F) {
	for _, s := range []string{"12,5", "23/11/2026", "9h30", "a@b.fr", "+33 1", "https://a.example", `{"a":[1]}`, "\xff\u202e"} {
		f.Add(s)
	}
	types := []procedure.FieldType{procedure.FieldNumber, procedure.FieldDate, procedure.FieldTime, procedure.FieldDateTime, procedure.FieldMail, procedure.FieldPhone, procedure.FieldURL}
	variables := []procedure.VariableType{procedure.TypeText, procedure.TypeNumber, procedure.TypeBoolean, procedure.TypeDate, procedure.TypeDateTime, procedure.TypeList, procedure.TypeObject, procedure.TypeFile}
	f.Fuzz(func(t *testing.T, typed string) {
		if once := Clean(typed); Clean(once) != once {
			t.Errorf("%q is cleaned to %q, and that to %q", typed, once, Clean(once))
		}
		line := CleanLine(typed)
		for _, field := range types {
			for _, lang := range []string{"fr", "en"} {
				value, wrong := Line(field, line, lang, paris)
				if wrong != "" {
					continue
				}
				if again, wrong := Line(field, MachineText(value), "", paris); wrong != "" || MachineText(again) != MachineText(value) {
					t.Errorf("%s %q gives %v, which gives %v %s", field, line, value, again, wrong)
				}
			}
		}
		for _, to := range variables {
			if v, ok := Convert(typed, to, paris); ok && DepthOf(v) > MaxNesting {
				t.Errorf("%q as %s is too deep", typed, to)
			}
		}
		if name := FileName(typed); strings.ContainsAny(name, "/\\\x00\r\n") || len(name) > 600 {
			t.Errorf("file name %q", name)
		}
	})
}
