package watch

import (
	"slices"

	"selfhelp/store/keys"
)

// Keys are how those of a data folder lie there: what opens what the databases seal, and
// signs what is published.
type Keys struct {
	Files   int      `json:"files"` // 0: they are not there
	Damaged string   `json:"damaged,omitempty"`
	Open    string   `json:"open,omitempty"` // the first that other accounts of the machine can read
	Other   bool     `json:"other"`          // they are not those that the databases were written with
	Trouble *Trouble `json:"trouble"`        // why nothing is known
}

// keysOf are those of a server that runs: it has the right ones in its memory, whatever
// became of the files since its start.
func keysOf(k *keys.Keys) *Keys {
	found, same, err := k.Look()
	return told(found, !same, err)
}

// KeysAtRest are those of a folder that nobody serves, held against the marks of those
// with which copies of its databases were made; "" where nobody said.
func KeysAtRest(dir string, marks ...string) *Keys {
	found, err := keys.Look(dir)
	return told(found, slices.ContainsFunc(marks, func(mark string) bool { return mark != "" && mark != found.Mark }), err)
}

func told(f keys.Found, other bool, err error) *Keys {
	return &Keys{Files: f.Files, Damaged: f.Damaged, Open: f.Open, Other: other && f.Mark != "", Trouble: troubleOf(err)}
}

// judgeKeys says how the keys are; nothing where nobody looked.
func judgeKeys(f Facts) []Row {
	k := f.Keys
	if k == nil {
		return nil
	}
	r := Row{Subject: Sealing, State: Well, Figure: count("status.keys", k.Files)}
	if f.Platform == nil || !f.Platform.Member { // one that presents is given them again
		r.Detail = []Said{say("status.keys.copy")}
	}
	wrong := func(figure Said, do string) {
		r.State, r.Figure, r.Detail, r.Mend = Wrong, figure, nil, mend(do)
	}
	switch {
	case k.Trouble != nil:
		wrong(say(k.Trouble.Key, k.Trouble.Said()...), k.Trouble.mend("ready.database.do"))
	case k.Files == 0:
		wrong(say("status.keys.none"), "status.keys.none.do")
	case k.Damaged != "":
		wrong(say("status.keys.damaged", k.Damaged), "status.keys.damaged.do")
	case k.Other:
		wrong(say("status.keys.other"), "status.keys.other.do")
	case k.Open != "":
		wrong(say("status.keys.open", k.Open), "status.keys.open.do")
	}
	return []Row{r}
}
