package post

import (
	"context"
	"fmt"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store"
	"selfhelp/views/ui"
)

// reminders are how many days before a token expires its owner is written to, the
// last first. One that was made for no longer than that is not told of then.
var reminders = []int{1, 7}

const day = 24 * time.Hour

// RemindOfTokens writes to the owners of tokens that expire soon. Each letter is
// written once, however often this is called.
func (p *Post) RemindOfTokens(ctx context.Context) error {
	if s, _, err := p.Server(ctx); err != nil || s.Host == "" {
		return err
	}
	all, err := p.content.Tokens(ctx)
	if err != nil {
		return err
	}
	for _, k := range all {
		for _, days := range reminders {
			before := time.Duration(days) * day
			if left := k.Expires.Sub(p.now()); left <= 0 || left > before || k.Expires.Sub(k.Created) <= before {
				continue
			}
			if err := p.remind(ctx, k, days); err != nil {
				return fmt.Errorf("remind of token %s: %w", k.ID, err)
			}
			break
		}
	}
	return nil
}

// remind writes to the owner of a token, unless it opens nothing any more.
func (p *Post) remind(ctx context.Context, k store.Token, days int) error {
	u, err := p.content.User(ctx, k.User)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil || !u.Active || u.Mail == "" || k.Created.Before(u.SessionsFrom) {
		return err
	}
	words := ui.In(u.Language)
	body := []paragraph{{text: words.T("letter.token", k.Name, u.Login, p.origin, words.DateTime(k.Expires))}, {text: words.T("letter.token.do")}}
	if p.origin != "" {
		body = append(body, paragraph{link: p.origin + "/me/tokens"})
	}
	return p.enqueue(ctx, kindLetter, fmt.Sprintf("%s/%d", k.ID, days), envelope{write(words, u, "letter.token.subject", body...), k.Expires})
}
