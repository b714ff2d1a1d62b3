package past

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"selfhelp/app/edition"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/transfer"
	"selfhelp/store"
)

// Wish is what is to come back, and how.
type Wish struct {
	Project   string // id of then
	Procedure string // UID; "" for the whole project
	Draft     bool   // as the next revision of the procedure that is there; else beside it
	By        string // user id
	// Called names what stands beside what it was.
	Called func(procedure.Text) procedure.Text
}

// Brought is what came back.
type Brought struct {
	Project    string   `json:"project"`             // id of now
	Procedure  string   `json:"procedure,omitempty"` // UID of now; "" for a whole project
	Alias      string   `json:"alias"`
	Procedures int      `json:"procedures"`
	Draft      bool     `json:"draft"`
	Created    bool     `json:"created"` // a project was made for it
	Owned      string   `json:"owned"`   // login of who owned it then: it is now of who brought it
	Groups     []string `json:"groups"`  // that it names and that are no longer there
}

// Bring takes a project or a procedure out and into a live store, whole or not at
// all. Nothing that is there is lost.
func (m *Moment) Bring(ctx context.Context, live *store.Store, w Wish) (b Brought, err error) {
	p, err := m.Project(ctx, live.Content, w.Project)
	if err != nil {
		return b, err
	}
	if _, err := live.Content.Domain(ctx, p.Domain); err != nil {
		if fault.Is(err, fault.NotFound) {
			err = fault.Because(fault.Conflict, err, "fault.past.domain", p.Domain)
		}
		return b, err
	}
	whole, err := m.reading.Content.WholeProject(ctx, p.ID)
	if err != nil {
		return b, err
	}
	if w.Procedure != "" {
		if whole = edition.Only(whole, w.Procedure); whole == nil {
			return b, fault.New(fault.NotFound, "fault.past.procedure", w.Procedure, m.At)
		}
	}
	archive, err := m.archive(ctx, live, whole)
	if err != nil {
		return b, err
	}
	defer func() { err = errors.Join(err, archive.close()) }()
	b = Brought{Procedures: len(whole.Procedures), Owned: p.Owned}
	if b.Groups, err = missing(ctx, live.Content, p.Domain, whole); err != nil {
		return b, err
	}
	from := store.Past{At: m.At.UTC(), From: m.From, Was: whole.Alias}
	if w.Procedure != "" && p.Now != nil {
		from.Was = whole.Procedures[0].Alias
		one, err := edition.TakeProcedure(ctx, live, archive.Archive, edition.Return{Project: p.Now.ID, Draft: w.Draft, From: from, By: w.By, Called: w.Called})
		b.Project, b.Procedure, b.Alias, b.Draft = p.Now.ID, one.UID, one.Alias, w.Draft
		return b, err
	}
	beside := p.Now != nil || p.Binned
	if beside {
		archive.Project.Name = w.Called(archive.Project.Name)
	}
	in, err := edition.TakeIn(ctx, live, archive.Archive, edition.Import{Domain: p.Domain, AsCopy: beside, By: w.By, Past: &from})
	b.Project, b.Alias, b.Created = in.Project.ID, in.Project.Alias, true
	return b, err
}

// opened is an archive in the scratch folder.
type opened struct {
	*transfer.Archive
	close func() error
}

// archive writes a part of the state as an archive and reads it, as one that comes
// from elsewhere. Contents that are no longer here are fetched.
func (m *Moment) archive(ctx context.Context, live *store.Store, part *procedure.Project) (a opened, err error) {
	if hashes := lacking(live, m, part); len(hashes) > 0 {
		err := m.origin.files(ctx, filepath.Join(m.scratch.Dir, "files"), hashes)
		if err != nil || len(lacking(live, m, part)) > 0 {
			return a, fault.Because(fault.Unavailable, err, "fault.past.files", m.origin.name)
		}
	}
	f, err := os.CreateTemp(m.scratch.Dir, "*.zip")
	if err != nil {
		return a, err
	}
	a.close = func() error { return errors.Join(f.Close(), os.Remove(f.Name())) }
	defer func() {
		if err != nil {
			err = errors.Join(err, a.close())
		}
	}()
	if err := transfer.Export(f, part, both{live.Files, m.reading.Files}); err != nil {
		return a, fmt.Errorf("take %s out of the past: %w", part.Alias, err)
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return a, err
	}
	tree, err := transfer.OpenZip(f, size, transfer.Usual)
	if err == nil {
		a.Archive, err = transfer.Read(tree)
	}
	if refused, is := errors.AsType[*transfer.Refusal](err); is {
		err = fault.Because(fault.Invalid, refused, "fault.past.refused", refused.Problems[0].Sentence("en"))
	}
	return a, err
}

// lacking are the contents of a part that are not here.
func lacking(live *store.Store, m *Moment, part *procedure.Project) (hashes []string) {
	for _, r := range part.Resources {
		for _, f := range r.Files {
			if f.Hash != "" && !live.Files.Has(f.Hash) && !m.reading.Files.Has(f.Hash) && !slices.Contains(hashes, f.Hash) {
				hashes = append(hashes, f.Hash)
			}
		}
	}
	return hashes
}

// both are the contents that are here, and those that came with a state.
type both struct{ live, then *store.Files }

func (b both) Open(hash string) (io.ReadCloser, error) {
	from := b.live
	if !from.Has(hash) {
		from = b.then
	}
	r, _, err := from.Open(hash)
	return r, err
}

// missing are the groups that a project names and that its domain has no longer.
func missing(ctx context.Context, live *store.Content, domain string, p *procedure.Project) ([]string, error) {
	groups, err := live.Groups(ctx, domain)
	if err != nil {
		return nil, err
	}
	named := slices.Clone(p.Audience)
	for _, c := range p.Categories {
		named = append(named, c.Audience...)
	}
	for _, one := range p.Procedures {
		named = append(named, one.Audience...)
		for _, s := range one.Steps {
			named = append(named, answered(s)...)
		}
	}
	slices.Sort(named)
	return slices.DeleteFunc(slices.Compact(named), func(name string) bool {
		return slices.ContainsFunc(groups, func(g store.Group) bool { return g.Name == name || slices.Contains(g.Former, name) })
	}), nil
}

// answered are the groups that answers of a step are for.
func answered(s procedure.Step) (names []string) {
	var answers []procedure.Answer
	if s.Question != nil {
		answers = append(answers, s.Question.Answers...)
	}
	if s.Choices != nil {
		answers = append(answers, s.Choices.Answers...)
	}
	for _, a := range answers {
		names = append(names, a.Audience...)
	}
	return names
}
