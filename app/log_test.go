package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"selfhelp/app/config"
)

// TestLogAsJSON: each line is one object with few keys, whoever says it.
func TestLogAsJSON(t *testing.T) {
	var out bytes.Buffer
	log := newLog(config.Config{LogFormat: "json", LogLevel: "warn"}, &out)
	log.Info("nothing")
	log.With("database", "content.db", "txid", 7).WithGroup("g").Warn("odd", "error", errors.New("why"), "took", time.Second, "l0", 3)
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatalf("%v: %s", err, out.String())
	}
	delete(line, "time")
	want := map[string]any{"level": "WARN", "msg": "odd", "err": "why", "took": "1s", "database": "content.db", "detail": "txid=7 l0=3"}
	if len(line) != len(want) {
		t.Errorf("%v", line)
	}
	for key, value := range want {
		if line[key] != value {
			t.Errorf("%s is %v", key, line[key])
		}
	}
	for _, c := range []config.Config{{LogFormat: "xml"}, {LogLevel: "loud"}} {
		c.Listen = "127.0.0.1:0"
		if c.Check() == nil {
			t.Errorf("%+v is taken", c)
		}
	}
}

var (
	logCall = regexp.MustCompile(`(?i)\blog\.(?:Info|Warn|Error|Debug|LogAttrs)(?:Context)?\((.*)\)$`)
	logKey  = regexp.MustCompile(`, "([A-Za-z_]+)", |slog\.[A-Z][A-Za-z0-9]*\("([A-Za-z_]+)"`)
)

// TestLogKeys: what we say ourselves has a key of the list, and no key of it is for
// what must not be in a log.
func TestLogKeys(t *testing.T) {
	used := map[string]bool{}
	for _, root := range []string{".", "../store"} {
		err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				return err
			}
			content, err := os.ReadFile(name)
			for line := range strings.Lines(string(content)) {
				call := logCall.FindStringSubmatch(strings.TrimSpace(line))
				if call == nil {
					continue
				}
				for _, found := range logKey.FindAllStringSubmatch(call[1], -1) {
					key := found[1] + found[2]
					used[key] = true
					if key != "error" && !slices.Contains(logKeys, key) {
						t.Errorf("%s: the key %q is not in the list", name, key)
					}
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(used) < 20 {
		t.Errorf("only %d keys were found", len(used))
	}
	for _, key := range logKeys {
		for _, secret := range []string{"body", "answer", "cookie", "password", "secret", "token", "authorization", "query"} {
			if strings.Contains(key, secret) {
				t.Errorf("the list has %q", key)
			}
		}
	}
}
