package watch

// Platform is how the other servers of the platform are, as the edition server sees
// them, or how a presentation server stands in it.
type Platform struct {
	Servers int    `json:"servers"`          // presentation servers, seen from the edition server
	Away    int    `json:"away"`             // they do not answer
	Behind  int    `json:"behind"`           // they are not up to date
	First   string `json:"first,omitempty"`  // name of the first that is away
	Alone   bool   `json:"alone,omitempty"`  // this presentation server belongs to no platform
	Empty   bool   `json:"empty,omitempty"`  // it was given nothing to show yet
	Member  bool   `json:"member,omitempty"` // this is a presentation server
	Room    int64  `json:"room,omitempty"`   // bytes that must be free before it takes what is published
}

// Others is the subject of the row about the other servers.
const Others = "servers"

// judgePlatform says how the other servers are; nothing where there are none.
func judgePlatform(p *Platform, free int64) (rows []Row) {
	switch {
	case p == nil || !p.Member && p.Servers == 0:
		return nil
	case p.Alone:
		return []Row{{Subject: Others, State: Wrong, Figure: say("ready.platform"), Mend: mend("status.servers.join")}}
	case p.Empty && p.lacksRoom(free):
		return []Row{{Subject: Others, State: Wrong, Figure: say("ready.empty"), Detail: []Said{say("ready.disk")}, Mend: mend("ready.disk.do")}}
	case p.Empty:
		return []Row{{Subject: Others, State: Warn, Figure: say("ready.empty"), Mend: mend("status.servers.wait")}}
	case p.Member:
		return []Row{{Subject: Others, State: Well, Figure: say("status.servers.member")}}
	case p.Away > 0:
		r := Row{Subject: Others, State: Wrong, Figure: count("status.servers.away", p.Away), Mend: mend("status.servers.look")}
		r.Detail = []Said{say("status.servers.first", p.First), count("status.servers", p.Servers)}
		return []Row{r}
	case p.Behind > 0:
		return []Row{{Subject: Others, State: Warn, Figure: count("status.servers.behind", p.Behind), Detail: []Said{count("status.servers", p.Servers)}, Mend: mend("status.servers.look")}}
	}
	return []Row{{Subject: Others, State: Well, Figure: count("status.servers", p.Servers)}}
}

// lacksRoom reports whether what is published is not taken for want of room.
func (p *Platform) lacksRoom(free int64) bool { return free >= 0 && free < p.Room }

// unserving is why a presentation server should be sent nobody, nil where it may.
func (p *Platform) unserving(free int64) []Check {
	switch {
	case p == nil || !p.Member:
		return nil
	case p.Alone:
		return []Check{{Name: "platform", Key: "ready.platform", Do: "ready.platform.do", meant: true}}
	case p.Empty && p.lacksRoom(free):
		return []Check{{Name: "disk", Key: "ready.disk", Do: "ready.disk.do"}}
	case p.Empty:
		return []Check{{Name: "publication", Key: "ready.empty", Do: "ready.empty.do", meant: true}}
	}
	return nil
}
