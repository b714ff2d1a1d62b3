package post

import (
	"context"
	"fmt"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store"
	"selfhelp/views/ui"
)

// Ending is a certificate, as far as it matters when it ends.
type Ending struct {
	Mark  string // tells it from every other
	Name  string
	Until time.Time
}

// warnings are how many days before a certificate ends administrators are written to,
// the last first.
var warnings = []int{1, 3, 7, 14, 30}

// WarnOfCertificates writes to the administrators of the server where certificates end
// soon. Each letter is written once, however often this is called.
func (p *Post) WarnOfCertificates(ctx context.Context, all []Ending) error {
	if may, err := p.writes(ctx); err != nil || !may {
		return err
	}
	admins, err := p.content.Users(ctx, store.UserFilter{Role: "administrator", Active: true, Limit: 1000})
	if err != nil {
		return fmt.Errorf("find who is told of certificates: %w", err)
	}
	for _, c := range all {
		for _, days := range warnings {
			if left := c.Until.Sub(p.now()); left <= 0 || left > time.Duration(days)*day {
				continue
			}
			for _, u := range admins {
				if err := p.warn(ctx, c, days, u); err != nil {
					return fmt.Errorf("tell of the certificate of %s: %w", c.Name, err)
				}
			}
			break
		}
	}
	return nil
}

// warn writes to one administrator, unless that was done.
func (p *Post) warn(ctx context.Context, c Ending, days int, u store.User) error {
	if u.Mail == "" || !u.Everywhere {
		return nil
	}
	words := ui.In(u.Language)
	body := []paragraph{{text: words.T("letter.certificate", c.Name, words.DateTime(c.Until))}, {text: words.T("letter.certificate.do")}}
	if p.origin != "" {
		body = append(body, paragraph{link: p.origin + "/admin/certificates"})
	}
	err := p.enqueue(ctx, kindLetter, fmt.Sprintf("certificate/%s/%d/%s", c.Mark, days, u.ID), envelope{write(words, u, "letter.certificate.subject", body...), c.Until})
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	return err
}
