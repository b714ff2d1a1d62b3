package frame

import "strings"

// Pass says whose an execution is and which publication it runs on. It stands
// signed in every page of the execution beside the sealed state, so that an
// answer needs no look-up, and so that another server of the platform can take
// it when the one before it is gone.
type Pass struct {
	Execution string
	Owner     string // identity that may go on with it
	Domain    string
	Project   string // UID
	Version   string
	Alias     string // of the entry point
}

// String writes a pass as it is signed.
func (p Pass) String() string {
	return strings.Join([]string{p.Execution, p.Owner, p.Domain, p.Project, p.Version, p.Alias}, "|")
}

// PassOf reads what String wrote.
func PassOf(written string) (Pass, bool) {
	parts := strings.Split(written, "|")
	if len(parts) != 6 {
		return Pass{}, false
	}
	return Pass{parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]}, true
}
