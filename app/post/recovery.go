package post

import (
	"context"
	"fmt"
	"strings"

	"selfhelp/app/connect/mail"
	"selfhelp/app/fault"
	"selfhelp/app/recovery"
	"selfhelp/store"
	"selfhelp/views/ui"
)

// Told are those who are written to when another site takes over, beside the
// administrators of the server.
type Told struct {
	Addresses []string `json:"addresses"`
}

// The setting that keeps them, and how many it takes.
const (
	toldKey  = "recovery.told"
	toldMost = 50
)

// Told returns who is written to beside the administrators, and the version that a
// change must name.
func (p *Post) Told(ctx context.Context) (t Told, version int64, err error) {
	version, err = p.content.Setting(ctx, toldKey, &t)
	return t, version, err
}

// SaveTold keeps other addresses.
func (p *Post) SaveTold(ctx context.Context, t Told, version int64, by string) error {
	if len(t.Addresses) > toldMost {
		return fault.InField("addresses", "fault.recovery.addresses.many")
	}
	for _, a := range t.Addresses {
		if !mail.IsAddress(a) {
			return &fault.Error{Kind: fault.Invalid, Key: "fault.form", Fields: map[string]string{"addresses": "fault.recovery.addresses"}}
		}
	}
	return p.content.SaveSetting(ctx, toldKey, version, t, by, nil)
}

// toldOf are all who are written to: the administrators of the server that have an
// address, each in their language, and those of the setting.
func (p *Post) toldOf(ctx context.Context) (to []store.User, err error) {
	admins, err := p.content.Users(ctx, store.UserFilter{Role: "administrator", Active: true, Limit: 1000})
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{"": true}
	add := func(u store.User) {
		if key := strings.ToLower(u.Mail); !seen[key] {
			seen[key] = true
			to = append(to, u)
		}
	}
	for _, u := range admins {
		if u.Everywhere {
			add(u)
		}
	}
	more, _, err := p.Told(ctx)
	for _, a := range more.Addresses {
		add(store.User{Login: a, Mail: a})
	}
	return to, err
}

// Notice is a letter of the recovery plan.
type Notice struct {
	Phase recovery.Phase // Outage, Available or Return
	Drill bool
	Text  string // what whoever sends it adds, "" for nothing
}

// TellRecovery writes to everybody who is to know, and returns how many they are: 0
// where no mail server is set up.
func (p *Post) TellRecovery(ctx context.Context, n Notice, lang string) (int, error) {
	if may, err := p.writes(ctx); err != nil || !may {
		return 0, err
	}
	to, err := p.toldOf(ctx)
	if err != nil {
		return 0, fmt.Errorf("find who is told of the recovery: %w", err)
	}
	for _, u := range to {
		if err := p.put(ctx, envelope{Letter: p.notice(ui.In(u.Language, lang), u, n)}); err != nil {
			return 0, err
		}
	}
	return len(to), nil
}

func (p *Post) notice(words *ui.Words, to store.User, n Notice) mail.Letter {
	key := fmt.Sprintf("letter.recovery.%d", n.Phase)
	body := []paragraph{{text: words.T(key)}}
	if n.Text != "" {
		body = append(body, paragraph{text: n.Text})
	}
	if n.Phase == recovery.Available && p.origin != "" {
		body = append(body, paragraph{link: p.origin})
	}
	if n.Drill {
		body = append([]paragraph{{text: words.T("letter.recovery.drill")}}, body...)
	}
	return write(words, to, key+".subject", body...)
}
