package formula

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"
)

func TestShow(t *testing.T) {
	const nn = "\u202f"
	tests := []struct {
		v    any
		lang string
		want string
	}{
		{1234.5, "fr", "1" + nn + "234,5"}, {1234.5, "en", "1,234.5"}, {1234567.0, "fr-CA", "1" + nn + "234" + nn + "567"}, {-1234.5, "en-GB", "-1,234.5"}, {999.0, "fr", "999"}, {1234.5, "de", "1.234,5"},
		{0.1 + 0.2, "en", "0.3"}, {1e21, "en", "1e+21"}, {0.0, "fr", "0"}, {1e-9, "en", "1e-09"}, {1234.5, "sv", "1" + nn + "234,5"}, {1234.5, "not a tag", "1,234.5"}, {1234.5, "it-CH", "1’234.5"}, {-1234567.0, "ja", "-1,234,567"},
		{true, "fr", "oui"}, {false, "fr", "non"}, {true, "en", "yes"}, {false, "en", "no"}, {true, "es", "sí"}, {true, "sv", "yes"},
		{"2026-11-23", "fr", "23 novembre 2026"}, {"2026-11-23", "en", "23 November 2026"}, {"2026-12-01", "fr", "1er décembre 2026"}, {"2026-12-01", "en", "1 December 2026"}, {"2026-12-11", "fr", "11 décembre 2026"},
		{"2026-11-23T14:05", "fr", "23 novembre 2026 à 14" + nn + "h" + nn + "05"}, {"2026-11-23T09:05:10Z", "en", "23 November 2026 at 09:05"}, {"2026-11-23", "es", "23 de noviembre de 2026"}, {"2026-11-23", "de", "23. November 2026"},
		{"2026-11-23", "sv", "2026-11-23"}, {"2026-11-23", "en-GB", "23 November 2026"}, {"2026-02-30", "fr", "2026-02-30"}, {"2026-11-23 was a Monday", "en", "2026-11-23 was a Monday"}, {"0000-01-01", "en", "0000-01-01"},
		{nil, "fr", ""}, {"", "en", ""}, {"{{7*7}}", "fr", "{{7*7}}"},
		{[]any{"a", 1234.0, true, "2026-11-23"}, "fr", "a, 1" + nn + "234, oui, 23 novembre 2026"}, {map[string]any{"b": 1.0, "a": []any{"x", "y"}}, "en", "a: x, y, b: 1"}, {[]any{}, "fr", ""},
	}
	for _, tt := range tests {
		if got := Show(tt.v, tt.lang); got != tt.want {
			t.Errorf("Show(%v, %s) = %q, want %q", tt.v, tt.lang, got, tt.want)
		}
	}
}

func TestShowEnds(t *testing.T) {
	var v any = "leaf"
	for range 60 {
		v = []any{v, v}
	}
	if got := Show(v, "fr"); len(got) > 2*maxShown || !strings.HasSuffix(got, "…") {
		t.Errorf("a value that is endless on paper is shown as %d bytes", len(got))
	}
}

func TestNormalize(t *testing.T) {
	type colour string
	when := time.Date(2026, 11, 23, 14, 5, 0, 0, time.UTC)
	tests := []struct{ v, want any }{
		{3, 3.0}, {int64(1 << 60), "1152921504606846976"}, {uint8(7), 7.0}, {uint64(math.MaxUint64), "18446744073709551615"}, {float32(0.5), 0.5}, {json.Number("12.5"), 12.5}, {json.Number("12345678901234567890"), "12345678901234567890"},
		{colour("red"), "red"}, {"a\xffb", "a\uFFFDb"}, {when, "2026-11-23T14:05:00Z"}, {math.Copysign(0, -1), 0.0}, {nil, nil}, {true, true},
	}
	for _, tt := range tests {
		got, err := Normalize(tt.v)
		if err != nil || got != tt.want {
			t.Errorf("Normalize(%#v) = %#v, %v, want %#v", tt.v, got, err, tt.want)
		}
	}
	nested, err := Normalize(map[any]any{"a": []int{1, 2}, "b": map[string]string{"c": "d"}, "e": []map[string]any{{"f": 1}}})
	if got := jsonOf(nested); err != nil || got != `{"a":[1,2],"b":{"c":"d"},"e":[{"f":1}]}` {
		t.Errorf("nested: %s, %v", got, err)
	}
	if got, _ := Normalize(math.Copysign(0, -1)); math.Signbit(got.(float64)) {
		t.Error("minus zero keeps its sign")
	}
}

func TestNormalizeRefuses(t *testing.T) {
	deep := any("x")
	for range 70 {
		deep = []any{deep}
	}
	loop := []any{nil}
	loop[0] = loop
	for _, v := range []any{math.NaN(), math.Inf(1), math.Inf(-1), struct{ A int }{1}, func() {}, make(chan int), &struct{}{}, map[int]string{1: "a"}, map[any]any{1: 2}, deep, loop, complex(1, 2), json.Number("1e999")} {
		if got, err := Normalize(v); err == nil {
			t.Errorf("Normalize(%T) gives %v", v, got)
		}
	}
}
