// Package config knows the settings of a server and where each may come from: a
// flag, the environment, the x-app part of litestream.yml, its default. It
// refuses settings that make no sense or would let passwords travel in clear,
// and refuses to know what the settings are used for.
//
// Its main names are Config, Flags and Secret.
package config

import (
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // machines without a list of time zones know them too
)

// Config is how one server is told to run. Each setting comes from its flag,
// else from the environment, else from the file, else from its default.
type Config struct {
	File          string        // litestream.yml, whose x-app part is ours; "" for none
	Data          string        // folder of the databases and files
	Listen        string        // HOST:PORT
	Role          string        // all, edition or presentation
	Address       string        // what people type to come here, for links that leave the server
	BehindProxy   string        // networks of the proxies that end TLS before us, or "private"
	Certificate   string        // PEM file
	Key           string        // PEM file of the certificate's private key
	ACME          string        // names, apart by commas, that certificates are made for; "" for none
	ACMEEmail     string        // whom the ACME server writes to
	ACMEDirectory string        // address of the ACME server; "" for that of Let's Encrypt
	ACMECA        string        // PEM file of whom to believe there; "" for whom this machine believes
	TimeZone      string        // of the dates and hours people read, like Europe/Paris; "" for this machine's
	Breached      string        // file of passwords that became known elsewhere; "" for none
	Scan          string        // program that looks at each file people send, with its arguments
	Replication   string        // embedded: File is the replicator's too; external; off
	Site          string        // of this server, as its epochs are named
	Receive       string        // folder for the replicas of another site; "" for none
	ReceiveUser   string        // whom they come from
	Backup        string        // folder of backups, on another volume; "" for none
	BackupAge     string        // file of the public keys that backups are encrypted to; "" for none
	BackupCopy    string        // where a full backup is given to each month, like sftp://USER@HOST/FOLDER; "" for nowhere
	BackupKey     string        // SFTP: file of the private key that opens it
	BackupHostKey string        // SFTP: the public key of the server
	BackupCA      string        // FTPS: PEM file of whom to believe; "" for whom this machine believes
	New           bool          // not a setting: there may be neither databases nor a replica of them
	Demo          bool          // not a setting: the gallery of pages is shown
	Environment   Environment   // where it was looked up
	Metrics       string        // HOST:PORT of the figures for Prometheus; "" for none
	MetricsPublic string        // yes: Metrics may be any address
	LogFormat     string        // text or json
	LogLevel      string        // from which the log tells
	Drain         string        // how long requests are still taken once the server is told to stop, like 5s; "" for what suits
	Finish        time.Duration // how long what has begun may take after that
	Patience      time.Duration // not a setting: how long other servers and the second site are waited for; 0: as long as people would
}

// What copies the databases to a second site.
const (
	Embedded = "embedded" // this program
	External = "external" // the official litestream beside it
	Off      = "off"      // nobody
)

// What a server of a platform does.
const (
	Everything   = "all"          // one server: both of what follows
	Edition      = "edition"      // things are written and tried, and published to presentation servers
	Presentation = "presentation" // people run what is published
)

// Environment looks a variable up, as os.LookupEnv does.
type Environment func(name string) (value string, given bool)

// Wrong is a setting that makes no sense.
type Wrong struct{ text string }

// Error says which and why.
func (w Wrong) Error() string { return w.text }

func wrong(format string, args ...any) error { return Wrong{fmt.Sprintf(format, args...)} }

// setting is one value of the configuration, under its three names.
type setting struct {
	name  string // flag --tls-cert, variable SELFHELP_TLS_CERT, key tls-cert
	usage string
	value func(*Config) *string
}

var settings = []setting{
	{"data", "`FOLDER` of the databases and files", func(c *Config) *string { return &c.Data }},
	{"listen", "`HOST:PORT` to answer on", func(c *Config) *string { return &c.Listen }},
	{"role", "`ROLE` of this server: all; edition, where things are written and tried, and published to presentation servers; presentation, where people run what an edition server publishes", func(c *Config) *string { return &c.Role }},
	{"address", "`URL` people type to come here, when it is not that of --listen", func(c *Config) *string { return &c.Address }},
	{"behind-proxy", "`NETWORKS` of the reverse proxies that end TLS before this server, like 10.0.0.0/8, or the word private; what they say of visitors is believed, and any address may be listened on", func(c *Config) *string { return &c.BehindProxy }},
	{"tls-cert", "PEM `FILE` of the certificate", func(c *Config) *string { return &c.Certificate }},
	{"tls-key", "PEM `FILE` of the certificate's private key", func(c *Config) *string { return &c.Key }},
	{"acme", "`NAMES`, like help.example.org, apart by commas, that this server has certificates made for by ACME; it answers on port 443, where the ACME server comes to look", func(c *Config) *string { return &c.ACME }},
	{"acme-email", "`ADDRESS` that the ACME server may write to", func(c *Config) *string { return &c.ACMEEmail }},
	{"acme-directory", "`URL` of the directory of the ACME server, when it is not Let's Encrypt", func(c *Config) *string { return &c.ACMEDirectory }},
	{"acme-ca", "PEM `FILE` of the certificates that vouch for the ACME server, when this machine does not know them", func(c *Config) *string { return &c.ACMECA }},
	{"time-zone", "`NAME` of the time zone people read hours in, like Europe/Paris, when it is not this machine's", func(c *Config) *string { return &c.TimeZone }},
	{"breached-passwords", "`FILE` of passwords that became known elsewhere and are refused: lines \"SHA-1:count\" in the order of the hashes, as haveibeenpwned.com offers them, or passwords, one a line", func(c *Config) *string { return &c.Breached }},
	{"replication", "`MODE`: embedded copies the databases as --config says; external leaves it to the official litestream beside this server; off", func(c *Config) *string { return &c.Replication }},
	{"site", "`NAME` of this site in the replicas, in small letters, digits and hyphens", func(c *Config) *string { return &c.Site }},
	{"receive", "`FOLDER` for replicas that another site sends here, prepared by selfhelp replica init; they come in over HTTPS below /replica", func(c *Config) *string { return &c.Receive }},
	{"receive-user", "`NAME` that the other site signs in with; its password is in SELFHELP_RECEIVE_PASSWORD or in the file that SELFHELP_RECEIVE_PASSWORD_FILE names", func(c *Config) *string { return &c.ReceiveUser }},
	{"backup", "`FOLDER` for backups, on another volume, prepared by selfhelp backup init: a full one each night and an increment each hour", func(c *Config) *string { return &c.Backup }},
	{"backup-age", "`FILE` of the public keys, one a line as age-keygen prints them, that backups are encrypted to; who has none of their private keys cannot restore", func(c *Config) *string { return &c.BackupAge }},
	{"backup-copy", "`ADDRESS`, like sftp://copies@files.example.org/folder, ftps:// or ftp://, that the first good full backup of each month is given to; its password is in SELFHELP_BACKUP_COPY_PASSWORD or in the file that SELFHELP_BACKUP_COPY_PASSWORD_FILE names", func(c *Config) *string { return &c.BackupCopy }},
	{"backup-copy-key", "`FILE` of the private key that opens the account of --backup-copy by SFTP, without a passphrase", func(c *Config) *string { return &c.BackupKey }},
	{"backup-copy-host-key", "public `KEY` of the server of --backup-copy by SFTP, like \"ssh-ed25519 AAAA…\", as ssh-keyscan prints it; no other server is given anything", func(c *Config) *string { return &c.BackupHostKey }},
	{"backup-copy-ca", "PEM `FILE` of the certificates that vouch for the server of --backup-copy by FTPS, when this machine does not know them", func(c *Config) *string { return &c.BackupCA }},
	{"metrics", "`HOST:PORT` where Prometheus finds the figures, at /metrics and to nobody else's use: an address of this machine or of a private network; without it there are none", func(c *Config) *string { return &c.Metrics }},
	{"metrics-public", "`WORD` yes lets --metrics be any address: whoever reaches it reads the figures", func(c *Config) *string { return &c.MetricsPublic }},
	{"log-format", "`FORMAT` of the log: text or json", func(c *Config) *string { return &c.LogFormat }},
	{"log-level", "`LEVEL` from which the log tells: debug, info, warn or error", func(c *Config) *string { return &c.LogLevel }},
	{"drain", "`DURATION`, like 5s, in which requests are still answered once the server is told to stop and says at /readyz that it does, so that whoever sends people here stops first; without it, 5s behind a proxy and none otherwise", func(c *Config) *string { return &c.Drain }},
	{"scan", "`COMMAND` that looks at each file people send: it reads the file on its standard input and ends with 0 when it is clean and 1 when it is not, like \"clamdscan -\"", func(c *Config) *string { return &c.Scan }},
}

// variable is the setting's name in the environment.
func (s setting) variable() string {
	return "SELFHELP_" + strings.ToUpper(strings.ReplaceAll(s.name, "-", "_"))
}

// Variable is one of the environment that is read, and what it says.
type Variable struct{ Name, Usage string }

// Variables are all that are read, the settings first.
func Variables() (all []Variable) {
	for _, s := range settings {
		all = append(all, Variable{s.variable(), strings.ReplaceAll(s.usage, "`", "")})
	}
	return append(all,
		Variable{"SELFHELP_CONFIG", "FILE in Litestream's format whose x-app part holds these settings"},
		Variable{"SELFHELP_PASSWORD", "PASSWORD of an account that selfhelp user makes or changes"},
		Variable{"SELFHELP_RECEIVE_PASSWORD", "PASSWORD that another site signs in with to send its replica"},
		Variable{"SELFHELP_BACKUP_COPY_PASSWORD", "PASSWORD of the account that monthly copies of backups are given to"},
		Variable{"SELFHELP_PASSWORD_FILE, SELFHELP_RECEIVE_PASSWORD_FILE, SELFHELP_BACKUP_COPY_PASSWORD_FILE", "FILE that holds it instead"},
	)
}

// UsualData is the data folder where none is named.
const UsualData = "./data"

func standard() Config {
	return Config{Data: UsualData, Listen: "127.0.0.1:8080", Role: Everything, Replication: Off, LogFormat: Text, LogLevel: "info", Site: usualSite, ReceiveUser: "selfhelp", Finish: 10 * time.Second}
}

// Flags declares the settings a command takes and returns what gathers
// them once the command line is read.
func Flags(set *flag.FlagSet, names ...string) func(Environment) (Config, error) {
	typed := map[string]string{}
	usual := standard()
	set.Func("config", "`FILE` in Litestream's format whose x-app part holds these settings (variable SELFHELP_CONFIG)", keep(typed, "config"))
	for _, s := range settings {
		if !listed(names, s.name) {
			continue
		}
		usage := fmt.Sprintf("%s (variable %s", s.usage, s.variable())
		if v := *s.value(&usual); v != "" {
			usage += ", default " + v
		}
		set.Func(s.name, usage+")", keep(typed, s.name))
	}
	return func(env Environment) (Config, error) { return gather(env, typed) }
}

func keep(typed map[string]string, name string) func(string) error {
	return func(v string) error { typed[name] = v; return nil }
}

func listed(names []string, name string) bool {
	return len(names) == 0 || slices.Contains(names, name)
}

// gather lays the sources over one another, the strongest last.
func gather(env Environment, typed map[string]string) (Config, error) {
	c := standard()
	c.Environment = env
	c.File = typed["config"]
	if v, set := env("SELFHELP_CONFIG"); c.File == "" && set {
		c.File = v
	}
	written, err := readFile(c.File, env)
	if err != nil {
		return Config{}, err
	}
	for _, s := range settings {
		for _, source := range []map[string]string{written, fromEnvironment(env, s), typed} {
			if v, given := source[s.name]; given {
				*s.value(&c) = v
			}
		}
	}
	if strings.TrimSpace(c.Data) == "" {
		return Config{}, wrong("--data takes a folder, not an empty name; a dot stands for the present one")
	}
	return c, c.settle()
}

// settle makes folders what they are from here, wherever they are used later: some parts
// name files by addresses, which have no relative form.
func (c *Config) settle() error {
	for _, folder := range []*string{&c.Data, &c.Receive, &c.Backup} {
		if *folder == "" {
			continue
		}
		whole, err := filepath.Abs(*folder)
		if err != nil {
			return fmt.Errorf("find the folder %s: %w", *folder, err)
		}
		*folder = whole
	}
	return nil
}

func fromEnvironment(env Environment, s setting) map[string]string {
	if v, given := env(s.variable()); given {
		return map[string]string{s.name: v}
	}
	return nil
}

// What a file of settings may hold, in bytes.
const (
	maxSecret = 64 << 10
	maxFile   = 1 << 20
)

// readBounded reads a file that is no longer than it may be: one named by
// mistake may have no end.
func readBounded(name string, most int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(b)) > most {
		err = wrong("%s is over %d kB: it is another file than was meant", name, most>>10)
	}
	return b, err
}

// Check refuses settings that contradict one another, and answering strangers
// in clear.
func (c Config) Check() error {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return wrong("--listen takes HOST:PORT, not %q", c.Listen)
	}
	if c.Role != "" && c.Role != Everything && c.Role != Edition && c.Role != Presentation {
		return wrong("--role is %s, %s or %s, not %q", Everything, Edition, Presentation, c.Role)
	}
	if err := c.checkTLS(host); err != nil {
		return err
	}
	if _, err := c.Proxies(); err != nil {
		return err
	}
	if err := c.checkReplication(); err != nil {
		return err
	}
	if err := c.CheckBackup(); err != nil {
		return err
	}
	if c.Address != "" && !strings.HasPrefix(c.Address, "http://") && !strings.HasPrefix(c.Address, "https://") {
		return wrong("--address takes a URL like https://help.example.org, not %q", c.Address)
	}
	if _, err := time.LoadLocation(c.TimeZone); err != nil {
		return wrong("--time-zone takes a name like Europe/Paris, not %q", c.TimeZone)
	}
	if _, err := c.drain(); err != nil {
		return err
	}
	if err := c.checkMetrics(); err != nil {
		return err
	}
	if err := c.checkLog(); err != nil {
		return err
	}
	if command := c.Scanner(); len(command) > 0 {
		if _, err := exec.LookPath(command[0]); err != nil {
			return wrong("--scan takes a program and its arguments, but this machine has no program %q", command[0])
		}
	}
	return nil
}

// besideProxy is the drain time of a server that somebody sends people to: load
// balancers ask every few seconds.
const besideProxy = 5 * time.Second

// DrainTime is how long requests are still taken once the server is told to stop.
func (c Config) DrainTime() time.Duration {
	d, _ := c.drain()
	return d
}

func (c Config) drain() (time.Duration, error) {
	switch {
	case c.Drain != "":
		d, err := time.ParseDuration(c.Drain)
		if err != nil || d < 0 || d > time.Hour {
			return 0, wrong("--drain takes a time like 5s, an hour at most, not %q", c.Drain)
		}
		return d, nil
	case c.BehindProxy != "":
		return besideProxy, nil
	}
	return 0, nil
}

// usualSite is what a site is called where nobody names it.
const usualSite = "main"

// NamesSite says whether somebody named the site.
func (c Config) NamesSite() bool { return c.Site != "" && c.Site != usualSite }

// Zone is where the people of this server read their hours.
func (c Config) Zone() *time.Location {
	if z, err := time.LoadLocation(c.TimeZone); c.TimeZone != "" && err == nil {
		return z
	}
	return machines()
}

// machines is the time zone of this machine, by its name where it has one: "Local" tells
// people nothing.
func machines() *time.Location {
	name, err := os.Readlink("/etc/localtime")
	if tz, set := os.LookupEnv("TZ"); set {
		name, err = "zoneinfo/"+strings.TrimPrefix(tz, ":"), nil
	}
	if _, name, is := strings.Cut(name, "zoneinfo/"); err == nil && is && name != "" {
		if z, err := time.LoadLocation(name); err == nil {
			return z
		}
	}
	return time.Local
}

// Scanner is the program that looks at files, then its arguments; empty for
// none.
func (c Config) Scanner() []string { return strings.Fields(c.Scan) }

// privateNetworks are those that no stranger can send from.
var privateNetworks = []string{"127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"}

// Proxies are the networks whose word about visitors is believed.
func (c Config) Proxies() ([]string, error) {
	switch c.BehindProxy {
	case "":
		return nil, nil
	case "private":
		return privateNetworks, nil
	}
	networks := strings.FieldsFunc(c.BehindProxy, func(r rune) bool { return r == ',' || r == ' ' })
	for _, n := range networks {
		if _, err := netip.ParsePrefix(n); err != nil {
			return nil, wrong("--behind-proxy takes networks like 10.0.0.0/8, or private, not %q", n)
		}
	}
	return networks, nil
}

// Loopback reports whether only this machine can reach the server.
func (c Config) Loopback() bool {
	host, _, err := net.SplitHostPort(c.Listen)
	return err == nil && loopback(host)
}

// The formats of the log.
const (
	Text = "text"
	JSON = "json"
)

func (c Config) checkLog() error {
	if c.LogFormat != "" && c.LogFormat != Text && c.LogFormat != JSON {
		return wrong("--log-format is %s or %s, not %q", Text, JSON, c.LogFormat)
	}
	if _, err := c.level(); err != nil {
		return wrong("--log-level is debug, info, warn or error, not %q", c.LogLevel)
	}
	return nil
}

// Level is from which the log tells.
func (c Config) Level() slog.Level {
	l, _ := c.level()
	return l
}

func (c Config) level() (l slog.Level, err error) {
	if c.LogLevel == "" {
		return slog.LevelInfo, nil
	}
	return l, l.UnmarshalText([]byte(c.LogLevel))
}

// checkMetrics refuses to show figures to strangers, unless that is wanted.
func (c Config) checkMetrics() error {
	if c.MetricsPublic != "" && c.MetricsPublic != "yes" && c.MetricsPublic != "no" {
		return wrong("--metrics-public takes yes or no, not %q", c.MetricsPublic)
	}
	if c.Metrics == "" {
		return nil
	}
	host, _, err := net.SplitHostPort(c.Metrics)
	if err != nil {
		return wrong("--metrics takes HOST:PORT, not %q", c.Metrics)
	}
	ip, err := netip.ParseAddr(host)
	if c.MetricsPublic == "yes" || loopback(host) || err == nil && ip.IsPrivate() {
		return nil
	}
	return wrong(`%s may be reachable by strangers, who would read the figures there.
  Listen on 127.0.0.1 or on an address of a private network; or give
  --metrics-public yes when something else keeps them out`, c.Metrics)
}

func (c Config) checkReplication() error {
	switch c.Replication {
	case "", Off, External:
		return nil
	case Embedded:
		if c.File == "" {
			return wrong("replication: embedded needs a file in Litestream's format that says where to: name it with --config")
		}
		return nil
	}
	return wrong("replication is %s, %s or %s, not %q", Embedded, External, Off, c.Replication)
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// Here is the server's own address, seen from this machine.
func (c Config) Here() (string, error) {
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return "", wrong("--listen takes HOST:PORT, not %q", c.Listen)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	scheme := "http"
	if c.Secure() {
		scheme = "https"
	}
	return scheme + "://" + net.JoinHostPort(host, port), nil
}
