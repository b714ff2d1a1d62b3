package login

import (
	"crypto/sha1"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"selfhelp/app/fault"
)

func TestEasyPasswords(t *testing.T) {
	for _, password := range []string{
		"azertyuiop", "poiuytreza", "qwertyuiop123", "1234567890", "0987654321", "1qaz2wsx3edc", "abcdefghij", "Azerty123456!",
		"motdepasse", "Motdepasse1", "MotDePasse2026!", "P@ssw0rd2026", "p4$$w0rd!!", "Bienvenue2026", "bonjour bonjour", "chatchatchat",
		"Soleil2024!?", "été été été été", "selfhelp2026", "Self Help 2026", "camille1985", "Camille.Moreau.2026", "moreau-camille", "a1a1a1a1a1a1a1", "xK9%xK9%xK9%",
		"password" + strings.Repeat("!", 1000), "admin@example",
	} {
		if err := (Rule{}).Check(password, "camille.moreau@example.org"); fault.FieldsOf(err)["password"] != "fault.password.easy" {
			t.Errorf("%q: %v", password, err)
		}
	}
	for _, password := range []string{
		"a good long password", "soleil-de-novembre", "quinze petits chats gris", "correct horse é", "éèàùçœ1234", "Tr0ub4dor&3x", "x7!Qm2#pLw",
		"le chien de camille dort", "日本語のパスワードです", "vélo bleu rapide", "deux cents lampes au plafond",
	} {
		if err := (Rule{}).Check(password, "camille.moreau@example.org"); err != nil {
			t.Errorf("%q: %v", password, err)
		}
	}
}

func TestEasyIsQuick(t *testing.T) {
	if took := cost(func() { isEasy(strings.Repeat("ab", Longest/2), strings.Repeat("ab.", 100)) }); took > time.Second {
		t.Errorf("it takes %v", took)
	}
}

// listed writes a list and opens it.
func listed(t *testing.T, content string) (*Breached, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "list.txt")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	b, err := OpenBreached(path)
	if err == nil {
		t.Cleanup(func() { b.Close() })
	}
	return b, err
}

func hashLines(n int) []string {
	var lines []string
	for i := range n {
		lines = append(lines, fmt.Sprintf("%X:%d", sha1.Sum(fmt.Appendf(nil, "password %d", i)), i*i*i))
	}
	slices.Sort(lines)
	return lines
}

func TestListsOfHashes(t *testing.T) {
	lines := hashLines(1000)
	text := strings.Join(lines, "\n")
	var bare []string
	for _, l := range lines {
		bare = append(bare, l[:40])
	}
	for name, content := range map[string]string{
		"as downloaded": text + "\n", "without the last end": text, "of Windows": strings.ReplaceAll(text, "\n", "\r\n") + "\r\n",
		"small letters": strings.ToLower(text), "without counts": strings.Join(bare, "\n"), "three lines": strings.Join(lines[:3], "\n"), "one line": lines[0],
	} {
		b, err := listed(t, content)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		has := map[string]bool{}
		for l := range strings.FieldsSeq(content) {
			has[strings.ToUpper(l[:40])] = true
		}
		for i := range 1100 { // the last ones are in no list
			password := fmt.Sprintf("password %d", i)
			want := has[fmt.Sprintf("%X", sha1.Sum([]byte(password)))]
			if found, err := b.Has(password); found != want || err != nil {
				t.Errorf("%s: %s is %v, %v", name, password, found, err)
			}
		}
	}
}

func TestListsOfPasswords(t *testing.T) {
	b, err := listed(t, "trombone à coulisse\r\nagrafeuse géante\n\nréverbère\n")
	if err != nil {
		t.Fatal(err)
	}
	for password, want := range map[string]bool{"trombone à coulisse": true, "agrafeuse ge\u0301ante": true, "réverbère": true, "Réverbère": false, "": false, "other": false} {
		if found, err := b.Has(password); found != want || err != nil {
			t.Errorf("%q is %v, %v", password, found, err)
		}
	}
	for password, key := range map[string]string{"agrafeuse géante": "fault.password.known", "motdepasse": "fault.password.easy", "a good long password": ""} {
		if got := fault.FieldsOf(Rule{Breached: b}.Check(password, "camille"))["password"]; got != key {
			t.Errorf("%q: %q", password, got)
		}
	}
	var none *Breached
	if found, err := none.Has("anything"); found || err != nil || (Rule{Breached: none}).Check("a good long password", "camille") != nil || none.Close() != nil {
		t.Errorf("no list has it: %v", err)
	}
	if empty, err := listed(t, ""); err != nil || (Rule{Breached: empty}).Check("a good long password", "camille") != nil {
		t.Errorf("an empty list: %v", err)
	}
}

func TestWrongLists(t *testing.T) {
	lines := hashLines(2000)
	backwards := slices.Clone(lines)
	slices.Reverse(backwards)
	broken := slices.Clone(lines)
	broken[1000] = strings.Repeat("not a hash ", 5000)
	for name, c := range map[string]struct {
		content string
		want    error
	}{
		"backwards": {strings.Join(backwards, "\n"), ErrListUnsorted}, "broken": {strings.Join(broken, "\n"), ErrListFormat},
		"binary": {"a\x00b\n", ErrListFormat}, "one endless line": {strings.Repeat("x", 1<<17), ErrListFormat},
	} {
		if _, err := listed(t, c.content); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	path := filepath.Join(t.TempDir(), "large.txt")
	if err := errors.Join(os.WriteFile(path, []byte("password\n"), 0o600), os.Truncate(path, maxPlain+1)); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenBreached(path); !errors.Is(err, ErrListTooLarge) {
		t.Errorf("large: %v", err)
	}
	if _, err := OpenBreached(path + ".none"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("none: %v", err)
	}
	swapped := slices.Clone(lines) // in a place where nobody looks at the start
	swapped[998], swapped[1001] = swapped[1001], swapped[998]
	b, err := listed(t, strings.Join(swapped, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	unsorted := 0
	for i := range 2000 {
		if _, err := b.Has(fmt.Sprintf("password %d", i)); errors.Is(err, ErrListUnsorted) {
			unsorted++
		}
	}
	b.Close()
	if _, err := b.Has("x"); err == nil || unsorted == 0 {
		t.Errorf("a closed list: %v; %d times unsorted", err, unsorted)
	}
}

// FuzzBreached holds that a list is refused by name or says of a password what
// somebody would who reads it line by line.
func FuzzBreached(f *testing.F) {
	lines := hashLines(40)
	f.Add(strings.Join(lines, "\n"), "password 3")
	f.Add(strings.ToLower(strings.Join(lines, "\r\n"))+"\r\n", "password 39")
	f.Add(strings.Join(lines[:2], "\n"), "nothing of the kind")
	f.Add(lines[5]+"\n"+lines[1], "password 1")
	f.Add("soleil\nété\r\n\nazerty", "e\u0301te\u0301")
	f.Add(lines[0]+"\nnot a hash\n", "not a hash")
	f.Add("\x00", "x")
	f.Add("\n", "")
	path := filepath.Join(f.TempDir(), "list.txt")
	f.Fuzz(func(t *testing.T, content, password string) {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		known := func(err error) bool {
			return errors.Is(err, ErrListFormat) || errors.Is(err, ErrListUnsorted) || errors.Is(err, ErrListTooLarge)
		}
		b, err := OpenBreached(path)
		if err != nil {
			if !known(err) {
				t.Fatal(err)
			}
			return
		}
		defer b.Close()
		got, err := b.Has(password)
		if err != nil {
			if !known(err) {
				t.Fatal(err)
			}
			return
		}
		if b.plain == nil && !isWhole(content) {
			return // what a look at some places does not find
		}
		if want := isListed(content, password, b.plain != nil); got != want {
			t.Errorf("%q in %q: %v, want %v", password, content, got, want)
		}
	})
}

// isWhole reports whether every line is a hash, in order.
func isWhole(content string) bool {
	before := ""
	for line := range strings.SplitSeq(strings.TrimSuffix(content, "\n"), "\n") {
		hash, err := hashOf([]byte(line))
		if err != nil || hash < before || len(line) > maxLine {
			return false
		}
		before = hash
	}
	return true
}

// isListed reads a list line by line.
func isListed(content, password string, plain bool) bool {
	sum := fmt.Sprintf("%X", sha1.Sum([]byte(norm.NFC.String(password))))
	for line := range strings.SplitSeq(content, "\n") {
		line = strings.TrimSuffix(line, "\r")
		if plain && line != "" && norm.NFC.String(line) == norm.NFC.String(password) || !plain && strings.EqualFold(line[:min(len(line), hexSize)], sum) {
			return true
		}
	}
	return false
}
