package post

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"selfhelp/app/fault"
	"selfhelp/store"
	"selfhelp/views/ui"
)

// TellChanged writes to somebody whose password was changed. It leads nowhere:
// who gets it without having done it must not be led on.
func (p *Post) TellChanged(ctx context.Context, u store.User, lang string) error {
	return p.tell(ctx, u, lang, "changed")
}

// TellFactors writes to somebody who changed what they show beside their password.
func (p *Post) TellFactors(ctx context.Context, u store.User, lang string) error {
	return p.tell(ctx, u, lang, "factors")
}

// tell writes to somebody about a change of how they sign in, and to the address that
// they had until just now: who took the account over may have changed it first, to
// change it back before its owner is told. Without a mail server, or an address of
// theirs, nobody is told.
func (p *Post) tell(ctx context.Context, u store.User, lang, what string) error {
	if may, err := p.writes(ctx); err != nil || !may {
		return err
	}
	before, err := p.content.MailBefore(ctx, u.ID)
	if err != nil {
		return fmt.Errorf("find the address before: %w", err)
	}
	addresses := []string{u.Mail, before}
	if strings.EqualFold(u.Mail, before) {
		addresses = addresses[:1]
	}
	words, what := ui.In(u.Language, lang), "letter."+what
	for _, u.Mail = range addresses {
		if u.Mail == "" {
			continue
		}
		err := p.put(ctx, envelope{Letter: write(words, u, what+".subject",
			paragraph{text: words.T(what, u.Login, p.origin, words.DateTime(p.now()))}, paragraph{text: words.T(what + ".not_you")})})
		if err != nil {
			return err
		}
	}
	return nil
}

// writes reports whether there is a mail server to give letters to.
func (p *Post) writes(ctx context.Context) (bool, error) {
	s, _, err := p.Server(ctx)
	return s.Host != "", err
}

// mostMoved is how many changes of addresses are told at once; the next round
// goes on.
const mostMoved = 100

// An address that changes is often changed again at once: it was mistyped, or a
// directory and a person disagree. The letter waits until it has stayed for
// movedSettles, in which a person looks at what they saved; changes that go on do not
// put it off for longer than movedWaits, in which an owner can still do something.
const (
	movedSettles = 5 * time.Minute
	movedWaits   = 20 * time.Minute
)

// TellMoved writes to the addresses that accounts had before, each once, however
// often this is called: several changes are one letter, to the address before the
// first of them, and none where it is the same again. It does so whoever changed the
// address, a person or a program: who holds the new one can choose the password anew.
// Where the address opens nothing, nobody is told: a directory that renames everybody's
// would otherwise write to everybody, about an account they sign in to elsewhere.
func (p *Post) TellMoved(ctx context.Context) error {
	now := p.now()
	all, err := p.content.MailChanges(ctx, now.Add(-movedSettles), now.Add(-movedWaits), mostMoved)
	if err != nil || len(all) == 0 {
		return err
	}
	may, err := p.writes(ctx)
	if err != nil {
		return err
	}
	for _, m := range all {
		if may {
			if err := p.tellMoved(ctx, m); err != nil {
				return fmt.Errorf("tell of the change of the address of account %s: %w", m.User, err)
			}
		}
		if err := p.content.ForgetMailChange(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// tellMoved writes to the address that an account had before.
func (p *Post) tellMoved(ctx context.Context, m store.MailChange) error {
	u, err := p.content.User(ctx, m.User)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil || strings.EqualFold(u.Mail, m.Was) {
		return err
	}
	if opens, err := p.opens(ctx, u); err != nil || !opens {
		return err
	}
	words := ui.In(u.Language)
	what := words.T("letter.moved", u.Login, p.origin, words.DateTime(m.At), hint(u.Mail))
	if u.Mail == "" {
		what = words.T("letter.moved.removed", u.Login, p.origin, words.DateTime(m.At))
	}
	u.Mail = m.Was
	return p.enqueue(ctx, kindLetter, fmt.Sprintf("moved/%s/%d", m.User, m.At.UnixMilli()), envelope{Letter: write(words, u, "letter.moved.subject", paragraph{text: what}, paragraph{text: words.T("letter.moved.not_you")})})
}

// hint is an address as somebody recognises it who knows it: whoever reads the
// letter need not be the person that it belongs to.
func hint(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at <= 0 {
		return "…"
	}
	_, first := utf8.DecodeRuneInString(address)
	return address[:first] + "…" + address[at:]
}
