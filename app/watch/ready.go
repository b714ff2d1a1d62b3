package watch

import "slices"

// Check is one thing that speaks against sending people here. What it says may be
// read by strangers: it names no place, no version and no other server.
type Check struct {
	Name string
	Key  string // of the sentence
	Args []any
	Do   string // key of what to do

	cause, hint string // for the log
	meant       bool   // it is as it should be now: nobody has to mend anything
}

// full is the room below which nothing can be kept soon: a commit and the log of
// changes beside it want that much.
const full = 2 << 20

// failing is all that speaks against sending people here, nil when nothing does.
func (f Facts) failing() (list []Check) {
	if f.Draining {
		list = append(list, Check{Name: "draining", Key: "ready.draining", Do: "ready.draining.do", meant: true})
	}
	if f.Late {
		return append(list, Check{Name: "time", Key: "ready.time", Do: "ready.time.do"})
	}
	if by := f.fencedBy(); by != "" {
		return append(list, Check{Name: "takeover", Key: "ready.takeover", Do: "ready.takeover.do", cause: by})
	}
	if r := f.Replica; r != nil && r.Twin != "" {
		list = append(list, Check{Name: "twin", Key: "ready.twin", Do: "ready.twin.do", cause: r.Twin})
	}
	lacking := f.Platform.unserving(f.Free)
	list = append(list, lacking...)
	wrong := slices.ContainsFunc(lacking, func(c Check) bool { return c.Name == "disk" }) // that is said
	for _, d := range f.Databases {
		if t := d.Trouble; t != nil {
			wrong = true
			list = append(list, Check{Name: d.Name, Key: t.Key, Args: t.Said(), Do: t.mend("ready.database.do"), cause: t.Text, hint: t.Hint})
		}
	}
	if f.Free >= 0 && f.Free < full && !wrong {
		list = append(list, Check{Name: "disk", Key: "ready.disk", Do: "ready.disk.do"})
	}
	return list
}

// fencedBy names who has taken over, "" while nobody has.
func (f Facts) fencedBy() string {
	if f.Replica != nil && f.Replica.Replaced != "" {
		return f.Replica.Replaced
	}
	for _, d := range f.Databases {
		if d.Trouble != nil && d.Trouble.Key == "fault.store.fenced" {
			return d.Trouble.Text
		}
	}
	return ""
}
