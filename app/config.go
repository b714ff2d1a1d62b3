package app

import (
	"flag"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Config is how one server is told to run. Each setting comes from its flag,
// else from the environment, else from the file, else from its default.
type Config struct {
	File        string // litestream.yml, whose x-app part is ours; "" for none
	Data        string // folder of the databases and files
	Listen      string // HOST:PORT
	Address     string // what people type to come here, for links that leave the server
	BehindProxy bool   // TLS is ended before us, on a network we trust
	Certificate string // PEM file
	Key         string // PEM file of the certificate's private key
	SetupToken  string // secret: opens the first page once, instead of one made at start
	Drain       time.Duration
}

// setting is one value of the configuration, under its three names.
type setting struct {
	name   string // flag --data-folder, variable SELFHELP_DATA_FOLDER, key data-folder
	usage  string
	secret bool // no flag, and SELFHELP_…_FILE may name the file it stands in
	text   func(*Config) *string
	truth  func(*Config) *bool
}

var settings = []setting{
	{name: "data", usage: "`FOLDER` of the databases and files", text: func(c *Config) *string { return &c.Data }},
	{name: "listen", usage: "`HOST:PORT` to answer on", text: func(c *Config) *string { return &c.Listen }},
	{name: "address", usage: "`URL` people type to come here, for links in mails", text: func(c *Config) *string { return &c.Address }},
	{name: "behind-proxy", usage: "a reverse proxy ends TLS before this server, which may then listen on any address", truth: func(c *Config) *bool { return &c.BehindProxy }},
	{name: "tls-cert", usage: "PEM `FILE` of the certificate", text: func(c *Config) *string { return &c.Certificate }},
	{name: "tls-key", usage: "PEM `FILE` of the certificate's private key", text: func(c *Config) *string { return &c.Key }},
	{name: "setup-token", secret: true, text: func(c *Config) *string { return &c.SetupToken }},
}

// variable is the setting's name in the environment.
func (s setting) variable() string {
	return "SELFHELP_" + strings.ToUpper(strings.ReplaceAll(s.name, "-", "_"))
}

func defaultConfig() Config {
	return Config{Data: "./data", Listen: "127.0.0.1:8080", Drain: 10 * time.Second}
}

// configFlags declares the settings a command takes and returns what gathers
// them once the command line is read.
func configFlags(set *flag.FlagSet, names ...string) func(Terminal) (Config, error) {
	typed := map[string]string{}
	standard := defaultConfig()
	set.Func("config", "`FILE` in Litestream's format whose x-app part holds these settings (variable SELFHELP_CONFIG)", keep(typed, "config"))
	for _, s := range settings {
		if s.secret || !listed(names, s.name) {
			continue
		}
		if s.truth != nil {
			set.BoolFunc(s.name, fmt.Sprintf("%s (variable %s)", s.usage, s.variable()), keep(typed, s.name))
			continue
		}
		usage := fmt.Sprintf("%s (variable %s", s.usage, s.variable())
		if v := *s.text(&standard); v != "" {
			usage += ", default " + v
		}
		set.Func(s.name, usage+")", keep(typed, s.name))
	}
	return func(t Terminal) (Config, error) { return gather(t, typed) }
}

func keep(typed map[string]string, name string) func(string) error {
	return func(v string) error { typed[name] = v; return nil }
}

func listed(names []string, name string) bool {
	return len(names) == 0 || slices.Contains(names, name)
}

// gather lays the sources over one another, the strongest last.
func gather(t Terminal, typed map[string]string) (Config, error) {
	c := defaultConfig()
	c.File = typed["config"]
	if v, set := t.Env("SELFHELP_CONFIG"); c.File == "" && set {
		c.File = v
	}
	written, err := readConfigFile(c.File, t.Env)
	if err != nil {
		return Config{}, err
	}
	for _, s := range settings {
		from, err := s.fromEnvironment(t.Env)
		if err != nil {
			return Config{}, err
		}
		for _, source := range []map[string]string{written, from, typed} {
			if v, given := source[s.name]; given {
				if err := s.set(&c, v); err != nil {
					return Config{}, err
				}
			}
		}
	}
	return c, nil
}

func (s setting) set(c *Config, value string) error {
	if s.text != nil {
		*s.text(c) = value
		return nil
	}
	truth, err := strconv.ParseBool(value)
	if err != nil {
		return misused("%s is true or false, not %q", s.name, value)
	}
	*s.truth(c) = truth
	return nil
}

// fromEnvironment reads the setting's variable; a secret may stand in a file
// that a second variable names, as container platforms hand them out.
func (s setting) fromEnvironment(env func(string) (string, bool)) (map[string]string, error) {
	value, given := env(s.variable())
	if s.secret && !given {
		name, named := env(s.variable() + "_FILE")
		if !named {
			return nil, nil
		}
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read the file named by %s_FILE: %w", s.variable(), err)
		}
		value, given = strings.TrimSpace(string(b)), true
	}
	if !given {
		return nil, nil
	}
	return map[string]string{s.name: value}, nil
}

// check refuses settings that contradict one another, and answering strangers
// in clear.
func (c Config) check() error {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return misused("--listen takes HOST:PORT, not %q", c.Listen)
	}
	if (c.Certificate == "") != (c.Key == "") {
		return misused("--tls-cert and --tls-key go together")
	}
	if c.Certificate == "" && !c.BehindProxy && !loopback(host) {
		return misused(`%s is reachable from other machines, and without TLS passwords would travel in clear.
  Give --tls-cert and --tls-key; or --behind-proxy when a reverse proxy ends TLS
  before this server; or listen on 127.0.0.1`, c.Listen)
	}
	return nil
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
