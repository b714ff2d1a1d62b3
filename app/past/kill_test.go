package past_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"selfhelp/app/past"
	"selfhelp/store"
	"selfhelp/store/replica"
)

// killed is what the process that is killed goes by: the data folder and the folder
// of backups.
const killed = "SELFHELP_TEST_PAST"

// hang opens a moment and stays until it is killed.
func hang(line string) {
	dir, backups, _ := strings.Cut(line, "|")
	s := past.Sources{Place: replica.Place{Dir: dir}, Backups: backups, Now: time.Now, Log: quiet}
	_, err := s.Open(context.Background(), time.Now(), func(string) {})
	fmt.Println("open", err)
	select {}
}

// TestAKillWhileItIsOpen leaves the scratch folder; the next start takes it away, and
// what is there is what was there.
func TestAKillWhileItIsOpen(t *testing.T) {
	s := aServer(t).backed()
	office := s.office()
	s.backUp()
	self := must[string](t)(os.Executable())
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), killed+"="+s.dir+"|"+s.Backups)
	out, err := cmd.StdoutPipe()
	check(t, err)
	check(t, cmd.Start())
	lines := bufio.NewScanner(out)
	if !lines.Scan() || lines.Text() != "open <nil>" {
		t.Errorf("the process said %q", lines.Text())
	}
	if n, err := s.Place.Sweep(); n != 0 || err != nil {
		t.Errorf("swept while it works: %d %v", n, err)
	}
	check(t, cmd.Process.Kill())
	_ = cmd.Wait()
	if left := must[[]string](t)(filepath.Glob(filepath.Join(s.dir, ".restore-*"))); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
	if n, err := s.Place.Sweep(); n != 1 || err != nil {
		t.Errorf("swept: %d %v", n, err)
	}
	s.nothingLeft()
	if all := must[[]store.Project](t)(s.store.Content.Projects(t.Context(), "sandbox")); len(all) != 1 || all[0].ID != office.ID {
		t.Errorf("projects: %+v", all)
	}
}
