package tests

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// standard are the sections of ASVS 5.0.0 in chapters V6 to V10: a digit for each
// requirement, in order, its level. Those of level 3 are not ours to hold.
var standard = map[string]string{
	"6.1": "122", "6.2": "111111112222", "6.3": "11223333", "6.4": "112233", "6.5": "22222333", "6.6": "2223", "6.7": "33", "6.8": "2222",
	"7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "223", "7.6": "22",
	"8.1": "1233", "8.2": "1123", "8.3": "133", "8.4": "23",
	"9.1": "111", "9.2": "1222",
	"10.1": "22", "10.2": "223", "10.3": "22223", "10.4": "1111122222233333", "10.5": "22222", "10.6": "22", "10.7": "222",
}

var (
	ruleLink = regexp.MustCompile(`see: \[rules\]\(rules\.md#([a-z0-9-]+)\)`)
	heading  = regexp.MustCompile(`(?m)^## (.+)$`)
)

// TestVerificationStandard holds the page of the standard to be whole, and to name
// what is there.
func TestVerificationStandard(t *testing.T) {
	want := map[string]string{}
	for section, levels := range standard {
		for i, level := range levels {
			if level != '3' {
				want[section+"."+strconv.Itoa(i+1)] = string(level)
			}
		}
	}
	tests, anchors := testsByFolder(t), anchorsOf(t, "rules.md")
	for _, row := range table(t, "asvs.md", 4) {
		number, level, short, held := row[0], row[1], row[2], row[3]
		if want[number] != level || short == "" {
			t.Errorf("%s of level %s stands twice, has another level, is no requirement, or says nothing", number, level)
		}
		delete(want, number)
		gone, count := missing(tests, held)
		for _, test := range gone {
			t.Errorf("%s: there is no test %s", number, test)
		}
		for _, link := range ruleLink.FindAllStringSubmatch(held, -1) {
			if count++; !anchors[link[1]] {
				t.Errorf("%s: rules.md has no section %s", number, link[1])
			}
		}
		if count == 0 && !strings.HasPrefix(held, "not for us: ") && !strings.HasPrefix(held, "not met: ") {
			t.Errorf("%s: neither a test, a rule nor a reason", number)
		}
	}
	for number := range want {
		t.Errorf("%s is not on the page", number)
	}
}

// anchorsOf are the sections of a page, as links name them.
func anchorsOf(t *testing.T, name string) map[string]bool {
	t.Helper()
	page, err := os.ReadFile(filepath.Join("hostile", name))
	if err != nil {
		t.Fatal(err)
	}
	anchors := map[string]bool{}
	for _, found := range heading.FindAllStringSubmatch(string(page), -1) {
		words := strings.NewReplacer(",", "", " ", "-").Replace(strings.ToLower(found[1]))
		anchors[words] = true
	}
	return anchors
}

// TestEveryWayInIsWritten: a route by which somebody comes in stands in the list of
// the ways in.
func TestEveryWayInIsWritten(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("hostile", "rules.md"))
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, row := range table(t, "routes.md", 15) {
		_, path, _ := strings.Cut(strings.Trim(row[0], "`"), " ")
		for _, way := range []string{"/login", "/setup", "/forgotten", "/reset"} {
			if path != way && !strings.HasPrefix(path, way+"/") {
				continue
			}
			seen++
			if way == "/login" { // its ways are told apart by what comes behind
				way = strings.Join(strings.Split(path, "/")[:min(strings.Count(path, "/")+1, 3)], "/")
			}
			if !strings.Contains(string(page), "`"+way+"`") {
				t.Errorf("%s is no way in that rules.md knows", path)
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d routes lead in", seen)
	}
}
