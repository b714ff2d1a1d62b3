package certificate

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/acme"

	"selfhelp/store"
)

// every is how often files and settings are looked at.
const every = 2 * time.Second

// Settings are what a holder is made of.
type Settings struct {
	Cert, Key string       // PEM files; "" for none
	ACME      *ACME        // nil: none is made
	Store     *store.Store // where those given for domains are; nil for nowhere
	Now       func() time.Time
	Log       *slog.Logger
}

// Pair is a certificate with its chain and key, ready to be shown.
type Pair struct {
	tls.Certificate
	Source Source
	ID     string // of one that was given
}

// Source is where a certificate comes from.
type Source string

// The sources.
const (
	Files Source = "files"
	Made  Source = "acme"
	Given Source = "given" // by an administrator, for a domain
)

// Shown is what is told of a certificate that is shown.
type Shown struct {
	Name   string // the first name it is for
	Names  []string
	Until  time.Time
	Source Source
	Mark   string // tells it from every other
}

// Holder holds the certificates of a server.
type Holder struct {
	Settings
	files *files
	maker *maker
	now   atomic.Pointer[shelf]
	// One look at a time: the timer's, and that of who has just given one.
	looking sync.Mutex
	read    []Kept // as it was read last
	given   []*Pair
	refused string // what was refused of it last
	staples stapler
}

// shelf is the pairs of one moment. Handshakes read it without waiting for anybody.
type shelf struct {
	files *Pair
	given []*Pair
}

// Open takes the certificates that are there. Files that cannot be read, or whose key is
// another's, are refused: there would be nothing to show.
func Open(s Settings) (*Holder, error) {
	h := &Holder{Settings: s, staples: stapler{held: map[string]*stapled{}}}
	if s.Cert != "" {
		h.files = &files{cert: s.Cert, key: s.Key}
		if _, err := h.files.first(); err != nil {
			return nil, err
		}
		h.files.warn(s.Log)
		if err := usable(h.files.pair, s.Now()); err != nil {
			s.Log.Error("the certificate of the files is shown, but nobody will believe it", "err", err)
		}
	}
	if s.ACME != nil {
		made, err := newMaker(*s.ACME, s.Now, s.Log)
		if err != nil {
			return nil, err
		}
		h.maker = made
	}
	h.now.Store(&shelf{})
	h.Look(context.Background())
	return h, nil
}

// On reports whether there is anything to show.
func (h *Holder) On() bool { return h.files != nil || h.maker != nil }

// TLS is how connections are secured: nil where another program does that. Keys of
// session tickets change every day by themselves, as long as this one value is used.
func (h *Holder) TLS() *tls.Config {
	if !h.On() {
		return nil
	}
	c := Modern()
	c.GetCertificate = h.pick
	if h.maker != nil {
		c.NextProtos = []string{"h2", "http/1.1", acme.ALPNProto}
	}
	return c
}

// Modern is TLS 1.2 and 1.3, each with forward secrecy and authenticated encryption only.
// The first group is X25519 with a key exchange beside it that quantum computers do not
// undo.
func Modern() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		CipherSuites: []uint16{
			tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
			tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
			tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
		},
		CurvePreferences: []tls.CurveID{tls.X25519MLKEM768, tls.X25519, tls.CurveP256},
		NextProtos:       []string{"h2", "http/1.1"},
	}
}

var errNone = errors.New("there is no certificate yet")

// pick chooses what to show: what was given for the very name, then what ACME made for
// it, then the files. Who names nothing, or something unknown, is shown what there is.
func (h *Holder) pick(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if h.maker != nil && isChallenge(hello) {
		return h.maker.GetCertificate(hello)
	}
	on, name := h.now.Load(), strings.ToLower(strings.TrimSuffix(hello.ServerName, "."))
	if name != "" {
		for _, p := range on.given {
			if p.Leaf.VerifyHostname(name) == nil {
				return &p.Certificate, nil
			}
		}
	}
	made := h.maker.pick(name)
	switch {
	case made != nil:
		return made, nil
	case on.files != nil:
		return &on.files.Certificate, nil
	}
	if made := h.maker.first(); made != nil {
		return made, nil
	}
	return nil, errNone
}

// Run looks for new certificates until ctx is done. What takes its time, which is asking
// others, is done beside.
func (h *Holder) Run(ctx context.Context) {
	var beside sync.WaitGroup
	defer beside.Wait()
	if h.maker != nil {
		beside.Go(func() { h.maker.run(ctx) })
	}
	beside.Go(func() { h.stapleAll(ctx) })
	round := time.NewTicker(every)
	defer round.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-round.C:
			h.Look(ctx)
		}
	}
}

// Look takes what is new in the files and the settings. What is bad is told in the log,
// once, and what was good before stays.
func (h *Holder) Look(ctx context.Context) {
	h.looking.Lock()
	defer h.looking.Unlock()
	on := &shelf{}
	if h.files != nil {
		switch fresh, err := h.files.look(h.Now()); {
		case err != nil:
			h.Log.Error("the new certificate of the files is not taken, and the one of before stays", "file", h.Cert, "err", err)
		case fresh:
			h.Log.Info("a new certificate is shown", "file", h.Cert, "until", h.files.pair.Leaf.NotAfter)
			h.files.warn(h.Log)
		}
		on.files = h.staples.with(h.files.pair)
	}
	h.takeGiven(ctx)
	for _, p := range h.given {
		if h.Now().Before(p.Leaf.NotAfter) {
			on.given = append(on.given, h.staples.with(p))
		}
	}
	h.now.Store(on)
}

// takeGiven reads the settings, when they are others than before.
func (h *Holder) takeGiven(ctx context.Context) {
	if h.Store == nil {
		return
	}
	all, _, err := List(ctx, h.Store.Content)
	if err != nil || slices.EqualFunc(all, h.read, Kept.equal) {
		return // a database that cannot be read has words of its own
	}
	var given []*Pair
	for _, k := range all {
		p, err := k.open(h.Store)
		if err != nil {
			if said := k.ID + err.Error(); said != h.refused {
				h.refused = said
				h.Log.Error("a certificate that was given for a domain is not shown", "host", k.Host, "err", err)
			}
			return // the keys of the platform may still be on their way
		}
		given = append(given, p)
	}
	h.read, h.given, h.refused = all, given, ""
}

// Shown are the certificates that are shown, the one that ends first before the others.
func (h *Holder) Shown() (all []Shown) {
	on := h.now.Load()
	if on.files != nil {
		all = append(all, shownOf(&on.files.Certificate, Files))
	}
	for _, c := range h.maker.all() {
		all = append(all, shownOf(c, Made))
	}
	// One that has ended is shown no longer, and is told all the more.
	h.looking.Lock()
	for _, p := range h.given {
		all = append(all, shownOf(&p.Certificate, Given))
	}
	h.looking.Unlock()
	slices.SortStableFunc(all, func(a, b Shown) int { return cmp.Or(a.Until.Compare(b.Until), cmp.Compare(a.Name, b.Name)) })
	return all
}

func shownOf(c *tls.Certificate, from Source) Shown {
	names := NamesOf(c.Leaf)
	sum := sha256.Sum256(c.Leaf.Raw)
	return Shown{Name: names[0], Names: names, Until: c.Leaf.NotAfter, Source: from, Mark: hex.EncodeToString(sum[:8])}
}

// NamesOf are the names that a certificate is for; there is always one.
func NamesOf(c *x509.Certificate) []string {
	names := slices.Clone(c.DNSNames)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 {
		names = []string{cmp.Or(c.Subject.CommonName, "?")}
	}
	return names
}
