package views

import (
	"strconv"
	"strings"
	"time"
)

// AdminBackups is what can be brought back, as a calendar.
type AdminBackups struct {
	Office
	Month          time.Time // its first day
	Today          time.Time
	Begins         time.Weekday // of each week
	Previous, Next string       // the addresses of the months beside it; "" for none
	Days           []BackupDay  // of the month
	Made           bool         // backups are, here
	BackupsWrong   string       // why they cannot be read, in a sentence
	Copied         bool         // by a replica
	Target         string       // of the replica
	ReplicaWrong   string       // why it cannot be asked
	Periods        []BackupPeriod
	Fine, Coarse   time.Duration // how near to a moment the replica comes: the last while, and before

	Day    *BackupDay // that is looked at; nil for none
	Asked  BackupAsked
	Answer *BackupAnswer // nil while nobody asked
}

// BackupDay is a day of the calendar.
type BackupDay struct {
	Date                          time.Time
	Fulls, Hourly, Broken, Copies int
	Replica                       bool
	URL                           string // "" where there is nothing
	Chosen                        bool
	States                        []BackupState // of the chosen one
	From, Until                   time.Time     // of the replica on it
	Line                          string        // the command that brings the last moment of the replica back
}

// BackupPeriod is a time to whose moments a replica goes back.
type BackupPeriod struct {
	Epoch       string
	From, Until time.Time
	Goes        bool
}

// BackupState is one backup.
type BackupState struct {
	Name      string
	At        time.Time // nothing later is in it
	Full      bool
	Bytes     int64
	Verified  time.Time // the zero time for never
	Restored  bool      // by bringing it back
	Encrypted bool
	Delivered time.Time // a copy elsewhere was; the zero time for none
	To        string    // where
	Wrong     string    // why it cannot be brought back
	Line      string    // the command that brings it back
}

// BackupAsked is the form that asks for a moment.
type BackupAsked struct{ At, Wrong string }

// BackupAnswer is what one would get at a moment.
type BackupAnswer struct {
	At                    time.Time
	Replica, Backup       time.Time // up to when they come; the zero time for nothing
	Name                  string    // of the backup
	Missing               string    // why the replica cannot be asked
	Line                  string    // the command that takes the nearest
	ReplicaLine, BackLine string
}

// none says that nothing can be brought back: nobody copies anything.
func (p AdminBackups) none() bool { return !p.Made && !p.Copied }

// weekday is the name of a column.
func (p AdminBackups) weekday(column int) string {
	return p.T("weekday." + strconv.Itoa((int(p.Begins)+column)%7))
}

// weeks are the days of the month in rows of seven; nil where a day is of another month.
func (p AdminBackups) weeks() (rows [][]*BackupDay) {
	row := make([]*BackupDay, (int(p.Month.Weekday())-int(p.Begins)+7)%7, 7)
	for i := range p.Days {
		row = append(row, &p.Days[i])
		if len(row) == 7 {
			rows, row = append(rows, row), nil
		}
	}
	if len(row) > 0 {
		rows = append(rows, append(row, make([]*BackupDay, 7-len(row))...))
	}
	return rows
}

// month is its name.
func (p AdminBackups) month() string {
	return p.T("calendar.month", p.T("month."+strconv.Itoa(int(p.Month.Month()))), strconv.Itoa(p.Month.Year()))
}

func (p AdminBackups) today(d *BackupDay) bool {
	return d.Date.Year() == p.Today.Year() && d.Date.YearDay() == p.Today.YearDay()
}

// said is a day in words, for who does not see its marks.
func (p AdminBackups) said(d *BackupDay) string {
	return p.T("calendar.day", p.Words.Date(d.Date), strings.Join(p.holds(d), ", "))
}

func (p AdminBackups) holds(d *BackupDay) (parts []string) {
	for _, c := range []struct {
		key string
		n   int
	}{{"calendar.fulls", d.Fulls}, {"calendar.hourly", d.Hourly}, {"calendar.broken", d.Broken}, {"calendar.copies", d.Copies}} {
		if c.n > 0 {
			parts = append(parts, p.N(c.key, c.n))
		}
	}
	if d.Replica {
		parts = append(parts, p.T("calendar.replica"))
	}
	return parts
}

// away is how much older a state is than the moment that was asked for.
func (p AdminBackups) away(state, at time.Time) string {
	if d := at.Sub(state); d >= time.Second {
		return p.T("calendar.older", p.span(d))
	}
	return p.T("calendar.exact")
}

// span is a length of time of any size.
func (p AdminBackups) span(d time.Duration) string {
	if d >= 48*time.Hour {
		return p.N("calendar.days", int(d/(24*time.Hour)))
	}
	return p.Words.Duration(d)
}

// nearer says that the replica comes at least as near as the backup.
func (a BackupAnswer) nearer() bool { return !a.Replica.IsZero() && !a.Backup.After(a.Replica) }

func stamped(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
