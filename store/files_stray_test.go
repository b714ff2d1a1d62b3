package store

import (
	"strings"
	"testing"
	"time"
)

// TestStraysAreSwept receives files that nothing comes to name. They go after a
// while, so many at a time; what an answer names, what was here before, and
// what anybody else keeps stays.
func TestStraysAreSwept(t *testing.T) {
	s, _ := open(t)
	receive := func(content string) string {
		return must[Stored](t)(s.Files.Receive(t.Context(), strings.NewReader(content), 100)).Hash
	}
	put := func(content string) string {
		return must[Stored](t)(s.Files.Put(t.Context(), strings.NewReader(content), 100)).Hash
	}
	resource := put("a resource")
	stays := map[string]string{
		"named by an answer":       receive("answered"),
		"here before":              receive("a resource"),
		"kept by a writer since":   receive("a writer's too"),
		"the resource as it stood": resource,
	}
	check(t, s.Files.Keep(stays["named by an answer"], "no hash"))
	put("a writer's too")
	strays := []string{receive("one"), receive("two"), receive("three")}

	if n := must[int](t)(s.Files.Sweep(time.Now().Add(-time.Hour), 10)); n != 0 {
		t.Errorf("%d were swept that may still be answered with", n)
	}
	later := time.Now().Add(time.Hour)
	if n := must[int](t)(s.Files.Sweep(later, 2)); n != 2 {
		t.Errorf("%d were swept of the two that may be at once", n)
	}
	if n := must[int](t)(s.Files.Sweep(later, 2)); n != 1 {
		t.Errorf("%d were left", n)
	}
	for _, hash := range strays {
		if s.Files.Has(hash) {
			t.Errorf("stray %s is still here", hash)
		}
	}
	for what, hash := range stays {
		if !s.Files.Has(hash) {
			t.Errorf("what is %s went", what)
		}
	}
	if again := receive("one"); !s.Files.Has(again) {
		t.Error("a swept file cannot be sent again")
	}
}
