package post

import (
	"cmp"
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
	mostSharing = 50 // accounts of one address that a letter names
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
	var mine []store.User
	for _, u := range found {
		kept, err := p.isKeptHere(ctx, u)
		if err != nil {
			return err
		}
		if kept {
			mine = append(mine, u)
		}
	}
	for len(mine) > 0 {
		same := slices.IndexFunc(mine, func(u store.User) bool { return !strings.EqualFold(u.Mail, mine[0].Mail) })
		if same < 0 {
			same = len(mine)
		}
		if err := p.sendReset(ctx, mine[:same], a.Lang); err != nil {
			return err
		}
		mine = mine[same:]
	}
	return nil
}

// named are the accounts of a login or an address, each once, the oldest first:
// whoever gives an address to new accounts pushes nobody out of the letter, and
// who gives their login is found whatever else has their address.
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
// server, and has an address to write to.
func (p *Post) isKeptHere(ctx context.Context, u store.User) (bool, error) {
	if !u.Active || u.Mail == "" {
		return false, nil
	}
	return p.opens(ctx, u)
}

// opens reports whether the address of an account is a way into it. Whoever
// another side knows and who has no password here signs in there; so does whoever
// has none yet, where there is another way in: the account was made for that one,
// which may ask for more than a mailbox, and a password sent by mail would be a
// way past it. Where passwords kept here are the only way in, a letter gives the
// first one.
func (p *Post) opens(ctx context.Context, u store.User) (bool, error) {
	if u.Password != "" {
		return true, nil
	}
	known, err := p.content.IdentitiesOf(ctx, u.ID)
	if err != nil || len(known) > 0 {
		return false, err
	}
	return p.first(ctx)
}

// sendReset writes to the people of one address, in one letter: each account has
// its link, by its login and its domains, so that nobody takes the link of another
// account for theirs.
func (p *Post) sendReset(ctx context.Context, all []store.User, lang string) error {
	words := ui.In(all[0].Language, lang)
	var body []paragraph
	to := all[0]
	for _, u := range all {
		token, err := p.content.NewResetToken(ctx, u.ID, ResetValid, mostResets)
		if fault.Is(err, fault.Limited) {
			continue
		}
		if err != nil {
			return err
		}
		where, err := p.domainsOf(ctx, words, u)
		if err != nil {
			return err
		}
		link := paragraph{link: p.origin + "/reset?token=" + token}
		if len(all) == 1 {
			body = append(body, paragraph{text: words.T("letter.reset", u.Login, where, p.origin)}, link)
			break
		}
		body = append(body, paragraph{text: words.T("letter.reset.account", u.Login, where)}, link)
	}
	if len(body) == 0 {
		return nil
	}
	if len(all) > 1 { // it greets nobody by a name that may not be theirs
		to = store.User{Login: to.Mail, Mail: to.Mail}
		body = append([]paragraph{{text: words.T("letter.reset.several", p.origin)}}, body...)
	}
	if len(all) >= mostSharing {
		body = append(body, paragraph{text: words.T("letter.reset.more")})
	}
	body = append(body, paragraph{text: words.T("letter.reset.once", int(ResetValid/time.Minute))}, paragraph{text: words.T("letter.reset.not_you")})
	return p.put(ctx, envelope{write(words, to, "letter.reset.subject", body...), p.now().Add(ResetValid)})
}

// domainsOf names the domains that an account belongs to.
func (p *Post) domainsOf(ctx context.Context, words *ui.Words, u store.User) (string, error) {
	if u.Everywhere {
		return words.T("admin.everywhere"), nil
	}
	m, err := p.content.Memberships(ctx, u.ID)
	if err != nil || len(m.Domains) == 0 {
		return words.T("letter.reset.nowhere"), err
	}
	var names []string
	for _, id := range m.Domains {
		d, err := p.content.Domain(ctx, id)
		if err != nil {
			return "", err
		}
		name, _ := d.Title.Pick(p.now(), words.Lang(), "en", "fr")
		names = append(names, cmp.Or(name, id))
	}
	return strings.Join(names, ", "), nil
}
