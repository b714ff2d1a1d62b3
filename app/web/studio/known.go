package studio

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"

	"selfhelp/app/edition"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/store"
)

// known is what reading a whole project tells. Reading one of 10,000 procedures
// takes seconds, so it is kept until something is written.
type known struct {
	stamp            string
	errors, warnings int
	per              map[string]Tallies  // by procedure
	first            []gathered          // the first ones, errors before warnings
	about            *procedure.Project  // the project with the procedures that those are about
	words            map[string]string   // by procedure: its category and tags, to find it by
	uses             map[string][]string // by resource: the procedures that show it
}

// readAtOnce is how many procedures a project may have to be read while a person
// waits; larger ones are read beside, and pages say so.
const readAtOnce = 500

// remembered is how many projects are kept at most.
const remembered = 200

// memory keeps what is known of projects.
type memory struct {
	mu       sync.Mutex
	projects map[string]*known
	reading  map[string]bool
}

// know returns what reading a project tells, and whether that is how it is now:
// of a large one it may be how it was, or nothing yet.
func (s *Studio) know(v *frame.Visit, p store.Project, lines []store.Procedure) (*known, bool, error) {
	stamp, err := s.stampOf(v.Context(), p, lines)
	if err != nil {
		return nil, false, err
	}
	m := s.memory
	m.mu.Lock()
	k := m.projects[p.ID]
	fresh := k != nil && k.stamp == stamp
	begin := !fresh && len(lines) > readAtOnce && !m.reading[p.ID]
	if begin {
		m.reading[p.ID] = true
	}
	m.mu.Unlock()
	switch {
	case fresh:
	case begin:
		go s.readBeside(context.WithoutCancel(v.Context()), p, stamp)
	case len(lines) <= readAtOnce:
		if k, err = s.readWhole(v.Context(), p, stamp); err != nil {
			return nil, false, err
		}
		m.keep(p.ID, k)
		fresh = true
	}
	if k == nil {
		k = &known{}
	}
	return k, fresh, nil
}

func (m *memory) keep(project string, k *known) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id := range m.projects {
		if len(m.projects) < remembered {
			break
		}
		delete(m.projects, id)
	}
	m.projects[project] = k
}

// readBeside reads a large project while nobody waits for it.
func (s *Studio) readBeside(ctx context.Context, p store.Project, stamp string) {
	k, err := s.readWhole(ctx, p, stamp)
	if err != nil && !fault.Is(err, fault.NotFound) { // it was deleted meanwhile
		s.Log.LogAttrs(ctx, slog.LevelWarn, "project could not be checked", slog.String("project", p.ID), slog.Any("error", err))
	}
	if err == nil {
		s.memory.keep(p.ID, k)
	}
	s.memory.mu.Lock()
	delete(s.memory.reading, p.ID)
	s.memory.mu.Unlock()
}

// stampOf changes whenever what Check reads may have: the project, a procedure,
// a scenario, what is published in the domain, the day.
func (s *Studio) stampOf(ctx context.Context, p store.Project, lines []store.Procedure) (string, error) {
	sum := sha256.New()
	fmt.Fprintln(sum, p.Version, procedure.DateOf(s.Now()))
	for _, l := range lines {
		fmt.Fprintln(sum, l.UID, l.Version)
	}
	scenarios, err := s.Content.Scenarios(ctx, p.ID)
	if err != nil {
		return "", err
	}
	for _, one := range scenarios {
		fmt.Fprintln(sum, one.Data.ID, one.Version)
	}
	catalogue, err := s.Content.Catalogue(ctx)
	if err != nil && !fault.Is(err, fault.NotFound) { // nothing is published yet
		return "", err
	}
	sum.Write(catalogue)
	return string(sum.Sum(nil)), nil
}

// readWhole reads and checks a project.
func (s *Studio) readWhole(ctx context.Context, p store.Project, stamp string) (*known, error) {
	whole, err := s.Content.WholeProject(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	shared, err := s.Edition.SharedWith(ctx, p, whole)
	if err != nil {
		return nil, err
	}
	found := edition.Check(whole, shared, s.Now())
	k := &known{stamp: stamp, per: perProcedure(found), words: map[string]string{}, uses: map[string][]string{}}
	k.errors, k.warnings = Count(found)
	lines := gather(whole, found)
	k.first = slices.Clone(lines[:min(len(lines), ProblemsShown)])
	about := *whole
	about.Procedures = nil
	for _, pr := range whole.Procedures {
		k.words[pr.UID] = wordsOf(whole, pr)
		for _, r := range procedure.ResourcesOf(pr) {
			k.uses[r] = append(k.uses[r], pr.UID)
		}
		if slices.ContainsFunc(k.first, func(f gathered) bool { return f.Place.Procedure == pr.UID }) {
			about.Procedures = append(about.Procedures, pr)
		}
	}
	k.about = &about
	return k, nil
}

// wordsOf are the words a procedure is found by besides its title: those of its
// category, in every language, and its tags.
func wordsOf(whole *procedure.Project, p *procedure.Procedure) string {
	words := slices.Clone(p.Tags)
	for _, c := range whole.Categories {
		if c.ID == p.Category {
			for _, name := range c.Name.In {
				words = append(words, name)
			}
		}
	}
	return strings.Join(words, "\n")
}
