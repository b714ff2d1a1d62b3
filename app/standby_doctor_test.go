package app

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"selfhelp/app/config"
	"selfhelp/app/doctor"
)

// TestTheDoctorOfASecondSite looks at a site that waits: before anything came, while the
// first one copies, and once that is silent.
func TestTheDoctorOfASecondSite(t *testing.T) {
	t.Parallel()
	sites := newTwoSites(t)
	if err := os.MkdirAll(sites.b, 0o700); err != nil {
		t.Fatal(err)
	}
	says := func(want map[string]doctor.Verdict) {
		t.Helper()
		var missing []string
		var checks []doctor.Line
		for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(200 * time.Millisecond) { // the standby looks through what came
			var out, errs said
			sites.command(t.Context(), &out, &errs, "doctor", "--json", "--listen", sites.listen)
			var found struct{ Checks []doctor.Line }
			if err := json.Unmarshal([]byte(out.String()), &found); err != nil {
				t.Fatalf("%v: %s%s", err, out.String(), errs.String())
			}
			missing, checks = nil, found.Checks
			for line, verdict := range want {
				check, says, _ := strings.Cut(line, ": ")
				is := false
				for _, l := range found.Checks {
					is = is || l.Check == check && l.Verdict == verdict && strings.Contains(l.Found, says) && (l.Mend == "") == (verdict == doctor.OK)
				}
				if !is {
					missing = append(missing, line)
				}
			}
			if len(missing) == 0 || time.Now().After(deadline) {
				break
			}
		}
		if len(missing) > 0 {
			t.Errorf("no %q in %+v", missing, checks)
		}
		for _, l := range checks {
			if l.Check == "content.db" || l.Check == "replica" || l.Check == "backups" {
				t.Errorf("%+v is no business of a site that waits", l)
			}
		}
	}
	says(map[string]doctor.Verdict{
		"keys: not there, or empty": doctor.Wrong, "receiving: into": doctor.OK, "first site: nothing has come": doctor.Warning, "verified restore: nothing answers": doctor.Warning, "port: is free": doctor.OK,
	})

	a, end := started(t, sites.config("a"))
	keys := filepath.Join(sites.b, "keys")
	carry := func(from *Server) {
		t.Helper()
		out, err := exec.Command("cp", "-a", filepath.Join(from.config.Data, "keys"), sites.b).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	carry(a)
	stop := sites.stands(t)
	a.replicator.Look(t.Context())
	stop() // it looks through what came when it starts
	stop = sites.stands(t)
	says(map[string]doctor.Verdict{
		"keys: closed to others": doctor.OK, "first site: e0001-lyon was heard": doctor.OK, "verified restore: e0001-lyon was restored": doctor.OK, "port: answers on": doctor.OK,
	})

	other, endOther := started(t, config.Config{})
	if err := os.RemoveAll(keys); err != nil {
		t.Fatal(err)
	}
	carry(other)
	says(map[string]doctor.Verdict{"keys: not those of what came": doctor.Wrong})
	if err := errors.Join(endOther(), end()); err != nil {
		t.Fatal(err)
	}
	says(map[string]doctor.Verdict{"first site: e0001-lyon stopped, and said so": doctor.Warning})
	stop()
	sites.env["SELFHELP_RECEIVE_PASSWORD"] = "short"
	says(map[string]doctor.Verdict{"receiving: 16 characters": doctor.Wrong})
}
