package views

import (
	"slices"
	"strconv"
	"time"

	"selfhelp/views/ui"
)

// Office is what every page of the administration stands in.
type Office struct {
	ui.Chrome
	Where  string // the tab it is under
	Server bool   // the person administers the whole server
}

// officeTab is a page of the administration, or one that others stand below.
type officeTab struct{ where, url, key string }

// officePart is what belongs together in the administration.
type officePart struct {
	key  string // of its name
	tabs []officeTab
}

func (p officePart) holds(where string) bool {
	return slices.ContainsFunc(p.tabs, func(t officeTab) bool { return t.where == where })
}

// parts are those of the administration the person may enter.
func (o Office) parts() (all []officePart) {
	home := officeTab{"home", "/admin", "admin.home"}
	people := []officeTab{{"users", "/admin/users", "admin.users"}, {"groups", "/admin/groups", "admin.groups"}, {"domains", "/admin/domains", "admin.domains"}, {"explain", "/admin/explain", "explain.short"}, {"sessions", "/admin/sessions", "admin.sessions"}}
	if !o.Server { // few enough to stand in one line
		for _, t := range append([]officeTab{home}, people...) {
			all = append(all, officePart{t.key, []officeTab{t}})
		}
		return all
	}
	return []officePart{
		{home.key, []officeTab{home}},
		{"admin.people", append(people, officeTab{"sign_in", "/admin/sign-in", "admin.sign_in"}, officeTab{"tokens", "/admin/tokens", "admin.tokens"})},
		{"admin.server", []officeTab{{"status", "/admin/status", "admin.status.short"}, {"servers", "/admin/servers", "servers.short"}, {"certificates", "/admin/certificates", "certificates.short"}, {"mail", "/admin/mail", "admin.mail"}, {"audit", "/admin/audit", "admin.audit"}, {"settings", "/admin/settings", "admin.settings"}}},
		{"admin.continuity", []officeTab{{"backups", "/admin/backups", "calendar.short"}, {"past", "/admin/past", "past.short"}, {"recovery", "/admin/recovery", "plan.short"}}},
		{"guide.short", []officeTab{{"guide", "/admin/guide", "guide.short"}}},
	}
}

// Option is a value to choose.
type Option struct{ Value, Name string }

// Alert is something wrong, with what to do about it.
type Alert struct {
	Tone ui.Tone
	What string
	Do   string
	URL  string // where that is done, when here
}

// AdminHome is the facts of what one administers.
type AdminHome struct {
	Office
	Alerts            []Alert
	Users, Suspended  int64
	Domains, Projects int
	InForce           int   // versions
	Executions        int64 // in the last 30 days
	Content, Activity int64 // bytes of the databases
	Free              int64 // bytes of the disk; negative: not known
	Healthy           bool
	Copy              *CopyFact     // nil where nothing here copies the data
	Backup            *BackupFact   // nil where nothing here makes any
	Delivery          *DeliveryFact // nil where no copies of them are given elsewhere
	Build             string
}

// DeliveryFact is how the monthly copies of backups elsewhere are.
type DeliveryFact struct {
	To, Last string // how long ago; "" for never
	Failed   bool   // the one that is due could not be given
}

// CopyFact is how the copy at the second site is.
type CopyFact struct {
	Target, Epoch string
	Well          bool // it has everything
}

// BackupFact is how the backups are.
type BackupFact struct {
	Folder         string
	Last, Verified string // how long ago; "" for never
	Restored       bool   // it was looked through by bringing it back
	Well           bool   // the last one that was due was made
}

// UserRow is an account as lists show it.
type UserRow struct {
	ID, Name, Login, Mail, Role string
	Domains, Groups             []string
	Everywhere, Active, Self    bool
	Courtesy                    string // how they are addressed
	Attributes                  []AttributeRow
	Created                     time.Time
	Told                        []string // in a group, why they are in it beside by hand
	Hand                        bool     // in a group, by hand
}

// reasons are why somebody is in a group.
func (u UserRow) reasons(c ui.Chrome) []string {
	if u.Hand {
		return append([]string{c.T("admin.member.by_hand")}, u.Told...)
	}
	return u.Told
}

// AdminUsers is the list of accounts.
type AdminUsers struct {
	Office
	List
	Choices []Option // domains
	Groups  []Option // that people can be put in
	Users   []UserRow

	AttributeNames []string // to filter by
}

// attributeOptions are the attributes to filter by.
func (p AdminUsers) attributeOptions() []Option {
	list := []Option{{"", p.T("admin.any")}}
	for _, name := range p.AttributeNames {
		list = append(list, Option{name, name})
	}
	return list
}

// haveAttributes reports whether any of the accounts shown says more of somebody.
func (p AdminUsers) haveAttributes() bool {
	return slices.ContainsFunc(p.Users, func(u UserRow) bool { return len(u.Attributes) > 0 })
}

// acts are what can be done to several accounts.
func (p AdminUsers) acts() []Option {
	list := []Option{{"", p.T("admin.chosen.do")}, {"suspend", p.T("admin.act.suspend")}, {"reinstate", p.T("admin.act.reinstate")}, {"sign_out", p.T("admin.act.sign_out")}}
	if len(p.Groups) > 0 {
		list = append(list, Option{"enter", p.T("admin.act.enter")}, Option{"leave", p.T("admin.act.leave")})
	}
	return list
}

// Difference is what someone else keeps in a field.
type Difference struct{ Name, Theirs string }

// DomainTick is a domain one may be put in, with its groups.
type DomainTick struct {
	Option
	On     bool
	Groups []GroupTick
}

// GroupTick is a group one may be put in.
type GroupTick struct {
	Option
	On   bool     // by hand
	Told []string // why one is in it besides: nobody takes that away by hand
}

// AttributeRow is an attribute of an account, as a form has it.
type AttributeRow struct{ Name, Value string }

// AttributeField is the id of the control of a row, under which a form says what
// is wrong with it.
func AttributeField(i int) string { return "attribute_" + strconv.Itoa(i) }

// AdminUser is the form of an account.
type AdminUser struct {
	Office
	ID                                               string // "" for a new one
	Version                                          int64
	Login, FirstName, LastName, Mail, Language, Role string
	Courtesy                                         string // how they are addressed
	Attributes                                       []AttributeRow
	AttributeNames                                   []string // to choose from
	Everywhere, Active, MustChange, HasPassword      bool
	Self                                             bool // it is one's own
	Shortest                                         int  // characters of a password
	ReadOnly                                         bool // it reaches further than the person
	Domains                                          []DomainTick
	Created, Changed                                 time.Time
	Sessions                                         []SessionRow
	Others                                           OtherSessions
	Heirs                                            Heirs
	Lost                                             *Disowned // what the form would leave without an owner
	Holds                                            UserHolds
	Shows                                            []string // what they show beside their password, or instead of it
	Known                                            []string // the ways in that know them
	Wrong                                            map[string]string
	Stale                                            bool // someone saved it meanwhile
	Theirs                                           []Difference
}

func (p AdminUser) action() string {
	if p.ID == "" {
		return "/admin/users"
	}
	return "/admin/users/" + p.ID
}

// attributeRows are those of the account and some to fill in.
func (p AdminUser) attributeRows() []AttributeRow {
	const most, more = 50, 3
	n := len(p.Attributes)
	return append(p.Attributes[:n:n], make([]AttributeRow, max(0, min(more, most-n)))...)
}

func (p AdminUser) languages() []Option {
	list := []Option{{"", p.T("admin.user.language.browser")}}
	for _, l := range ui.Languages() {
		list = append(list, Option{l.Tag, l.Name})
	}
	return list
}

// formProblems are those of the account's own form: the others have their own.
func (p AdminUser) formProblems() map[string]string {
	own := map[string]string{}
	for field, text := range p.Wrong {
		if field != "confirm" && field != "erase_confirm" && (field != "password" || p.ID == "") {
			own[field] = text
		}
	}
	return own
}

// DomainRow is a domain as the list shows it.
type DomainRow struct {
	ID, Name         string
	Groups, Projects int
	Users            int64
}

// AdminDomains is the list of domains.
type AdminDomains struct {
	Office
	List
	Domains []DomainRow
	NewID   string
	Titles  []ui.Input // of the new one, when it was refused
	Wrong   map[string]string
}

// titles are the fields of a new domain's title.
func (p AdminDomains) titles() []ui.Input {
	if p.Titles != nil {
		return p.Titles
	}
	var fields []ui.Input
	for _, l := range ui.Languages() {
		fields = append(fields, ui.Input{Name: "title_" + l.Tag, Label: p.T("admin.title.in", l.Name), Max: 100})
	}
	return fields
}

// GroupRow is a group as the list shows it.
type GroupRow struct {
	ID, Name, Title string // the name is what audiences write
	Members         int
	Domains         []string // names of those that the person administers
	In              []string // ids of all
	Mine            bool     // all of them are the person's
	Ruled           bool     // it has a rule
	Shared          bool     // it counts in several
}

// AdminGroups is the list of groups.
type AdminGroups struct {
	Office
	List
	Choices []Option // domains
	Groups  []GroupRow
	NewName string // of a new one, when it was refused
	NewIn   string // its domain
	Wrong   map[string]string

	Inherited *Inherited // why the name of a new one is refused
}

// Inherited is what is still written for a group that had a name and is gone.
type Inherited struct {
	Name   string
	Places []ui.Place
	More   bool // there are others
	Do     string
}

// SessionRow is a browser that is signed in, as its person recognises it.
type SessionRow struct {
	ID, User, Name, Browser, Place string
	Agent, Address                 string // as they came
	Began, Seen                    time.Time
	Ago                            string // since it was used
	Now                            bool   // it is the one that asks
	Server                         string // the presentation server that knows it; "": this one
}

// place says where a session is, and at which server.
func (x SessionRow) place(c ui.Chrome) string {
	if x.Server == "" {
		return x.Place
	}
	return x.Place + " · " + c.T("session.server", x.Server)
}

// OtherSessions are those that presentation servers know of somebody.
type OtherSessions struct {
	Ask  string   // where they are looked at; "": there are none, or they were
	Away []string // servers that did not answer
}

// AdminSessions is the list of browsers that are signed in.
type AdminSessions struct {
	Office
	List
	Sessions []SessionRow
	Most     int      // of each server that are looked at; 0: there are no others
	Away     []string // names of servers that did not answer
}

// AdminSettings are the rules of the platform.
type AdminSettings struct {
	Office
	Version             int64
	Months, Names, Idle string
	Wrong               map[string]string
	Stale               bool
	Theirs              []Difference
}

// AdminDomain is a domain and its groups.
type AdminDomain struct {
	Office
	ID        string
	Version   int64
	Titles    []ui.Input
	Groups    []GroupRow
	GroupName string // of a new one, when it was refused
	Wrong     map[string]string
	Stale     bool
	Theirs    []Difference
	Inherited *Inherited // why the name of a new group is refused
}

// AdminGroup is a group and its members.
type AdminGroup struct {
	Office
	ID, Name, Domain, DomainName string
	Titles                       []ui.Input
	Version                      int64
	Members                      []UserRow
	Also, Others                 []Option // domains it counts in besides, and those it could
	Mine                         bool     // all of them are the person's
	Count                        int64
	NewMember                    string     // typed, when it was refused
	Known                        []Option   // logins with names, offered as one types
	Meant                        []Option   // logins with names, where several may be meant
	Rule                         *RuleWords // nil: nobody is in it by rule
	Opens                        GroupOpens
	Inherited                    *Inherited // why its name is refused
	Stranded                     *Stranded  // who would no longer come in without it; nil: nobody
	Wrong                        map[string]string
	Stale                        bool
	Theirs                       []Difference
}

// UserHolds is what somebody holds, and has to be handed over when they go.
type UserHolds struct {
	Owned  []ui.Place    // projects
	Rights []GroupRights // given by name
	Tokens []string      // that open something, with their last use

	Elsewhere bool // there is more in domains that the person does not administer
}

// Heirs are those to whom the projects of accounts may be given.
type Heirs struct {
	Owned   int // projects
	Options []Option
	Cut     bool // there are more than these
}

// Disowned are projects that an account could not own any more.
type Disowned struct {
	Domains []string // theirs
	Heirs
}

func (h UserHolds) nothing() bool {
	return len(h.Owned)+len(h.Rights)+len(h.Tokens) == 0 && !h.Elsewhere
}

// GroupOpens is what a group opens to its members.
type GroupOpens struct {
	Domains   []Option
	Published []OpenedLine // people run it
	Written   []OpenedLine // it is being written, and opens nothing yet
	Trials    int          // of Published: versions on trial with it
	Rights    []GroupRights
}

// OpenedLine is something that is written for a group.
type OpenedLine struct{ Kind, Name, Domain, URL string }

// GroupRights are those that a project gives a group.
type GroupRights struct {
	Project, Name string
	Rights        []string
}

// AuditRow is an entry of the audit.
type AuditRow struct {
	Seq             int64
	At              time.Time
	Actor, ActorID  string
	By              string // what did it, when it was no person
	Program         string // by which the person did it, in the words of its token
	Action          string
	Kind, Object    string // in words, and as it was kept
	ObjectName, URL string
	Detail, Raw     string // in words, and as it was kept
}

// AdminAudit is the list of who did what.
type AdminAudit struct {
	Office
	List
	Actions []Option
	Entries []AuditRow
}
