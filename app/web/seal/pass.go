package seal

import (
	"strconv"
	"strings"
	"time"
)

// Pass says whose an execution is, which publication it runs on and which of its
// turns a page shows. It stands signed in every page of the execution beside the
// sealed state, so that an answer needs no look-up, and so that another server of
// the platform can take it when the one before it is gone.
type Pass struct {
	Execution string
	Owner     string // identity that may go on with it
	Domain    string
	Project   string // UID
	Version   string
	Alias     string // of the entry point
	Holder    Holder
	Started   time.Time
	Turn      int64     // shown by the page; 0 where nobody says
	At        time.Time // of that turn
	Input     string    // what that turn was an answer to, by its hash
}

// Holder is whose an execution is kept as: of an account, or of a visitor.
type Holder struct {
	User string // id
	Mark string // of the visitor
}

// userHolder begins what is written of a holder who has an account.
const userHolder = "user:"

func (h Holder) String() string {
	if h.User != "" {
		return userHolder + h.User
	}
	return h.Mark
}

func readHolder(written string) Holder {
	if user, is := strings.CutPrefix(written, userHolder); is {
		return Holder{User: user}
	}
	return Holder{Mark: written}
}

// String writes a pass as it is signed.
func (p Pass) String() string {
	return strings.Join([]string{
		p.Execution, p.Owner, p.Domain, p.Project, p.Version, p.Alias,
		p.Holder.String(), instant(p.Started), strconv.FormatInt(p.Turn, 10), instant(p.At), p.Input,
	}, "|")
}

// partsBefore is how many parts a pass had that said nothing of turns. Pages that
// stay open from then are still answered.
const partsBefore = 6

// PassOf reads what String wrote.
func PassOf(written string) (p Pass, ok bool) {
	parts := strings.Split(written, "|")
	if len(parts) != partsBefore && len(parts) != 11 {
		return p, false
	}
	p = Pass{Execution: parts[0], Owner: parts[1], Domain: parts[2], Project: parts[3], Version: parts[4], Alias: parts[5]}
	if len(parts) == partsBefore {
		return p, true
	}
	p.Holder, p.Input = readHolder(parts[6]), parts[10]
	var oks [3]bool
	p.Started, oks[0] = readInstant(parts[7])
	p.At, oks[1] = readInstant(parts[9])
	turn, err := strconv.ParseInt(parts[8], 10, 64)
	p.Turn, oks[2] = turn, err == nil && turn >= 0
	return p, oks[0] && oks[1] && oks[2]
}

// instant writes a moment in microseconds since 1970, "0" for none.
func instant(t time.Time) string {
	if t.IsZero() {
		return "0"
	}
	return strconv.FormatInt(t.UnixMicro(), 10)
}

func readInstant(written string) (time.Time, bool) {
	n, err := strconv.ParseInt(written, 10, 64)
	if err != nil || n == 0 {
		return time.Time{}, err == nil
	}
	return time.UnixMicro(n).UTC(), true
}

// Carried is where an execution stands as a browser brings it: the pass of the page
// that it was shown last, and the state of that, sealed; "" when it is too large.
type Carried struct {
	Pass  Pass
	State string
}
