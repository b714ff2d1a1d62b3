package post

import (
	"context"
	"slices"
	"strings"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store"
	"selfhelp/views/ui"
)

// A link to choose a new password is good for an hour, and no more of them are
// sent to an account in that time.
const (
	ResetValid  = time.Hour
	mostResets  = 3
	mostSharing = 5 // accounts that have one address
	maxAsked    = 254
)

// ask is what somebody typed who forgot their password.
type ask struct {
	Who  string `json:"who"`  // a login, or an address
	Lang string `json:"lang"` // of the page
}

// AskReset takes what somebody typed who forgot their password. It does the same
// whoever that is: who it was is found later, when nobody waits.
func (p *Post) AskReset(ctx context.Context, who, lang string) error {
	who = strings.TrimSpace(who)
	return p.enqueue(ctx, kindReset, store.NewID(), ask{who[:min(len(who), maxAsked)], lang})
}

// answerReset writes to the people of a login or an address.
func (p *Post) answerReset(ctx context.Context, m store.Message) error {
	var a ask
	if err := p.open(m, &a); err != nil {
		return err
	}
	found, err := p.named(ctx, a.Who)
	if err != nil {
		return err
	}
	for _, u := range found {
		mine, err := p.isKeptHere(ctx, u)
		if err == nil && mine {
			err = p.sendReset(ctx, u, a.Lang)
		}
		if err != nil && !fault.Is(err, fault.Limited) {
			return err
		}
	}
	return nil
}

// named are the accounts of a login or an address, each once.
func (p *Post) named(ctx context.Context, who string) ([]store.User, error) {
	found, err := p.content.UsersByMail(ctx, who, mostSharing)
	if err != nil {
		return nil, err
	}
	u, err := p.content.UserByLogin(ctx, who)
	switch {
	case fault.Is(err, fault.NotFound):
		return found, nil
	case err != nil:
		return nil, err
	case slices.ContainsFunc(found, func(f store.User) bool { return f.ID == u.ID }):
		return found, nil
	}
	return append(found, u), nil
}

// isKeptHere reports whether an account may come in by a password of this
// server, and has an address to write to. Whoever another side knows and who
// has no password here signs in there.
func (p *Post) isKeptHere(ctx context.Context, u store.User) (bool, error) {
	if !u.Active || u.Mail == "" {
		return false, nil
	}
	if u.Password != "" {
		return true, nil
	}
	known, err := p.content.IdentitiesOf(ctx, u.ID)
	return len(known) == 0, err
}

func (p *Post) sendReset(ctx context.Context, u store.User, lang string) error {
	token, err := p.content.NewResetToken(ctx, u.ID, ResetValid, mostResets)
	if err != nil {
		return err
	}
	words := ui.In(u.Language, lang)
	l := write(words, u, "letter.reset.subject",
		paragraph{text: words.T("letter.reset", u.Login, p.origin)}, paragraph{link: p.origin + "/reset?token=" + token},
		paragraph{text: words.T("letter.reset.once", int(ResetValid/time.Minute))}, paragraph{text: words.T("letter.reset.not_you")})
	return p.put(ctx, envelope{l, p.now().Add(ResetValid)})
}

// TellChanged writes to somebody whose password was changed. It leads nowhere:
// who gets it without having done it must not be led on.
func (p *Post) TellChanged(ctx context.Context, u store.User, lang string) error {
	return p.tell(ctx, u, lang, "changed")
}

// TellFactors writes to somebody who changed what they show beside their password.
func (p *Post) TellFactors(ctx context.Context, u store.User, lang string) error {
	return p.tell(ctx, u, lang, "factors")
}

// tell writes to somebody about a change of how they sign in. Without a mail
// server, or an address of theirs, nobody is told.
func (p *Post) tell(ctx context.Context, u store.User, lang, what string) error {
	if u.Mail == "" {
		return nil
	}
	if s, _, err := p.Server(ctx); err != nil || s.Host == "" {
		return err
	}
	words, what := ui.In(u.Language, lang), "letter."+what
	return p.put(ctx, envelope{Letter: write(words, u, what+".subject",
		paragraph{text: words.T(what, u.Login, p.origin, words.DateTime(p.now()))}, paragraph{text: words.T(what + ".not_you")})})
}
