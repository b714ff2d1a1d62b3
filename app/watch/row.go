package watch

import (
	"time"

	"selfhelp/app/fault"
	"selfhelp/store/backup"
)

// State is how one thing is.
type State string

// The states, from good to bad; None is what was never set up, Unknown what nobody has
// looked at yet, or cannot.
const (
	Well    State = "well"
	None    State = "none"
	Unknown State = "unknown"
	Warn    State = "warning"
	Wrong   State = "wrong"
)

// The subjects of rows.
const (
	Server      = "server"
	Content     = "content"
	Activity    = "activity"
	Disk        = "disk"
	Sealing     = "keys"
	Copy        = "replica"
	Moments     = "moments"
	Damaged     = "files"
	Backed      = "backup"
	Verified    = "restore"
	Delivered   = "delivery"
	Certified   = "certificate"
	ToDo        = "outbox"
	MailServing = "mail"
)

// Row is what is told of one thing.
type Row struct {
	Subject string
	State   State
	Figure  Said      // what is seen
	Detail  []Said    // beside it
	Since   time.Time // it is so; the zero time where nobody knows
	Mend    *Said     // what to do; nil when nothing is to be done
	Alert   *Said     // the figure where it stands by itself; nil where that needs no other words
}

// Alone is what is seen, in words that stand by themselves.
func (r Row) Alone() Said {
	if r.Alert != nil {
		return *r.Alert
	}
	return r.Figure
}

// Moment is a time that is told as a date, and not by how long ago it was.
type Moment time.Time

// Said is a sentence of the catalogues with its values: texts, bytes, times for how
// long ago, moments, durations; and the number it goes by, where it counts.
type Said struct {
	Key    string
	Args   []any
	Counts bool
	Number int
}

// Words are those of a language.
type Words interface {
	T(key string, values ...any) string
	N(key string, n int, values ...any) string
	Ago(t, now time.Time) string
	DateTime(t time.Time) string
	Duration(d time.Duration) string
}

// In is the sentence in a language.
func (s Said) In(w Words, now time.Time) string {
	values := make([]any, len(s.Args))
	for i, a := range s.Args {
		switch a := a.(type) {
		case time.Time:
			values[i] = w.Ago(a, now)
		case Moment:
			values[i] = w.DateTime(time.Time(a))
		case time.Duration:
			values[i] = w.Duration(a)
		default:
			values[i] = a
		}
	}
	if s.Counts {
		return w.N(s.Key, s.Number, values...)
	}
	return w.T(s.Key, values...)
}

func say(key string, args ...any) Said { return Said{Key: key, Args: args} }

func count(key string, n int) Said { return Said{Key: key, Counts: true, Number: n} }

func mend(key string, args ...any) *Said { return &Said{Key: key, Args: args} }

// What is worth a look, and what is wrong.
const (
	LittleRoom = 5 << 30 // bytes: a disk with less needs looking after
	NoRoom     = 1 << 30 // bytes: soon nothing can be kept
	LongLog    = 1 << 30 // bytes of changes that are not folded back: something keeps a database from it
	LateCopy   = time.Minute
	OldCopy    = 15 * time.Minute
	OldBackup  = backup.Old
	OldVerdict = 8 * 24 * time.Hour
	OldCopied  = 33 * 24 * time.Hour // one is given each month
	EndsSoon   = 30 * 24 * time.Hour
	EndsNow    = 7 * 24 * time.Hour
	Stuck      = 3         // tries of a letter that make it worth telling
	OldLetter  = time.Hour // it waits
)

// Judge says of each fact how it is and what to do. The first rows are what all
// others stand on.
func Judge(f Facts) (rows []Row) {
	if f.Late {
		return []Row{{Subject: Server, State: Wrong, Figure: say("status.late"), Mend: mend("ready.time.do")}}
	}
	if f.Draining {
		rows = append(rows, Row{Subject: Server, State: Warn, Figure: say("ready.draining"), Mend: mend("ready.draining.do")})
	}
	if !f.Served {
		rows = append(rows, Row{Subject: Server, State: None, Figure: say("status.nobody")})
	}
	for _, d := range f.Databases {
		rows = append(rows, judgeDatabase(f, d))
	}
	rows = append(rows, judgeDisk(f))
	rows = append(rows, judgeKeys(f)...)
	rows = append(rows, JudgeReplica(f.Replica, f.At, f.Served)...)
	rows = append(rows, judgeSpoilt(f.Replica)...)
	rows = append(rows, judgeBackup(f), judgeVerified(f))
	if f.Backup != nil && f.Backup.Delivery != nil {
		rows = append(rows, judgeDelivery(f))
	}
	rows = append(rows, JudgeCertificates(f.Certificates, f.At)...)
	rows = append(rows, judgePlatform(f.Platform, f.Free)...)
	rows = append(rows, judgeOutbox(f))
	if f.Served { // the settings are read by who serves them
		rows = append(rows, judgeMail(f))
	}
	return rows
}

func judgeDatabase(f Facts, d Database) Row {
	r := Row{Subject: d.Name, State: Well, Figure: say("status.size", fault.Bytes(d.Bytes)), Detail: []Said{say("status.log", fault.Bytes(d.LogBytes))}}
	if f.Served && d.Trouble == nil {
		r.Detail = append(r.Detail, say("status.checked", f.At))
	}
	switch {
	case d.Trouble != nil:
		r.State, r.Figure = Wrong, say(d.Trouble.Key, d.Trouble.Said()...)
		r.Mend = mend(d.Trouble.mend("ready.database.do"))
	case d.LogBytes > LongLog:
		r.State, r.Mend = Warn, mend("status.log.do")
	}
	return r
}

func judgeDisk(f Facts) Row {
	r := Row{Subject: Disk, State: Well, Figure: say("status.free", fault.Bytes(f.Free))}
	switch {
	case f.Free < 0:
		r.State, r.Figure = Unknown, say("status.free.unknown")
	case f.Free < NoRoom:
		r.State, r.Mend = Wrong, mend("admin.alert.full.do")
	case f.Free < LittleRoom:
		r.State, r.Mend = Warn, mend("admin.alert.full.do")
	}
	return r
}

func judgeBackup(f Facts) Row {
	b := f.Backup
	if b == nil {
		return Row{Subject: Backed, State: None, Figure: say("status.none"), Mend: mend("status.backup.none.do")}
	}
	r := Row{Subject: Backed, State: Well, Figure: say("status.backup", b.Made)}
	switch {
	case b.Trouble != nil:
		r.State, r.Figure, r.Mend = Wrong, say(b.Trouble.Key, b.Trouble.Said()...), mend(b.Trouble.mend("status.backup.do"))
	case b.Made.IsZero():
		r.State, r.Figure, r.Mend = firstDue(f), say("status.backup.never"), mend("status.backup.never.do")
	case f.Served && f.At.Sub(b.Made) >= OldBackup: // where nobody serves, nothing new is to be kept
		r.State, r.Since, r.Mend = Wrong, b.Made, mend("status.backup.do")
	}
	return r
}

// firstDue is how it is that there is no backup yet: a server makes the first one within
// the minute, and says it where it cannot.
func firstDue(f Facts) State {
	if f.Served && f.Backup.Trouble == nil {
		return Unknown
	}
	return Warn
}

func judgeVerified(f Facts) Row {
	b := f.Backup
	if b == nil {
		return Row{Subject: Verified, State: None, Figure: say("status.none"), Mend: mend("status.backup.none.do")}
	}
	r := Row{Subject: Verified, State: Well, Figure: say("status.verified", b.Verified)}
	if !b.Restored { // nobody has the key here
		r.Figure = say("status.verified.before", b.Verified)
	}
	switch {
	case b.Verified.IsZero():
		r.State, r.Figure, r.Mend = firstDue(f), say("status.verified.never"), mend("status.backup.never.do")
	case f.At.Sub(b.Verified) >= OldVerdict:
		r.State, r.Since, r.Mend = Warn, b.Verified, mend("status.backup.do")
	}
	return r
}

func judgeDelivery(f Facts) Row {
	d := f.Backup.Delivery
	r := Row{Subject: Delivered, State: Well, Figure: say("status.delivery", d.Last), Detail: []Said{say("status.delivery.to", d.To)}}
	switch {
	case d.Trouble != nil:
		r.State, r.Figure, r.Mend = Wrong, say(d.Trouble.Key, d.Trouble.Said()...), mend("status.delivery.do")
	case d.Last.IsZero():
		r.State, r.Figure, r.Mend = Warn, say("status.delivery.never"), mend("status.delivery.never.do")
	case f.At.Sub(d.Last) >= OldCopied:
		r.State, r.Mend = Warn, mend("status.delivery.do")
	}
	return r
}

// JudgeCertificates says how the certificate is that ends first; nothing where another
// program ends TLS.
func JudgeCertificates(all []Certificate, now time.Time) []Row {
	if len(all) == 0 {
		return nil
	}
	first := all[0]
	left := first.Until.Sub(now)
	days := int(left / (24 * time.Hour))
	alert := say("status.certificate.soon", first.Name, Moment(first.Until))
	r := Row{Subject: Certified, State: Well, Figure: count("status.certificate", days), Detail: []Said{say("status.certificate.name", first.Name)}, Alert: &alert}
	if len(all) > 1 {
		r.Detail = append(r.Detail, count("status.certificate.all", len(all)))
	}
	switch {
	case left <= 0:
		over := say("status.certificate.over.of", first.Name)
		r.State, r.Figure, r.Since, r.Mend, r.Alert = Wrong, say("status.certificate.over"), first.Until, mend("status.certificate.do"), &over
	case left < EndsNow:
		r.State, r.Mend = Wrong, mend("status.certificate.do")
	case left < EndsSoon:
		r.State, r.Mend = Warn, mend("status.certificate.do")
	}
	return []Row{r}
}

func judgeOutbox(f Facts) Row {
	o := f.Outbox
	r := Row{Subject: ToDo, State: Well, Figure: count("status.waiting", o.Waiting)}
	if o.Failed > 0 {
		r.Detail = []Said{count("admin.mail.lost", o.Failed)}
	}
	switch {
	case o.Trouble != nil:
		r.State, r.Figure, r.Mend = Wrong, say(o.Trouble.Key, o.Trouble.Said()...), mend(o.Trouble.mend("ready.database.do"))
	case o.Waiting > 0 && (o.Attempts >= Stuck || f.At.Sub(o.Oldest) >= OldLetter):
		r.State, r.Since, r.Mend = Wrong, o.Oldest, mend("admin.alert.mail.do")
	case o.Failed > 0:
		r.State, r.Mend = Warn, mend("admin.alert.mail.do")
	}
	return r
}

func judgeMail(f Facts) Row {
	if !f.Outbox.Mail {
		return Row{Subject: MailServing, State: None, Figure: say("status.none"), Mend: mend("status.mail.none.do")}
	}
	return Row{Subject: MailServing, State: Well, Figure: say("status.mail")}
}
