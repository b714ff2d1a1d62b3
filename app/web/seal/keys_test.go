package seal

import (
	"slices"
	"strings"
	"testing"
	"time"

	"selfhelp/store"
	"selfhelp/store/storetest"
)

func someKeys(letters ...string) (k Keys) {
	for _, letter := range letters {
		k.Visitors = append(k.Visitors, []byte(strings.Repeat(letter, 32)))
	}
	return k
}

// TestKeysFollowEachOther: what was signed and sealed by a key opens as long as that
// is one of them, for its purpose only.
func TestKeysFollowEachOther(t *testing.T) {
	before, both, after := someKeys("a"), someKeys("b", "a"), someKeys("b")
	signed, mark, sealed := before.Sign("pass", "x|y"), before.Mark("owner", "ada"), before.Seal("ticket", "one", []byte("secret"))
	for name, one := range map[string]struct {
		keys  Keys
		opens bool
	}{"with the key of before": {before, true}, "with both": {both, true}, "without it": {after, false}} {
		value, ok := one.keys.Verify("pass", signed)
		plain, opened := one.keys.Open("ticket", "one", sealed)
		if ok != one.opens || opened != one.opens || one.keys.IsMark("owner", "ada", mark) != one.opens {
			t.Errorf("%s: verified %t, opened %t, known %t", name, ok, opened, one.keys.IsMark("owner", "ada", mark))
		}
		if one.opens && (value != "x|y" || string(plain) != "secret") {
			t.Errorf("%s: got %q, %q", name, value, plain)
		}
	}
	if _, ok := after.Verify("pass", both.Sign("pass", "x")); !ok || !slices.Contains(both.Marks("owner", "ada"), mark) || both.Mark("owner", "ada") == mark {
		t.Error("the first key does not sign")
	}
	for name, opened := range map[string]bool{
		"another purpose": second(both.Open("pass", "one", sealed)), "bound to another": second(both.Open("ticket", "two", sealed)),
		"cut short": second(both.Open("ticket", "one", sealed[:len(sealed)-4])), "nothing": second(both.Open("ticket", "one", "")),
	} {
		if opened {
			t.Errorf("%s: it was opened", name)
		}
	}
}

func second(_ []byte, ok bool) bool { return ok }

// TestKeysOfAStoreInUse: between two servers one of which was given a new key first,
// nothing is shown that the other cannot open.
func TestKeysOfAStoreInUse(t *testing.T) {
	st, err := store.Open(t.Context(), storetest.Folder(t, func(dir string) (*store.Store, error) { return store.Open(t.Context(), dir, store.Options{}) }), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	now := time.Now().Add(48 * time.Hour)
	old := KeysOf(st.Keys, now)
	if _, err := st.Keys.Rotate(now); err != nil {
		t.Fatal(err)
	}
	if _, ok := old.Verify("pass", KeysOf(st.Keys, now).Sign("pass", "x")); !ok {
		t.Error("a server signs by a key that the others do not have yet")
	}
	if _, ok := KeysOf(st.Keys, now.Add(2*time.Hour)).Verify("pass", old.Sign("pass", "x")); !ok {
		t.Error("what was signed before opens no more")
	}
}
