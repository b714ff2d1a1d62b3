package publication

import (
	"crypto/ed25519"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"selfhelp/app/procedure"
)

// Input is what a publication is made of. Nothing in it may change meanwhile.
type Input struct {
	Project *procedure.Project // the frozen version
	Number  Number
	Domain  string
	Author  string
	At      time.Time // when it was frozen
	// Others are the published projects of the domain whose shared procedures
	// the project may call. What it does call is taken into the bundle, so that
	// an execution stays on one version of everything it goes through.
	Others []*procedure.Project
	// Connectors and Groups are those of the platform and the domain, by id and
	// name; nil: whether they exist is not looked at.
	Connectors []string
	Groups     []string
	// HasFile says whether the content with a hash is at hand.
	HasFile func(hash string) bool
}

// building starts the names of folders in which bundles are being built.
const building = "building-"

// Build examines a version and writes its bundle into a folder, as Write does.
// What cannot be published is a *Refusal that tells every reason.
func Build(folder string, in Input, key ed25519.PrivateKey) (Manifest, error) {
	f, err := Examine(in)
	if err != nil {
		return Manifest{}, err
	}
	if r := f.Refusal(); r != nil {
		return Manifest{}, r
	}
	return Write(folder, in, key)
}

// Write writes the bundle of a version into a folder, under the name that Path
// gives, and returns its manifest. The same input and key give the same bytes,
// whenever and wherever the same product does it. It asks nothing: it is for
// what was examined already, and for what was published once, which rules that
// came since must not take away from people.
func Write(folder string, in Input, key ed25519.PrivateKey) (Manifest, error) {
	m, err := build(folder, in, key)
	if err != nil {
		return Manifest{}, fmt.Errorf("build bundle of %s %s: %w", in.Project.Alias, in.Number, err)
	}
	return m, nil
}

func build(folder string, in Input, key ed25519.PrivateKey) (m Manifest, err error) {
	all, err := freeze(in)
	if err != nil {
		return m, err
	}
	work, err := os.MkdirTemp(folder, building+"*")
	if err != nil {
		return m, err
	}
	defer os.RemoveAll(work) // what is worth keeping has been moved out
	temporary := filepath.Join(work, "bundle")
	if err := writeDatabase(temporary, all); err != nil {
		return m, err
	}
	m = Manifest{
		Project: in.Project.UID, Alias: in.Project.Alias, Number: in.Number, Domain: in.Domain,
		Author: in.Author, At: in.At.UTC().Truncate(time.Second), Procedures: len(all.procedures),
	}
	if m, err = seal(temporary, m, key); err != nil {
		return m, err
	}
	return m, settle(temporary, Path(folder, m.Hash))
}
