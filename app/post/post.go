package post

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"selfhelp/app/connect/mail"
	"selfhelp/app/fault"
	"selfhelp/app/job"
	"selfhelp/app/login"
	"selfhelp/store"
	"selfhelp/views/ui"
)

// Post writes letters and hands them to the outbox.
type Post struct {
	content  *store.Content
	activity *store.Activity
	keys     *store.Keys
	origin   string
	now      func() time.Time
	log      *slog.Logger
	wake     chan struct{}
	first    func(context.Context) (bool, error)
}

// New returns the post of a store. The origin is what links in letters begin
// with; without one, no letter with a link is written.
func New(st *store.Store, origin string, now func() time.Time, log *slog.Logger) *Post {
	return &Post{content: st.Content, activity: st.Activity, keys: st.Keys, origin: origin, now: now, log: log, wake: make(chan struct{}, 1), first: func(context.Context) (bool, error) { return true, nil }}
}

// GiveFirst says what tells whether an account that never had a password gets one
// by a letter. It is called once, before letters are written.
func (p *Post) GiveFirst(may func(context.Context) (bool, error)) { p.first = may }

// The kinds of messages in the outbox.
const (
	kindLetter = "mail"  // to be given to the mail server
	kindReset  = "reset" // somebody asks for a new password
)

// envelope is a letter in the outbox, sealed there.
type envelope struct {
	mail.Letter
	Until time.Time `json:"until,omitzero"` // what it says holds no longer
}

// Deeds are what is to be done with the messages of the post.
func (p *Post) Deeds() map[string]job.Deed {
	return map[string]job.Deed{kindLetter: p.deliver, kindReset: p.answerReset}
}

// Wake tells when there is something new in the outbox.
func (p *Post) Wake() <-chan struct{} { return p.wake }

// Address is what the links in letters begin with, "" when nobody said.
func (p *Post) Address() string { return p.origin }

// Links reports whether letters with links can be written: there is a mail
// server, and the links lead somewhere.
func (p *Post) Links(ctx context.Context) (bool, error) {
	s, _, err := p.Server(ctx)
	return s.Host != "" && p.origin != "", err
}

// Server returns the mail server, and the version a change must name.
func (p *Post) Server(ctx context.Context) (mail.Server, int64, error) {
	return ReadServer(ctx, p.content, p.keys)
}

// SaveServer keeps another mail server, or none.
func (p *Post) SaveServer(ctx context.Context, s mail.Server, version int64, by string) error {
	return SaveServer(ctx, p.content, p.keys, s, version, by)
}

// Try gives a letter to the mail server at once, to show what it says.
func (p *Post) Try(ctx context.Context, to store.User, words *ui.Words) (*login.Trace, error) {
	trace := &login.Trace{}
	s, _, err := p.Server(ctx)
	if err != nil {
		return trace, err
	}
	l := write(words, to, "letter.test.subject", paragraph{text: words.T("letter.test", words.DateTime(p.now()))})
	return trace, s.Send(ctx, l, trace)
}

// put hands a letter to the outbox.
func (p *Post) put(ctx context.Context, e envelope) error {
	return p.enqueue(ctx, kindLetter, store.NewID(), e)
}

// enqueue seals what a message says: it may lead to an account. The same key of a
// kind is the same message, ever.
func (p *Post) enqueue(ctx context.Context, kind, key string, payload any) error {
	plain, err := json.Marshal(payload)
	if err != nil {
		return fmt.Errorf("write message: %w", err)
	}
	sealed, err := json.Marshal(p.keys.Seal("outbox/"+kind, string(plain)))
	if err != nil {
		return fmt.Errorf("write message: %w", err)
	}
	if err := p.activity.Enqueue(ctx, store.Message{Kind: kind, Key: kind + "/" + key, Payload: sealed}); err != nil {
		return err
	}
	p.rouse()
	return nil
}

func (p *Post) rouse() {
	select {
	case p.wake <- struct{}{}:
	default: // it is awake already
	}
}

// open is the contrary: what a message says.
func (p *Post) open(m store.Message, into any) error {
	var sealed string
	if err := json.Unmarshal(m.Payload, &sealed); err != nil {
		return fault.Because(fault.Invalid, err, "fault.mail.letter")
	}
	plain, err := p.keys.Unseal("outbox/"+m.Kind, sealed)
	if err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(plain), into); err != nil {
		return fault.Because(fault.Invalid, err, "fault.mail.letter")
	}
	return nil
}

// deliver gives a letter of the outbox to the mail server.
func (p *Post) deliver(ctx context.Context, m store.Message) error {
	var e envelope
	if err := p.open(m, &e); err != nil {
		return err
	}
	if !e.Until.IsZero() && p.now().After(e.Until) {
		return fault.New(fault.Invalid, "fault.mail.late")
	}
	s, _, err := p.Server(ctx)
	if err != nil {
		return err
	}
	return s.Send(ctx, e.Letter, nil)
}

// Undelivered is a letter that is not with the mail server.
type Undelivered struct {
	ID       int64
	To       string
	Subject  string
	At       time.Time
	Due      time.Time // when it is tried again
	Attempts int
	Why      string // key of a sentence, "" when it was not tried yet
	Args     []any
}

// Undelivered are the letters in a state, the latest first, so many at most.
func (p *Post) Undelivered(ctx context.Context, state store.MessageState, limit int) (list []Undelivered, err error) {
	messages, err := p.activity.Messages(ctx, state, kindLetter, 0, limit)
	for _, m := range messages {
		var e envelope
		if p.open(m, &e) != nil {
			e.To, e.Subject = "?", "?" // sealed by another key: still something to see
		}
		u := Undelivered{ID: m.ID, To: e.To, Subject: e.Subject, At: m.Created, Due: m.Due, Attempts: m.Attempts}
		if m.Error != "" {
			u.Why, u.Args = job.Said(m.Error)
		}
		list = append(list, u)
	}
	return list, err
}

// Again tries a letter that was given up again, at once.
func (p *Post) Again(ctx context.Context, id int64) error {
	if err := p.activity.MessageAgain(ctx, id); err != nil {
		return err
	}
	p.rouse()
	return nil
}

// Backlog counts the letters in a state.
func (p *Post) Backlog(ctx context.Context, state store.MessageState) (store.Backlog, error) {
	return p.activity.Backlog(ctx, state, kindLetter)
}
