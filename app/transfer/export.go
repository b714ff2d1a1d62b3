package transfer

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// Contents is where the contents of a project's files are read from.
type Contents interface {
	Open(hash string) (io.ReadCloser, error)
}

// epoch is the date of every file in an archive, so that the same project
// gives the same bytes.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// written is one file of an archive to be written: its bytes, or the hash of
// contents.
type written struct {
	name  string
	bytes []byte
	hash  string
}

// Export writes a project as a zip. The same project gives the same bytes.
func Export(w io.Writer, p *procedure.Project, from Contents) error {
	files, err := layOut(p)
	if err != nil {
		return err
	}
	z := zip.NewWriter(w)
	for _, f := range files {
		if err := pack(z, f, from); err != nil {
			return fmt.Errorf("export %s: %w", f.name, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("export project %s: %w", p.Alias, err)
	}
	return nil
}

func pack(z *zip.Writer, f written, from Contents) error {
	header := &zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: epoch}
	header.SetMode(0o644)
	if f.hash != "" {
		header.Method = zip.Store // pictures and films are packed already
	}
	w, err := z.CreateHeader(header)
	if err != nil {
		return err
	}
	r, err := f.open(from)
	if err != nil {
		return err
	}
	defer r.Close()
	_, err = io.Copy(w, r)
	return err
}

func (f written) open(from Contents) (io.ReadCloser, error) {
	if f.hash != "" {
		return from.Open(f.hash)
	}
	return io.NopCloser(bytes.NewReader(f.bytes)), nil
}

// layOut lists the files of a project's archive by name.
func layOut(p *procedure.Project) ([]written, error) {
	main, err := procedure.WriteProject(forPeople(p))
	if err != nil {
		return nil, err
	}
	procedures, err := named(proceduresDir, p.Procedures, procedure.WriteProcedure, func(p *procedure.Procedure) []string { return []string{p.Alias, p.UID} })
	if err != nil {
		return nil, err
	}
	scenarios, err := named(scenariosDir, p.Scenarios, procedure.WriteScenario, func(s *procedure.Scenario) []string { return []string{s.ID} })
	if err != nil {
		return nil, err
	}
	files := slices.Concat([]written{{name: projectFile, bytes: main}}, procedures, scenarios)
	for _, r := range p.Resources {
		for _, lang := range slices.Sorted(maps.Keys(r.Files)) {
			files = append(files, written{name: resourceName(r.ID, lang, r.Files[lang]), hash: r.Files[lang].Hash})
		}
	}
	slices.SortFunc(files, func(a, b written) int { return strings.Compare(a.name, b.name) })
	return files, checkNames(files)
}

var plainName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,99}$`)

// named writes each thing to a file of a folder, under the first of its names
// that is plain and free, else under a hash of what it is: drafts, too, are
// exported, and always under the same names.
func named[T any](dir string, things []*T, write func(*T) ([]byte, error), names func(*T) []string) ([]written, error) {
	files := make([]written, len(things))
	calls := map[string][]string{} // contents → names
	for i, v := range things {
		b, err := write(v)
		if err != nil {
			return nil, err
		}
		files[i].bytes = b
		calls[string(b)] = names(v)
	}
	slices.SortFunc(files, func(a, b written) int { return bytes.Compare(a.bytes, b.bytes) })
	taken := map[string]bool{}
	for i := range files {
		free := func(name string) bool { return plainName.MatchString(name) && !taken[name] }
		name := fmt.Sprintf("unnamed-%x", sha256.Sum256(files[i].bytes))[:20]
		if n := slices.IndexFunc(calls[string(files[i].bytes)], free); n >= 0 {
			name = calls[string(files[i].bytes)][n]
		}
		taken[name] = true
		files[i].name = dir + "/" + name + ".yaml"
	}
	return files, nil
}

// checkNames makes sure that what we write, we would read.
func checkNames(files []written) error {
	seen := map[string]string{}
	f := &findings{most: 1}
	for _, file := range files {
		if !admit(file.name, seen, f) {
			return fault.Because(fault.Invalid, f.list[0], "transfer.export.name", printable(file.name))
		}
	}
	return nil
}

// forPeople is the project as project.yaml has it: without what its contents
// say of themselves, so that a person may replace a picture in a folder.
func forPeople(p *procedure.Project) *procedure.Project {
	copied := *p
	copied.Schema = procedure.Schema
	copied.Resources = slices.Clone(p.Resources)
	for i, r := range copied.Resources {
		files := map[string]procedure.File{}
		for lang, f := range r.Files {
			files[lang] = procedure.File{Name: f.Name}
		}
		if len(files) > 0 {
			copied.Resources[i].Files = files
		}
	}
	return &copied
}
