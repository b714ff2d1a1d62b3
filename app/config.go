package app

import (
	"flag"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
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
	BehindProxy string // networks of the proxies that end TLS before us, or "private"
	Certificate string // PEM file
	Key         string // PEM file of the certificate's private key
	Drain       time.Duration
}

// setting is one value of the configuration, under its three names.
type setting struct {
	name  string // flag --tls-cert, variable SELFHELP_TLS_CERT, key tls-cert
	usage string
	value func(*Config) *string
}

var settings = []setting{
	{"data", "`FOLDER` of the databases and files", func(c *Config) *string { return &c.Data }},
	{"listen", "`HOST:PORT` to answer on", func(c *Config) *string { return &c.Listen }},
	{"address", "`URL` people type to come here, when it is not that of --listen", func(c *Config) *string { return &c.Address }},
	{"behind-proxy", "`NETWORKS` of the reverse proxies that end TLS before this server, like 10.0.0.0/8, or the word private; what they say of visitors is believed, and any address may be listened on", func(c *Config) *string { return &c.BehindProxy }},
	{"tls-cert", "PEM `FILE` of the certificate", func(c *Config) *string { return &c.Certificate }},
	{"tls-key", "PEM `FILE` of the certificate's private key", func(c *Config) *string { return &c.Key }},
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
		if !listed(names, s.name) {
			continue
		}
		usage := fmt.Sprintf("%s (variable %s", s.usage, s.variable())
		if v := *s.value(&standard); v != "" {
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
		for _, source := range []map[string]string{written, fromEnvironment(t.Env, s), typed} {
			if v, given := source[s.name]; given {
				*s.value(&c) = v
			}
		}
	}
	return c, nil
}

func fromEnvironment(env func(string) (string, bool), s setting) map[string]string {
	if v, given := env(s.variable()); given {
		return map[string]string{s.name: v}
	}
	return nil
}

// secret reads a secret from a variable, or from the file that the variable of
// the same name with _FILE names, as container platforms hand them out.
func secret(env func(string) (string, bool), variable string) (string, bool, error) {
	if v, given := env(variable); given {
		return v, true, nil
	}
	name, given := env(variable + "_FILE")
	if !given {
		return "", false, nil
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return "", false, fmt.Errorf("read the file named by %s_FILE: %w", variable, err)
	}
	return strings.TrimRight(string(b), "\r\n"), true, nil
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
	if c.Certificate == "" && c.BehindProxy == "" && !loopback(host) {
		return misused(`%s is reachable from other machines, and without TLS passwords would travel in clear.
  Give --tls-cert and --tls-key; or --behind-proxy NETWORKS when a reverse proxy
  ends TLS before this server; or listen on 127.0.0.1`, c.Listen)
	}
	if _, err := c.proxies(); err != nil {
		return err
	}
	if c.Address != "" && !strings.HasPrefix(c.Address, "http://") && !strings.HasPrefix(c.Address, "https://") {
		return misused("--address takes a URL like https://help.example.org, not %q", c.Address)
	}
	return nil
}

// privateNetworks are those that no stranger can send from.
var privateNetworks = []string{"127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"}

// proxies are the networks whose word about visitors is believed.
func (c Config) proxies() ([]string, error) {
	switch c.BehindProxy {
	case "":
		return nil, nil
	case "private":
		return privateNetworks, nil
	}
	networks := strings.FieldsFunc(c.BehindProxy, func(r rune) bool { return r == ',' || r == ' ' })
	for _, n := range networks {
		if _, err := netip.ParsePrefix(n); err != nil {
			return nil, misused("--behind-proxy takes networks like 10.0.0.0/8, or private, not %q", n)
		}
	}
	return networks, nil
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
