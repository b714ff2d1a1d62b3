package transfer

import (
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// The names in an archive.
const (
	projectFile   = "project.yaml"
	proceduresDir = "procedures"
	scenariosDir  = "scenarios"
	resourcesDir  = "resources"
)

// maxYAML is a little more than the reader of the language takes, so that it
// is the one to refuse.
const maxYAML = 5 << 20

// Archive is a project that was read from an archive. Everything in it has
// been looked at; nothing has been kept yet.
type Archive struct {
	Project *procedure.Project // whole: with procedures, scenarios and the types, sizes and hashes of its files

	tree     *Tree
	contents map[string]entry  // by hash
	files    map[string]string // "procedure UID" or "scenario ID" → file
}

// File returns the name of the file that a procedure or a scenario came from:
// project.yaml when neither is given or known.
func (a *Archive) File(procedureUID, scenarioID string) string {
	for _, key := range []string{"scenario " + scenarioID, "procedure " + procedureUID} {
		if name, known := a.files[key]; known {
			return name
		}
	}
	return projectFile
}

// Read reads a whole archive. Its error is a *Refusal with every reason found
// when the archive is at fault.
func Read(t *Tree) (*Archive, error) {
	r := reader{
		tree: t, found: findings{most: t.limits.Problems},
		archive: &Archive{Project: &procedure.Project{}, tree: t, contents: map[string]entry{}, files: map[string]string{}},
	}
	for _, e := range t.entries {
		if r.found.full() {
			break
		}
		if err := r.language(e); err != nil {
			return nil, err
		}
	}
	if err := r.resources(); err != nil {
		return nil, err
	}
	if !r.hasProject && !slices.ContainsFunc(r.found.list, func(p Problem) bool { return p.Key != "transfer.file.unknown" }) {
		r.found.list = []Problem{{Key: "transfer.project.missing"}} // something else was meant: its files are no news
	}
	return r.archive, r.found.refusal()
}

// Open reads the contents of one of the project's files by its hash.
func (a *Archive) Open(hash string) (io.ReadCloser, error) {
	e, known := a.contents[hash]
	if !known {
		return nil, fault.New(fault.NotFound, "transfer.content.missing", hash)
	}
	return e.open()
}

// Hashes lists the contents that the project's files name, each once.
func (a *Archive) Hashes() []string {
	var hashes []string
	for hash := range a.contents {
		hashes = append(hashes, hash)
	}
	slices.Sort(hashes)
	return hashes
}

// reader is an archive being read.
type reader struct {
	tree       *Tree
	archive    *Archive
	found      findings
	hasProject bool
	contents   []entry // of resources
}

// language reads a file of the language, sets one of the resources aside for
// later, and refuses what an archive does not hold.
func (r *reader) language(e entry) error {
	dir, isYAML := path.Dir(e.name), path.Ext(e.name) == ".yaml"
	switch {
	case e.name == projectFile:
		r.hasProject = true
		return read(r, e, procedure.ReadProject, func(p *procedure.Project) {
			p.Procedures, p.Scenarios = r.archive.Project.Procedures, r.archive.Project.Scenarios
			r.archive.Project = p
		})
	case dir == proceduresDir && isYAML:
		return read(r, e, procedure.ReadProcedure, func(p *procedure.Procedure) { r.addProcedure(e, p) })
	case dir == scenariosDir && isYAML:
		return read(r, e, procedure.ReadScenario, func(s *procedure.Scenario) {
			r.archive.files["scenario "+s.ID] = e.name
			r.archive.Project.Scenarios = append(r.archive.Project.Scenarios, s)
		})
	case dir == resourcesDir:
		r.contents = append(r.contents, e)
	default:
		r.found.add(e.name, 0, "transfer.file.unknown")
	}
	return nil
}

func (r *reader) addProcedure(e entry, p *procedure.Procedure) {
	key := "procedure " + p.UID
	if other, taken := r.archive.files[key]; taken && p.UID != "" {
		r.found.add(e.name, 0, "transfer.procedure.twice", other)
		return
	}
	r.archive.files[key] = e.name
	r.archive.Project.Procedures = append(r.archive.Project.Procedures, p)
}

// read parses one file and keeps what it says; its flaws become problems.
func read[T any](r *reader, e entry, parse func([]byte) (*T, error), keep func(*T)) error {
	b, err := r.tree.read(e, maxYAML)
	if err != nil {
		return r.unreadable(e, err)
	}
	v, err := parse(b)
	if err != nil {
		r.flaws(e, err)
		return nil
	}
	keep(v)
	return nil
}

// flaws notes what the reader of the language says of a file.
func (r *reader) flaws(e entry, err error) {
	flaws, ok := errors.AsType[procedure.Flaws](err)
	if !ok {
		key, args := fault.TextOf(err)
		r.found.add(e.name, 0, key, args...)
		return
	}
	for _, f := range flaws {
		r.found.add(e.name, f.Line, f.Key, f.Args...)
	}
}

// unreadable notes a file whose bytes cannot be had: damaged, or more than
// allowed. Anything else is a failure of this machine.
func (r *reader) unreadable(e entry, err error) error {
	switch {
	case errors.Is(err, errTooLarge):
		r.found.add(e.name, 0, "transfer.file.large")
	case e.packed > 0: // only the zip itself can be at fault
		r.found.add(e.name, 0, "transfer.file.damaged", err.Error())
	default:
		return fmt.Errorf("read %s: %w", e.name, err)
	}
	return nil
}

// stem splits "box.fr.png" into "box" and "fr".
func stem(name string) (id, lang string) {
	base := path.Base(name)
	id, lang, _ = strings.Cut(strings.TrimSuffix(base, path.Ext(base)), ".")
	return id, lang
}
