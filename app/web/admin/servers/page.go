package servers

import (
	"net"
	"net/http"
	"slices"
	"strconv"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/platform"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// page is the servers as they are.
func (s *Room) page(w http.ResponseWriter, v *frame.Visit) (page views.AdminServers, err error) {
	page = views.AdminServers{Office: s.Office(w, v, "servers", v.Words.T("servers.title")), At: s.Now(), Single: s.Role == frame.Both}
	page.Own = s.own(v)
	members, err := s.Platform.Members(v.Context())
	if err != nil {
		return page, err
	}
	targets, err := s.Content.Targets(v.Context())
	if err != nil {
		return page, err
	}
	domains, err := s.Content.Domains(v.Context())
	if err != nil {
		return page, err
	}
	rollouts, asked := s.Platform.Rollouts(), v.URL.Query().Get("remove")
	for _, g := range targets {
		shown := s.target(g)
		for _, d := range domains {
			shown.Domains = append(shown.Domains, views.TargetDomain{
				Option: views.Option{Value: d.ID, Name: s.TitleOfDomain(v, d)}, On: len(g.Domains) == 0 || slices.Contains(g.Domains, d.ID),
			})
		}
		var waiting, ill []string
		for _, m := range members {
			if m.Server.Target != g.ID {
				continue
			}
			card := s.card(v, m, shown.Wanted)
			card.Asking = card.ID == asked
			if o := m.Server; o.ID == v.URL.Query().Get("change") {
				page.Change = views.ServerForm{ID: o.ID, Version: strconv.FormatInt(o.Version, 10), Name: o.Name, Address: o.Address, Target: o.Target}
			}
			switch {
			case m.Serves(shown.Wanted):
				shown.Done++
				if m.Err == nil {
					shown.Serving++
				}
				if m.Err != nil || !m.State.Ready {
					ill = append(ill, m.Server.Name)
				}
			case m.Tries(rollouts[g.ID]):
				ill = append(ill, m.Server.Name)
			case m.Newer():
				shown.Newer++
			case m.Err != nil:
				waiting = append(waiting, m.Server.Name)
			}
			shown.Servers = append(shown.Servers, card)
		}
		s.waits(v, &shown, g, waiting, ill, rollouts[g.ID])
		page.Targets = append(page.Targets, shown)
	}
	if page.Portal, err = s.portal(v, members); err != nil {
		return page, err
	}
	page.Flows, err = s.flows(v, members)
	return page, err
}

// target is a group without its servers.
func (s *Room) target(g store.Target) views.ServerTarget {
	shown := views.ServerTarget{
		ID: g.ID, Title: g.Title, Way: string(g.Way), Minutes: int(g.Pause.Minutes()), All: len(g.Domains) == 0, Held: g.Held > 0, Version: g.Version, Wanted: s.Shelf.Sequence(),
	}
	if g.Held > 0 {
		shown.Wanted = g.Held
	}
	return shown
}

// waits says what a rollout waits for, by which servers are away, and which of those that
// switched are not well.
func (s *Room) waits(v *frame.Visit, shown *views.ServerTarget, g store.Target, away, ill []string, r platform.Rollout) {
	if shown.Done+shown.Newer == len(shown.Servers) || r.Forced {
		return
	}
	switch {
	case g.Way == store.Together && len(away) > 0 && shown.Done == 0:
		shown.Waits, shown.Force = v.Words.T("servers.waits.together", away[0]), true
	case g.Way == store.Canary && len(ill) > 0:
		shown.Waits, shown.Force = v.Words.T("servers.waits.ill", ill[0]), true
	case g.Way == store.Canary && shown.Done > 0 && len(away) == 0:
		shown.Waits, shown.Force = s.pauses(v, g, r), true
	case g.Way != store.Together && len(away) > 0:
		shown.Waits, shown.Force = v.Words.T("servers.waits.away", away[0]), true
	}
}

// pauses says until when the others wait for the end of a canary's pause, and why that began
// anew where it did.
func (s *Room) pauses(v *frame.Visit, g store.Target, r platform.Rollout) string {
	if r.Well.IsZero() {
		return v.Words.N("servers.waits.canary", int(g.Pause.Minutes()))
	}
	ends := r.Well.Add(g.Pause)
	until := v.Words.Time(ends)
	if ends.Sub(s.Now()) > 12*time.Hour {
		until = v.Words.DateTime(ends)
	}
	said := v.Words.T("servers.waits.until", until)
	if r.Anew {
		said += " " + v.Words.T("servers.waits.anew", v.Words.Time(r.Well))
	}
	return said
}

// own is this server.
func (s *Room) own(v *frame.Visit) views.ServerCard {
	kind := "servers.own.edition"
	if s.Role == frame.Both {
		kind = "servers.own.all"
	}
	return views.ServerCard{
		Own: true, Name: v.Words.T("servers.own"), Address: s.Origin, Tone: ui.OK, State: v.Words.T("servers.state.here"), Detail: v.Words.T(kind), Percent: -1,
		Brief: v.Words.T("servers.brief.own", strconv.FormatUint(s.Shelf.Sequence(), 10)),
		Facts: []views.Fact{
			{Name: v.Words.T("servers.fact.version"), Value: s.Build},
			{Name: v.Words.T("servers.fact.sequence"), Value: strconv.FormatUint(s.Shelf.Sequence(), 10)},
		},
	}
}

// awayAfter is how long a server may be silent before it counts as away.
const awayAfter = 10 * time.Second

// skewed is how far apart clocks may go without a word.
const skewed = 2 * time.Second

// card is a presentation server.
func (s *Room) card(v *frame.Visit, m platform.Standing, wanted uint64) views.ServerCard {
	c := views.ServerCard{ID: m.Server.ID, Name: m.Server.Name, Address: m.Server.Address, Percent: -1}
	s.judge(v, &c, m, wanted)
	if m.Total > 0 && m.Doing == platform.Sending {
		c.Percent = int(100 * m.Sent / m.Total)
	}
	st, words := m.State, v.Words
	add := func(key, value string) {
		c.Facts = append(c.Facts, views.Fact{Name: words.T("servers.fact." + key), Value: value})
	}
	if m.Seen.IsZero() {
		return c
	}
	c.Brief = words.T("servers.brief", strconv.FormatUint(st.Sequence, 10), words.Show(int(st.Sessions)), words.Ago(m.Seen, s.Now()))
	add("seen", words.Ago(m.Seen, s.Now()))
	add("version", st.Version)
	add("sequence", strconv.FormatUint(st.Sequence, 10))
	add("bundles", words.Show(st.Bundles))
	add("sessions", words.Show(int(st.Sessions)))
	add("memory", words.Size(st.Memory))
	if st.Free >= 0 {
		add("free", words.Size(st.Free))
	}
	if len(st.Lost) > 0 {
		add("lost", words.Show(len(st.Lost)))
	}
	if st.Kept.Count > 0 {
		add("kept", words.Show(int(st.Kept.Count)))
	}
	if !st.Expires.IsZero() {
		add("certificate", words.Date(st.Expires))
	}
	if m.Ahead.Abs() > skewed {
		add("clock", words.Duration(m.Ahead.Abs()))
	}
	if f := refusedFact(v, m, s.Now()); f.Value != "" {
		c.Facts = append(c.Facts, f)
	}
	return c
}

// refusedFact says how many requests a server refused since its start, and what they may
// have been; none: zero.
func refusedFact(v *frame.Visit, m platform.Standing, now time.Time) views.Fact {
	var all int64
	var last time.Time
	var from string
	for _, t := range m.State.Turned {
		all += t.N
		if t.Last.After(last) {
			last, from = t.Last, t.From
		}
	}
	if all == 0 {
		return views.Fact{}
	}
	if host, _, err := net.SplitHostPort(from); err == nil {
		from = host
	}
	return views.Fact{Name: v.Words.T("servers.fact.refused"), Value: v.Words.Show(int(all)), What: v.Words.T("servers.fact.refused.what", from, v.Words.Ago(last, now))}
}

// rivalFor is how long it is said that another edition server asked.
const rivalFor = time.Minute

// judge says how a server is.
func (s *Room) judge(v *frame.Visit, c *views.ServerCard, m platform.Standing, wanted uint64) {
	T := v.Words.T
	switch {
	case m.Seen.IsZero() && m.Err == nil:
		c.State = T("servers.state.new")
	case m.Another():
		c.Tone, c.State = ui.Wrong, T("servers.state.another")
	case m.Twin():
		c.Tone, c.State, c.Twin = ui.Wrong, T("servers.state.twin"), true
	case m.Err != nil && (m.Seen.IsZero() || s.Now().Sub(m.Seen) > awayAfter):
		c.Tone, c.State, c.Do = ui.Wrong, T("servers.state.away"), T("servers.away.do")
	case m.Other():
		c.Tone, c.State, c.Newer = ui.Warn, T("servers.state.other"), m.State.Sequence
		c.Detail = T("servers.other", strconv.FormatUint(m.State.Sequence, 10))
		return
	case m.State.Sequence > wanted:
		c.Tone, c.State, c.Newer = ui.Warn, T("servers.state.newer"), m.State.Sequence
		c.Detail = T("servers.newer", strconv.FormatUint(m.State.Sequence, 10), strconv.FormatUint(wanted, 10))
		return
	case m.Err != nil:
		c.Tone, c.State, c.Detail = ui.Wrong, T("servers.state.failing"), T("servers.failing")
	case m.State.Sequence != wanted && m.State.Staged == wanted:
		c.Tone, c.State = ui.Info, T("servers.state.staged")
	case !m.Serves(wanted):
		c.Tone, c.State = ui.Info, T("servers.state.behind")
	case !m.State.Ready:
		c.Tone, c.State, c.Do = ui.Warn, T("servers.state.unready"), T("servers.unready.do")
	default:
		c.Tone, c.State = ui.OK, T("servers.state.well")
	}
	if rival := m.State.Rival; m.Err == nil && s.Now().Sub(rival.At) < rivalFor {
		c.Tone, c.Detail = ui.Warn, T("servers.rival", rival.Host)
	}
	if m.Err != nil {
		if key, args := fault.TextOf(m.Err); key != "fault.internal" {
			c.Detail = T(key, args...)
		}
	}
}
