package command

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/admission"
	"selfhelp/app/config"
	"selfhelp/app/login"
	"selfhelp/store"
)

var userCommand = Command{
	Name:     "user",
	Operands: "create|list|password|suspend|resume [LOGIN]",
	Summary:  "look after accounts",
	Text: `create makes an account, list prints them, password changes one's password,
suspend ends every session of one and lets it sign in no more, resume undoes it.

A password comes from the variable SELFHELP_PASSWORD, or from the file that
SELFHELP_PASSWORD_FILE names; without either one is made up and printed once.

Accounts in the data folder of a presentation server are the edition server's, and
are changed there.`,
	Facts: []any{[]userLine{}, userReport{}},
	Lacks: "working while the server runs on the same data folder; use the administration then.",
	Prepare: func(set *flag.FlagSet) Deed {
		settings := config.Flags(set, "data", "breached-passwords")
		w := userWish{}
		set.StringVar(&w.role, "role", string(access.User), "`ROLE` of a new account: administrator, manager, writer, expert, designer or user")
		set.StringVar(&w.first, "first-name", "", "first `NAME` of a new account")
		set.StringVar(&w.last, "last-name", "", "last `NAME` of a new account")
		set.StringVar(&w.mail, "mail", "", "`ADDRESS` of a new account")
		set.StringVar(&w.domains, "domains", "", "`DOMAINS` of a new account, separated by commas, or * for all (default sandbox,production)")
		set.BoolVar(&w.json, "json", false, "print JSON")
		return func(ctx context.Context, t Terminal, operands []string) error {
			do, err := w.read(operands)
			if err == nil && operands[0] != "create" {
				err = onlyOfCreate(set)
			}
			if err != nil {
				return err
			}
			if c, err := settings(t.Env); err == nil && operands[0] != "list" {
				if err := notOfPlatform(c.Data, "change accounts on the edition server"); err != nil {
					return err
				}
			}
			must := existing
			if operands[0] == "create" {
				must = made
			}
			return withStore(ctx, t, settings, must, func(st *store.Store) error {
				c, err := settings(t.Env)
				if err != nil {
					return err
				}
				w.rule = ruleOf(ctx, t, c, st)
				return errors.Join(do(ctx, t, st), w.rule.Breached.Close())
			})
		}
	},
}

// onlyOfCreate refuses what says something of a new account where none is made:
// a list is not filtered by it.
func onlyOfCreate(set *flag.FlagSet) (err error) {
	set.Visit(func(f *flag.Flag) {
		if slices.Contains([]string{"role", "first-name", "last-name", "mail", "domains"}, f.Name) {
			err = Misused("--%s is for user create", f.Name)
		}
	})
	return err
}

// userWish is what the command line says about an account.
type userWish struct {
	login, role, first, last, mail, domains string
	json                                    bool
	rule                                    login.Rule // for passwords
}

// ruleOf is what a new password must be. Settings or a list that cannot be read
// are told and left aside: this command is the way back in.
func ruleOf(ctx context.Context, t Terminal, c config.Config, st *store.Store) (rule login.Rule) {
	settings, _, err := admission.ReadSettings(ctx, st.Content, st.Keys)
	if m, missing := settings.Method(admission.InternalID); missing == nil {
		rule.Shortest = m.Kept.Shortest
	}
	if err == nil && c.Breached != "" {
		rule.Breached, err = login.OpenBreached(c.Breached)
	}
	if err != nil {
		fmt.Fprintf(t.Err, "Passwords are checked less than they should be: %v\n", err)
	}
	return rule
}

type userDeed func(ctx context.Context, t Terminal, st *store.Store) error

// read finds the deed among the operands, before anything is opened.
func (w *userWish) read(operands []string) (userDeed, error) {
	deeds := map[string]userDeed{
		"create": w.create, "list": w.list, "password": w.password,
		"suspend": w.suspend, "resume": w.resume,
	}
	if len(operands) == 0 || deeds[operands[0]] == nil {
		return nil, Misused("say what to do: create, list, password, suspend or resume")
	}
	what := operands[0]
	wanted := 2
	if what == "list" {
		wanted = 1
	}
	if len(operands) != wanted {
		return nil, Misused("user %s takes %s", what, map[int]string{1: "no login", 2: "one login"}[wanted])
	}
	if wanted == 2 {
		w.login = operands[1]
	}
	if !slices.Contains(access.Roles(), access.Role(w.role)) {
		return nil, Misused("--role is administrator, writer or user, not %q", w.role)
	}
	return deeds[what], nil
}

func (w *userWish) create(ctx context.Context, t Terminal, st *store.Store) error {
	password, made, err := newPassword(t, w.login, w.rule)
	if err != nil {
		return err
	}
	domains := strings.FieldsFunc(w.domains, func(r rune) bool { return r == ',' || r == ' ' })
	if w.domains == "" {
		domains = []string{"sandbox", "production"}
	}
	u := store.User{
		Login: w.login, FirstName: w.first, LastName: w.last, Mail: w.mail, Password: login.Hash(password),
		Role: access.Role(w.role), Everywhere: w.domains == access.EveryDomain, Active: true,
	}
	if len(domains) == 0 {
		return Misused("--domains names no domain; an account that is in none cannot sign in anywhere")
	}
	for _, d := range domains {
		if _, err := st.Content.Domain(ctx, d); err != nil && !u.Everywhere {
			return noSuch(err, "domain %q", d)
		}
	}
	if u.Everywhere {
		domains = nil
	}
	if u, err = st.Content.CreateAccount(ctx, u, domains, nil, "user create"); err != nil {
		return err
	}
	return w.say(t.Out, "created", u.Login, made)
}

// newPassword returns the password that the environment gives, or one made up,
// which is returned a second time to be printed.
func newPassword(t Terminal, name string, rule login.Rule) (password, made string, err error) {
	password, given, err := config.Secret(t.Env, "SELFHELP_PASSWORD")
	if err != nil {
		return "", "", err
	}
	if !given {
		for len(made) < rule.Length() {
			made += strings.ToLower(rand.Text())
		}
		password = made
	}
	return password, made, rule.Check(password, name)
}

// userReport is what was done to an account.
type userReport struct {
	Did      string `json:"did"`
	Login    string `json:"login"`
	Password string `json:"password,omitempty"` // when it was made up
}

// say prints what was done, and the password when it was made up.
func (w *userWish) say(out io.Writer, did, name, made string) error {
	if w.json {
		return PrintJSON(out, userReport{did, name, made})
	}
	text := fmt.Sprintf("%s: %s", name, did)
	if made != "" {
		text += fmt.Sprintf("; password, shown this once: %s", made)
	}
	_, err := fmt.Fprintln(out, text)
	return err
}

func (w *userWish) password(ctx context.Context, t Terminal, st *store.Store) error {
	u, err := w.find(ctx, st)
	if err != nil {
		return err
	}
	password, made, err := newPassword(t, u.Login, w.rule)
	if err != nil {
		return err
	}
	if err := st.Content.SetPassword(ctx, u.ID, login.Hash(password), "user password"); err != nil {
		return err
	}
	return w.say(t.Out, "password changed, sessions ended", u.Login, made)
}

func (w *userWish) suspend(ctx context.Context, t Terminal, st *store.Store) error {
	return w.setActive(ctx, t, st, false, "suspended")
}

func (w *userWish) resume(ctx context.Context, t Terminal, st *store.Store) error {
	return w.setActive(ctx, t, st, true, "resumed")
}

func (w *userWish) setActive(ctx context.Context, t Terminal, st *store.Store, active bool, did string) error {
	u, err := w.find(ctx, st)
	if err != nil {
		return err
	}
	u.Active = active
	if _, err := st.Content.SaveUser(ctx, u, "user "+did); err != nil {
		return err
	}
	return w.say(t.Out, did, u.Login, "")
}

func (w *userWish) find(ctx context.Context, st *store.Store) (store.User, error) {
	u, err := st.Content.UserByLogin(ctx, w.login)
	if err != nil {
		return u, noSuch(err, "account %q", w.login)
	}
	return u, nil
}

// userLine is an account as the list prints it.
type userLine struct {
	Login   string    `json:"login"`
	Name    string    `json:"name"`
	Mail    string    `json:"mail,omitempty"`
	Role    string    `json:"role"`
	Active  bool      `json:"active"`
	Created time.Time `json:"created"`
}

func (w *userWish) list(ctx context.Context, t Terminal, st *store.Store) error {
	lines := []userLine{}
	for after := ""; ; {
		page, err := st.Content.Users(ctx, store.UserFilter{After: after, Limit: 500})
		if err != nil {
			return err
		}
		if len(page) == 0 {
			break
		}
		for _, u := range page {
			lines = append(lines, userLine{u.Login, u.Name(), u.Mail, string(u.Role), u.Active, u.Created})
		}
		after = page[len(page)-1].ID
	}
	if w.json {
		return PrintJSON(t.Out, lines)
	}
	for _, l := range lines {
		state := "active"
		if !l.Active {
			state = "suspended"
		}
		fmt.Fprintf(t.Out, "%-24s %-14s %-10s %s\n", l.Login, l.Role, state, l.Name)
	}
	return nil
}
