package views

import (
	"slices"
	"time"

	"selfhelp/views/ui"
)

// AdminServers is the presentation servers of the platform, and how they are.
type AdminServers struct {
	Office
	At      time.Time
	Own     ServerCard // this one
	Targets []ServerTarget
	Flows   []Flow
	Add     ServerForm
	Portal  PortalForm
	Change  ServerForm        // of a server that there is; none: no id
	Wrong   map[string]string // of the form that was refused
	Single  bool              // this server shows things to people itself
}

// PortalForm is how people reach the presentation servers.
type PortalForm struct {
	Address string
	Version string
	Differ  string // why it should be given; "" where nothing is wrong
}

// ServerTarget is a group of servers that are given the same publications.
type ServerTarget struct {
	ID, Title string
	Way       string // together, rolling or canary
	Minutes   int    // of the pause, by canary
	Domains   []TargetDomain
	All       bool // every domain
	Wanted    uint64
	Held      bool // it stays at that
	Version   int64
	Done      int // servers that serve what is wanted
	Serving   int // those of them that answer
	Newer     int // servers that serve something that is not known here
	Waits     string
	Force     bool // one may go on without waiting
	Servers   []ServerCard
	Open      bool // its form is
	Wrong     map[string]string
}

// TargetDomain is a domain that a group may show.
type TargetDomain struct {
	Option
	On bool
}

// ServerCard is one server.
type ServerCard struct {
	ID, Name, Address string
	Own               bool // this one
	Tone              ui.Tone
	State             string
	Brief             string // what it serves, how many are there and when it answered; "" where nothing is known
	Detail            string // what is wrong, or what is being done
	Do                string // what to do about it
	Percent           int    // of what is being sent; -1: nothing is
	Facts             []Fact
	Newer             uint64 // sequence that it serves and that is newer than ours; 0: it does not
	Twin              bool   // it follows another edition server with the same data
	Asking            bool   // whether it is to be removed is asked
	Anyway            bool   // it did not answer: forget it even so
}

// Fact is a name with its value.
type Fact struct {
	Name, Value string
	What        string // it means; "" where that is plain
}

// ServerForm is what was typed to add a server, or to change the one with an id.
type ServerForm struct{ ID, Version, Name, Address, Target string }

// Flow is one line of the matrix of flows.
type Flow struct {
	From, To, Port, For string
	Paper               bool // it is one of those the product promises to keep to
}

// tone is how all servers are.
func (t ServerTarget) tone() ui.Tone {
	for _, s := range t.Servers {
		if s.Tone == ui.Wrong {
			return ui.Wrong
		}
	}
	if t.Done < len(t.Servers) {
		return ui.Info
	}
	return ui.OK
}

// key is what tells a server from the others of the page.
func (s ServerCard) key() string {
	if s.Own {
		return "own"
	}
	return s.ID
}

// adds reports whether the form for another server stands open: there is none, or what was
// typed is refused.
func (p AdminServers) adds() bool {
	all := 0
	for _, t := range p.Targets {
		all += len(t.Servers)
	}
	return all == 0 || p.Add != ServerForm{}
}

// grouping reports whether a form of the groups was refused.
func (p AdminServers) grouping() bool {
	return p.Wrong["title"] != "" || p.Wrong["id"] != "" || slices.ContainsFunc(p.Targets, func(t ServerTarget) bool { return t.Open })
}

// ways are the ways in which a group comes to serve what was published.
func (p AdminServers) ways() []Option {
	return []Option{{"together", p.T("servers.way.together")}, {"rolling", p.T("servers.way.rolling")}, {"canary", p.T("servers.way.canary")}}
}

// choices are the groups for a server that is new: one is chosen.
func (p AdminServers) choices() []Option {
	return append([]Option{{"", p.T("servers.target.choose")}}, p.targets()...)
}

func (p AdminServers) targets() (all []Option) {
	for _, t := range p.Targets {
		all = append(all, Option{t.ID, t.Title})
	}
	return all
}

// every is after how many seconds the servers are looked at again: sooner while something
// is on its way.
func (p AdminServers) every() string {
	for _, t := range p.Targets {
		if t.Done < len(t.Servers) {
			return "2"
		}
	}
	return "10"
}
