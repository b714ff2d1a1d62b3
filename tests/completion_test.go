package tests

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestCompletion lets each shell read what completes a line for it, and those that can
// be asked without a terminal complete one.
func TestCompletion(t *testing.T) {
	for shell, do := range map[string][]string{
		"bash": {"-c", `source "$0"; COMP_WORDS=(selfhelp restor); COMP_CWORD=1; _selfhelp; echo "${COMPREPLY[@]}"; COMP_WORDS=(selfhelp restore --dry-); COMP_CWORD=2; _selfhelp; echo "${COMPREPLY[@]}"`},
		"fish": {"-c", `source $argv[1]; complete -C "selfhelp restor"; complete -C "selfhelp restore --dry-"`},
		"zsh":  {"-n"},
	} {
		t.Run(shell, func(t *testing.T) {
			needs(t, shell)
			script, err := exec.Command(binary(), "completion", shell).Output()
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(t.TempDir(), "completion")
			if err := os.WriteFile(file, script, 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(shell, append(do, file)...)
			cmd.Env = append(os.Environ(), "HOME="+t.TempDir())
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if says := string(out); shell != "zsh" && (!strings.Contains(says, "restore") || !strings.Contains(says, "--dry-run")) || shell == "zsh" && says != "" {
				t.Errorf("it says %q", says)
			}
		})
	}
}
