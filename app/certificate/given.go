package certificate

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store"
)

// The setting that keeps what was given, and what the keys are sealed for. Settings go
// to the presentation servers with everything else they need.
const (
	setting = "certificates"
	purpose = "certificate/key"
)

// mostGiven is how many certificates of domains a server takes.
const mostGiven = 100

// Kept is a certificate as the settings have it.
type Kept struct {
	ID    string    `json:"id"`
	Host  string    `json:"host"`
	Chain string    `json:"chain"` // PEM
	Key   string    `json:"key"`   // PEM, sealed
	Since time.Time `json:"since"`
}

func (k Kept) equal(other Kept) bool {
	return k.ID == other.ID && k.Key == other.Key && k.Chain == other.Chain
}

// Leaf is the certificate itself.
func (k Kept) Leaf() (*x509.Certificate, error) {
	block, _ := pem.Decode([]byte(k.Chain))
	if block == nil {
		return nil, fault.New(fault.Internal, "fault.certificate.pem")
	}
	return x509.ParseCertificate(block.Bytes)
}

func (k Kept) open(st *store.Store) (*Pair, error) {
	key, err := st.Keys.Unseal(purpose, k.Key)
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair([]byte(k.Chain), []byte(key))
	return &Pair{Certificate: pair, Source: Given, ID: k.ID}, err
}

// List returns what was given for domains, and the version that a change must name.
func List(ctx context.Context, c *store.Content) (all []Kept, version int64, err error) {
	version, err = c.Setting(ctx, setting, &all)
	return all, version, err
}

// Keep keeps what an administrator gives for a domain, in place of what was there for it.
func Keep(ctx context.Context, st *store.Store, o Offer, now time.Time, by string) error {
	if _, err := o.Check(now); err != nil {
		return err
	}
	chain, err := parse(o.Chain)
	if err != nil {
		return err
	}
	var text strings.Builder
	for _, c := range chain { // nothing else that stood in the file
		if err := pem.Encode(&text, &pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}); err != nil {
			return fmt.Errorf("write the certificate: %w", err)
		}
	}
	host := strings.ToLower(strings.TrimSuffix(strings.TrimSpace(o.Host), "."))
	fresh := Kept{ID: store.NewID(), Host: host, Chain: text.String(), Key: st.Keys.Seal(purpose, o.Key), Since: now.UTC()}
	return change(ctx, st, by, host, func(all []Kept) ([]Kept, error) {
		all = slices.DeleteFunc(all, func(k Kept) bool { return k.Host == host })
		if len(all) >= mostGiven {
			return nil, fault.InField("host", "fault.certificate.many")
		}
		return append(all, fresh), nil
	})
}

// Remove takes one away. Who comes by its domain is shown that of the server then.
func Remove(ctx context.Context, st *store.Store, id, by string) error {
	all, _, err := List(ctx, st.Content)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(k Kept) bool { return k.ID == id })
	if at < 0 {
		return fault.New(fault.NotFound, "fault.certificate.gone")
	}
	return change(ctx, st, by, all[at].Host, func(all []Kept) ([]Kept, error) {
		return slices.DeleteFunc(all, func(k Kept) bool { return k.ID == id }), nil
	})
}

func change(ctx context.Context, st *store.Store, by, host string, do func([]Kept) ([]Kept, error)) error {
	all, version, err := List(ctx, st.Content)
	if err != nil {
		return err
	}
	if all, err = do(all); err != nil {
		return err
	}
	return st.Content.SaveSetting(ctx, setting, version, all, by, map[string]string{"host": host})
}
