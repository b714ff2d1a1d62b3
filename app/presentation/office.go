package presentation

import (
	"cmp"
	"context"
	"encoding/json"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/peer"
)

// Office is a process of the edition server. Its key and its term are those of its data
// folder, and a clone of that has them too: so each process has a nonce, and a server
// follows one process at a time.
type Office struct {
	Nonce string    `json:"nonce"`
	Host  string    `json:"host"`  // for people
	Place string    `json:"place"` // the folder on its disk, and the start of its machine; "" where nobody knows
	At    time.Time `json:"at,omitzero"`
}

// Claim is how a process of an edition server comes into office.
type Claim struct {
	Office
	Name   string `json:"name"`   // where things are written, for people; "" where nobody said
	After  string `json:"after"`  // nonce of the one before, where its folder knows that it was its own
	Anyway bool   `json:"anyway"` // somebody said that this is the one that goes on
	Deed   *Deed  `json:"deed"`   // of its term
}

// presentFor is how long who was in office counts as being there after it asked.
const presentFor = 10 * time.Second

// rivalry is what is known of the present office, and of who wanted it and did not get it.
type rivalry struct {
	heard time.Time // when who is in office asked last; zero: not since the start
	rival Office    // who was refused last, and when
}

// claim takes a process of the edition server into office: one that has a higher term, or
// that follows the one before in the same folder. Who goes on with a clone of that folder
// is refused, unless somebody says that it is the one.
func (p *Presentation) claim(_ context.Context, q peer.Ask) ([]byte, error) {
	p.leaving.RLock()
	defer p.leaving.RUnlock()
	term, err := termOf(q)
	if err != nil {
		return nil, err
	}
	var c Claim
	if err := json.Unmarshal(q.Body, &c); err != nil || c.Nonce == "" {
		return nil, fault.Because(fault.Invalid, err, "fault.peer.body")
	}
	m := p.membership()
	switch {
	case !m.knows(q.Signer):
		return nil, fault.New(fault.Conflict, "fault.peer.left")
	case term < m.Term:
		return nil, fault.New(fault.Conflict, "fault.peer.term", term, m.Term)
	case term == m.Term && !p.follows(c, m.Office):
		p.refuseOffice(c.Office)
		return nil, twin(m)
	}
	c.At = p.Now()
	if err := p.change(func(m *Membership) {
		m.Office, m.Term, m.Deed, m.Edition = c.Office, term, c.Deed, cmp.Or(c.Name, m.Edition)
	}); err != nil {
		return nil, err
	}
	p.mu.Lock()
	p.office = rivalry{heard: c.At}
	p.mu.Unlock()
	p.log.Info("this server follows another process of the edition server", "host", c.Host)
	return nil, nil
}

// follows reports whether a process may come after the one in office in the same term.
func (p *Presentation) follows(c Claim, before Office) bool {
	if before.Nonce == "" || c.Nonce == before.Nonce || c.Anyway {
		return true
	}
	return c.After == before.Nonce && (!p.InTouch() || c.Place != "" && c.Place == before.Place)
}

// InTouch reports whether who is in office asked a moment ago.
func (p *Presentation) InTouch() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	ago := p.Now().Sub(p.office.heard)
	return !p.office.heard.IsZero() && ago >= 0 && ago < presentFor
}

// rivalLogged is how often it is logged that the same process is refused.
const rivalLogged = 10 * time.Minute

// refuseOffice remembers who was refused, and says so.
func (p *Presentation) refuseOffice(o Office) {
	now := p.Now()
	p.mu.Lock()
	was := p.office.rival
	o.At = now
	p.office.rival = o
	if was.Nonce == o.Nonce && now.Sub(p.rivalSaid) < rivalLogged {
		p.mu.Unlock()
		return
	}
	p.rivalSaid = now
	p.mu.Unlock()
	p.log.Warn("an edition server with a copy of the same data was refused: this server follows another one", "host", o.Host, "hint", "stop one of the two; the page Servers of the one that goes on takes the servers over")
}

// hears remembers that who is in office asked.
func (p *Presentation) hears() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.office.heard = p.Now()
}

// offices are who is in office and who was refused last.
func (p *Presentation) offices() (office, rival Office) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.member.Office, p.office.rival
}

// officeOf is the nonce of the process that asks.
func officeOf(q peer.Ask) string { return q.Query.Get("office") }

// twin is the refusal of a process that is not in office.
func twin(m Membership) error {
	return fault.New(fault.Conflict, "fault.peer.twin", cmp.Or(m.Office.Host, "?"))
}
