package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/edition"
	"selfhelp/app/execution"
	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/store"
)

// place is a published project where journeys are made.
type place struct {
	project  store.Project
	entries  []*procedure.Procedure
	wishes   []wish
	walker   *walker
	journeys []*journey
}

// bring imports a project, gives its writers their rights and publishes it.
func (s *seeder) bring(ctx context.Context, alias, domain string, writers ...string) (*place, error) {
	archive, err := Open(alias)
	if err != nil {
		return nil, err
	}
	written := archive.Project.Procedures
	archive.Project.Procedures = unreviewed(written)
	s.clock.stop(s.now.AddDate(0, 0, -installed))
	taken, err := edition.TakeIn(ctx, s.st, archive, edition.Import{Domain: domain, By: s.by})
	if err != nil {
		return nil, err
	}
	if err := s.st.Content.SetGrants(ctx, taken.Project.ID, s.grants(writers), s.by); err != nil {
		return nil, err
	}
	if err := s.review(ctx, taken.Project.ID, written); err != nil {
		return nil, err
	}
	s.clock.stop(s.now.AddDate(0, 0, -published))
	if _, err := s.ed.Publish(ctx, edition.Order{Project: taken.Project.ID, Notes: "Première version", By: s.by}); err != nil {
		return nil, err
	}
	p := &place{project: taken.Project, wishes: hrWishes}
	if archive.Project.Public {
		p.wishes = deskWishes
	}
	for _, one := range written {
		s.procedures[one.UID] = one
		if one.Entry {
			p.entries = append(p.entries, one)
		}
	}
	return p, s.send(ctx, p)
}

// unreviewed are procedures before anyone set when to look at them again.
func unreviewed(written []*procedure.Procedure) []*procedure.Procedure {
	list := make([]*procedure.Procedure, len(written))
	for i, p := range written {
		before := *p
		before.Review = procedure.Date{}
		list[i] = &before
	}
	return list
}

// review lets those who answer for procedures set when to look at them again,
// one after the other until the project is published.
func (s *seeder) review(ctx context.Context, project string, written []*procedure.Procedure) error {
	for i, p := range written {
		if p.Review.IsZero() {
			continue
		}
		apart := (installed - published) * 24 * time.Hour / time.Duration(len(written)+1)
		s.clock.stop(s.now.AddDate(0, 0, -installed).Add(time.Duration(i+1) * apart))
		was, err := s.st.Content.Procedure(ctx, project, p.UID)
		if err != nil {
			return err
		}
		operation, err := json.Marshal(procedure.Operation{Do: "set_procedure", Path: "review", Value: p.Review})
		if err != nil {
			return err
		}
		if _, err := s.st.Content.SaveRevision(ctx, store.Edit{Project: project, UID: p.UID, Version: was.Version, Data: p, Operation: operation, By: s.named(p.Owner)}); err != nil {
			return err
		}
	}
	return nil
}

// named is the id of an account; the administrator's, of one there is not.
func (s *seeder) named(login string) string {
	for _, who := range s.people {
		if who.Login == login {
			return who.id
		}
	}
	return s.by
}

// grants gives writers all they need on a project.
func (s *seeder) grants(writers []string) (list []access.Grant) {
	for _, who := range s.people {
		for _, w := range writers {
			if who.Login != w {
				continue
			}
			for _, r := range access.Rights() {
				list = append(list, access.Grant{Right: r, User: who.id})
			}
		}
	}
	return list
}

// send makes the walker of a place, with the papers people attach.
func (s *seeder) send(ctx context.Context, p *place) error {
	hold := s.ed.Shelf().Hold()
	defer hold.Release()
	n, err := publication.ParseNumber(firstVersion)
	if err != nil {
		return err
	}
	bundle, err := hold.Version(p.project.Domain, p.project.Data.UID, n)
	if err != nil {
		return err
	}
	p.walker = &walker{library: bundle, random: s.random}
	if p.walker.paper, err = s.attach(ctx, "justificatif.pdf", "application/pdf", onePage); err != nil {
		return err
	}
	p.walker.picture, err = s.attach(ctx, "signature.png", "image/png", scribble())
	return err
}

func (s *seeder) attach(ctx context.Context, name, media string, content []byte) (execution.File, error) {
	kept, err := s.st.Files.Put(ctx, bytes.NewReader(content), int64(len(content)))
	return execution.File{Name: name, Type: media, Size: int64(len(content)), Hash: kept.Hash}, err
}

// onePage is an empty sheet of paper.
var onePage = []byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n")

// scribble is a line such as a finger draws.
func scribble() []byte {
	img := image.NewGray(image.Rect(0, 0, 160, 48))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for x := 12; x < 148; x++ {
		y := 24 + (x%22-11)*(x%22-11)/9 - x/12
		img.SetGray(x, y, color.Gray{})
		img.SetGray(x, y+1, color.Gray{})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil
	}
	return b.Bytes()
}

// journey makes journeys at a moment until one ends as often as wished.
func (s *seeder) journey(p *place, at time.Time) error {
	weights := make([]int, len(p.wishes))
	for i, w := range p.wishes {
		weights[i] = w.weight
	}
	wanted := p.wishes[weighted(s.random, weights)].outcome
	var made *journey
	for range 20 {
		o := s.outing(p, at)
		if wanted == procedure.Abandoned {
			o.patience = 1 + s.random.IntN(5)
		}
		var err error
		if made, err = p.walker.walk(store.NewID(), o); err != nil {
			return err
		}
		if made.outcome == wanted || made.outcome == "" && wanted == procedure.Abandoned {
			break
		}
	}
	p.journeys = append(p.journeys, made)
	return nil
}

func (s *seeder) outing(p *place, at time.Time) outing {
	entry := chooseEntry(s.random, p.entries)
	who := chooseWho(s.random, entry, p.project.Data.Public, s.people)
	o := outing{entry: entry, who: who, language: who.Language, channel: "portal", began: at, patience: longest}
	if o.language == "" {
		o.language = "fr"
		if s.random.IntN(8) == 0 {
			o.language = "en"
		}
	}
	if s.random.IntN(9) == 0 {
		o.channel = "embed"
	}
	return o
}
