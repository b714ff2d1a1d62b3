package config

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// configured reads a configuration from an environment and a command line.
func configured(env map[string]string, args ...string) (Config, error) {
	set := flag.NewFlagSet("test", flag.ContinueOnError)
	config := Flags(set)
	if err := set.Parse(args); err != nil {
		return Config{}, err
	}
	c, err := config(func(name string) (string, bool) { v, given := env[name]; return v, given })
	if err != nil {
		return c, err
	}
	return c, c.Check()
}

func TestConfigSources(t *testing.T) {
	file := filepath.Join(t.TempDir(), "litestream.yml")
	content := "x-app: {listen: '127.0.0.1:1', data: '${HOME}/file', replication: external, address: 'https://file.example'}\ndbs: [{path: x}]\n"
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"SELFHELP_CONFIG": file, "HOME": "/home/ada", "SELFHELP_LISTEN": "127.0.0.1:2", "SELFHELP_DATA": "/env"}
	c, err := configured(env, "--listen", "127.0.0.1:3")
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != "127.0.0.1:3" || c.Data != "/env" || c.Address != "https://file.example" {
		t.Errorf("got %+v", c)
	}
	delete(env, "SELFHELP_DATA")
	if c, err := configured(env); err != nil || c.Data != "/home/ada/file" || c.Listen != "127.0.0.1:2" {
		t.Errorf("got %+v, %v", c, err)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if c, err := configured(nil); err != nil || c.Data != filepath.Join(here, "data") || c.Listen != "127.0.0.1:8080" {
		t.Errorf("by default %+v, %v", c, err)
	}
	// Folders are named from the root, wherever they are used later.
	if c, err := configured(nil, "--data", "d", "--backup", "b/", "--receive", "../r"); err != nil || c.Data != filepath.Join(here, "d") || c.Backup != filepath.Join(here, "b") || c.Receive != filepath.Join(filepath.Dir(here), "r") {
		t.Errorf("relative folders: %+v, %v", c, err)
	}
}

func TestConfigRefusals(t *testing.T) {
	for listen, open := range map[string]bool{
		"127.0.0.1:1": true, "[::1]:1": true, "localhost:1": true, "127.9.9.9:1": true,
		"0.0.0.0:1": false, ":1": false, "[::]:1": false, "192.168.1.4:1": false, "help.example:1": false, "127.0.0.1.nip.io:1": false,
	} {
		_, err := configured(nil, "--listen", listen)
		if _, usage := errors.AsType[Wrong](err); (err == nil) != open || err != nil && !usage {
			t.Errorf("%s: %v", listen, err)
		}
		if _, err := configured(nil, "--listen", listen, "--behind-proxy", "10.0.0.0/8, 192.168.1.7/32"); err != nil {
			t.Errorf("%s behind a proxy: %v", listen, err)
		}
	}
	for _, args := range [][]string{
		{"--listen", "8080"}, {"--tls-key", "k"}, {"--behind-proxy", "10.0.0.1"}, {"--behind-proxy", "yes"}, {"--address", "help.example"},
		{"--role", "slave"}, {"--scan", "no-such-scanner -"}, {"--time-zone", "Paris"},
		{"--backup-copy", "sftp://me@host/x"}, {"--backup", "/b", "--backup-copy", "ftp://me@host/x"}, {"--backup", "/b", "--backup-copy", "sftp://me@host/x"},
		{"--backup", "/b", "--backup-copy", "FTP://me@host/x"}, {"--backup", "/b", "--backup-copy-ca", "ca.pem"}, {"--backup", "/b", "--backup-copy", "ftps://me@host/x", "--backup-copy-key", "k"},
	} {
		if _, err := configured(nil, args...); err == nil {
			t.Errorf("%v was taken", args)
		}
	}
}

func TestSecretsFromFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("  two words \n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"X_FILE": file, "Y_FILE": file + ".missing"}
	lookup := func(name string) (string, bool) { v, given := env[name]; return v, given }
	if v, given, err := Secret(lookup, "X"); v != "  two words " || !given || err != nil {
		t.Errorf("got %q, %v, %v", v, given, err)
	}
	if _, _, err := Secret(lookup, "Y"); err == nil || !strings.Contains(err.Error(), "Y_FILE") {
		t.Errorf("a missing file: %v", err)
	}
	if _, given, err := Secret(lookup, "Z"); given || err != nil {
		t.Errorf("nothing given: %v, %v", given, err)
	}
	env["X"] = ""
	if v, given, _ := Secret(lookup, "X"); v != "" || !given {
		t.Error("an empty variable is not the file's")
	}
}

// TestFilesWithoutEnd names files that are something else.
func TestFilesWithoutEnd(t *testing.T) {
	long := filepath.Join(t.TempDir(), "long")
	if err := os.WriteFile(long, []byte(strings.Repeat("x", 2<<20)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := configured(nil, "--config", long); err == nil || !strings.Contains(err.Error(), "another file") {
		t.Errorf("as settings: %v", err)
	}
	env := func(name string) (string, bool) { return long, name == "SECRET_FILE" }
	if _, _, err := Secret(env, "SECRET"); err == nil || !strings.Contains(err.Error(), "another file") {
		t.Errorf("as a secret: %v", err)
	}
	for _, name := range []string{"", " "} {
		if _, err := configured(nil, "--data", name); err == nil {
			t.Errorf("%q is a folder", name)
		}
	}
}
