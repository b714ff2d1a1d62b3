package publication

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"selfhelp/app/fault"
)

// catalogueFormat is the number of the catalogue's present shape. The second
// knows versions on trial: a server that does not would open them to everybody.
const catalogueFormat = 2

// maxCatalogue bounds what is read as a catalogue: some 100,000 publications.
const maxCatalogue = 32 << 20

// Publication is a version of a project made available in a domain.
type Publication struct {
	Domain  string `json:"domain"`
	Project string `json:"project"` // UID
	Alias   string `json:"alias"`   // of the project
	Number  Number `json:"number"`
	Hash    string `json:"hash"`   // of the bundle's content
	Active  bool   `json:"active"` // an inactive one only serves the executions that began on it
	// Audience names the groups that the version is on trial with; none: whoever
	// the project is for.
	Audience []string `json:"audience,omitempty"`
}

// Catalogue is the list of publications of a platform. Exchanging it is what
// publishing, activating and rolling back come down to.
type Catalogue struct {
	Format       int           `json:"format"`
	Sequence     uint64        `json:"sequence"` // each catalogue has a higher one than that before it
	Publications []Publication `json:"publications"`
}

// Seal writes the catalogue with its signature: a line with the signature, then
// the catalogue as JSON, publications in a fixed order.
func (c Catalogue) Seal(key ed25519.PrivateKey) ([]byte, error) {
	c.Format = catalogueFormat
	c.Publications = slices.SortedFunc(slices.Values(c.Publications), comparePublications)
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("seal catalogue %d: %w", c.Sequence, err)
	}
	document, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("seal catalogue %d: %w", c.Sequence, err)
	}
	line := base64.StdEncoding.EncodeToString(sign(key, catalogueMark, document))
	return slices.Concat([]byte(line), []byte("\n"), document), nil
}

// Mark tells a catalogue from every other one, whoever sealed it: its sequence does not,
// where a server was brought back to an earlier state and counted on from there.
func (c Catalogue) Mark() string {
	document, _ := json.Marshal(struct { // strings and numbers
		Sequence     uint64
		Publications []Publication
	}{c.Sequence, slices.SortedFunc(slices.Values(c.Publications), comparePublications)})
	sum := sha256.Sum256(document)
	return hex.EncodeToString(sum[:])
}

// OpenCatalogue reads a sealed catalogue and refuses one that no trusted key
// signed, that a newer product wrote, or that contradicts itself.
func OpenCatalogue(sealed []byte, trusted []ed25519.PublicKey) (Catalogue, error) {
	var c Catalogue
	if len(sealed) > maxCatalogue {
		return c, fault.New(fault.TooLarge, "fault.catalogue.damaged")
	}
	line, document, _ := bytes.Cut(sealed, []byte("\n"))
	signature, err := base64.StdEncoding.Strict().DecodeString(string(line))
	if err != nil {
		return c, fault.Because(fault.Invalid, err, "fault.catalogue.damaged")
	}
	if err := verify(trusted, catalogueMark, document, signature); err != nil {
		return c, fmt.Errorf("open catalogue: %w", err)
	}
	var shape struct{ Format int } // read alone first: a newer shape may not fit ours
	if err := json.Unmarshal(document, &shape); err != nil {
		return c, fault.Because(fault.Invalid, err, "fault.catalogue.damaged")
	}
	if shape.Format > catalogueFormat {
		return c, fault.New(fault.Invalid, "fault.catalogue.newer", shape.Format, catalogueFormat)
	}
	if err := json.Unmarshal(document, &c); err != nil {
		return c, fault.Because(fault.Invalid, err, "fault.catalogue.damaged")
	}
	slices.SortFunc(c.Publications, comparePublications)
	return c, c.check()
}

// check refuses a catalogue that names one version twice, one bundle for two
// versions, or a bundle by something that is no hash: hashes become file names.
func (c Catalogue) check() error {
	type version struct {
		project string
		number  Number
	}
	type place struct {
		domain string
		version
	}
	seen := map[place]bool{}
	held := map[string]version{}
	for _, p := range c.Publications {
		v := version{p.Project, p.Number}
		id := place{p.Domain, v}
		if other, known := held[p.Hash]; known && other != v {
			return fault.New(fault.Invalid, "fault.catalogue.wrong", p.Number.String(), p.Project)
		}
		if seen[id] || p.Domain == "" || p.Project == "" || p.Number == (Number{}) || !isHash(p.Hash) {
			return fault.New(fault.Invalid, "fault.catalogue.wrong", p.Number.String(), p.Project)
		}
		seen[id], held[p.Hash] = true, v
	}
	return nil
}

// isHash reports whether s is a SHA-256 written in lower-case hexadecimal.
func isHash(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == 32 && strings.ToLower(s) == s
}

// comparePublications orders them by domain, project, then the highest number
// first.
func comparePublications(a, b Publication) int {
	if n := strings.Compare(a.Domain, b.Domain); n != 0 {
		return n
	}
	if n := strings.Compare(a.Project, b.Project); n != 0 {
		return n
	}
	return b.Number.Compare(a.Number)
}
