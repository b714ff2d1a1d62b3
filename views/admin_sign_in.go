package views

import (
	"time"

	"selfhelp/views/ui"
)

// AdminSignIn is the list of the ways in, in their order.
type AdminSignIn struct {
	Office
	Version int64
	Methods []MethodCard
	Kinds   []Option // that may be added
	Away    AwayForm
	Second  SecondForm
	Limits  LimitsForm
	Wrong   map[string]string
	Stale   bool
}

// SecondForm says who shows more than a password.
type SecondForm struct {
	Who   string
	Whose []Option
	Lacks bool // whoever looks at it has nothing but a password
}

// LimitsForm says how long sessions last, and how many an account has.
type LimitsForm struct {
	Version       int64
	Idle, Longest string // minutes
	Idles, Longs  []Option
	Most          string
}

// MethodCard is one way in.
type MethodCard struct {
	ID, Kind, Name string
	Icon           string
	Tone           ui.Tone
	State          string
	Facts          []string
	First, Last    bool
	On             bool
}

// AwayForm says who may come in while a directory is away.
type AwayForm struct {
	Directories bool // there are some
	Who         string
	Kinds       []Option
	Groups      []GroupTick
	Run         bool
}

// FormSection is a part of a long form.
type FormSection struct {
	Title, Lead string
	Fields      []FormField
}

// FormField is a field of a long form: a line, several lines, a choice or a tick.
type FormField struct {
	ui.Input
	Rows    int // more than none: several lines
	Choices []Option
	Tick    bool
	On      bool
	Pairs   []FormPair // what of theirs is what of ours
	Ours    []Option
	Several []DomainTick // of which any may be ticked
}

// FormPair is a row of two: something of theirs, and something of ours.
type FormPair struct{ Theirs, Ours string }

// AdminMethod is the page of one way in.
type AdminMethod struct {
	Office
	ID       string // "" for a new one
	Promised string // ID that a new one will have, when Ours already tells it
	Kind     string
	KindName string
	Version  int64
	Likes    []Option // kinds of products whose settings can be filled in
	Sections []FormSection
	On       bool
	Tone     ui.Tone
	State    string
	Wrong    map[string]string
	Stale    bool
	Testing  bool // there is something to try
	Syncing  bool // there is somebody to list
	Last     *SyncFacts
	Attempts []AttemptRow
	Known    int // people it knows
	Ours     *OurSide
	Base     string // address at which a program keeps accounts, for a method of that
	Tried    bool   // the last of the attempts is a try that was just made
}

// OurSide is what a provider must know of us.
type OurSide struct {
	ID       string // of the method
	Lead     string // what to do with it
	Metadata string // address
	Try      string // address
	Facts    [][2]string
	Expiries []string // certificates that end soon
	Pairs    int      // keys of ours, for SAML
	Keyed    bool     // a key and a certificate may be made for the other side
	Key      bool     // it has them
	Proxy    string   // lines for the proxy that asks for the certificate
}

// AdminMethodKey shows the key and the certificate of the host product, once.
type AdminMethodKey struct {
	Office
	ID, Key, Certificate, Private, Until string
	Proxy                                string // lines for the proxy that asks for the certificate
}

// SyncFacts are what the last synchronisation did, in words.
type SyncFacts struct {
	At     time.Time
	Ago    string
	Words  string
	Failed string
}

// AttemptRow is a sign-in with what was sent and answered.
type AttemptRow struct {
	At      time.Time
	Login   string
	Tone    ui.Tone
	Outcome string
	Trace   []TraceRow
}

// TraceRow is one exchange.
type TraceRow struct {
	After, Sent, Answer string
	Worded              bool // Sent is a sentence, and not as a protocol writes it
	Failed              bool
}

// AdminMethodTest is what a try of a way in gave.
type AdminMethodTest struct {
	Office
	ID      string
	Login   string
	Tone    ui.Tone
	Outcome string
	Advice  string
	Facts   [][2]string // what the other side told
	Would   []string    // what would become of the account
	Trace   []TraceRow
}

// AdminSync is what a synchronisation would change, or changed.
type AdminSync struct {
	Office
	ID      string
	Dry     bool
	Counts  []SyncCount
	Lines   []SyncLine
	More    int
	Failed  string
	Advice  string
	Trace   []TraceRow
	Nothing bool
}

// SyncCount is a number of a synchronisation.
type SyncCount struct {
	Name string
	N    int64
}

// SyncLine is one person in it.
type SyncLine struct {
	Tone    ui.Tone
	Act     string
	User    string
	Login   string
	Name    string
	Changes []string
}
