package measure

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"selfhelp/app/procedure"
	"selfhelp/app/watch"
	"selfhelp/store"
	"selfhelp/store/db"
)

// facts tells those of the watch, and what the store counts.
type facts struct {
	watch   *watch.Watch
	store   *store.Store
	version string
}

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("selfhelp_"+name, help, labels, nil)
}

var (
	descBuild           = desc("build_info", "The version that runs.", "version")
	descLive            = desc("live", "Whether a restart would help nothing.")
	descReady           = desc("ready", "Whether people should be sent here.")
	descSize            = desc("database_size_bytes", "Size of the file of a database.", "database")
	descLog             = desc("database_wal_size_bytes", "Size of the log of changes beside a database.", "database")
	descQueue           = desc("database_writes_waiting", "Writes that have not begun.", "database")
	descQueued          = desc("database_write_wait_seconds", "Time that writes waited until they began.", "database")
	descFree            = desc("disk_free_bytes", "Room left on the disk of the data folder.")
	descLag             = desc("replica_lag_seconds", "Time since everything was at the target of the replica.")
	descWhole           = desc("replica_last_whole_timestamp_seconds", "When everything was at the target of the replica last.")
	descBehind          = desc("replica_transactions_behind", "Transactions that are not at the target yet.")
	descCopyErrors      = desc("replica_errors_total", "Times the target was not found to have everything.")
	descStopped         = desc("replica_stopped", "1 where nothing of this server is copied any more: another one took over, or copies on a clone of its folder.")
	descGaps            = desc("replica_gaps", "Gaps at the target, between moments that it can give back or before the newest state, which it cannot.", "state")
	descExamined        = desc("replica_last_examined_timestamp_seconds", "When what is at the target was looked through last.")
	descBarrier         = desc("replica_barrier_wait_seconds", "Time that publications and the like waited for their copy.")
	descBarrierFail     = desc("replica_barrier_failures_total", "Copies of publications and the like that did not come in time.")
	descBackup          = desc("backup_last_timestamp_seconds", "When the last backup was made.")
	descDelivered       = desc("backup_delivered_timestamp_seconds", "When a copy of a backup was last given to the server of --backup-copy; 0 for never.")
	descUndelivered     = desc("backup_delivery_failed", "1 while the copy of a backup that is due cannot be given.")
	descVerified        = desc("backup_last_verified_restore_timestamp_seconds", "When a backup was last restored on trial and was whole.")
	descCertificate     = desc("certificate_expiry_timestamp_seconds", "When a certificate that is shown ends, by the first name it is for.", "name")
	descCertificateDays = desc("certificate_left_days", "Days until a certificate that is shown ends, by the first name it is for.", "name")
	descOutbox          = desc("outbox_messages", "Messages that are not sent, by state.", "state")
	descOldest          = desc("outbox_oldest_age_seconds", "How long the oldest message waits.")
	descSessions        = desc("sessions", "Browsers that are signed in.")
	descBegun           = desc("executions_begun_total", "Executions begun, tests left out.")
	descEnded           = desc("executions_ended_total", "Executions ended, by outcome, tests left out.", "outcome")
	descAnswers         = desc("answers_total", "Answers in executions, tests left out.")
)

// Describe names none of them: which there are depends on what is set up.
func (facts) Describe(chan<- *prometheus.Desc) {}

// Collect asks for the facts, and waits no longer for them than anybody.
func (f facts) Collect(out chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	counter := func(d *prometheus.Desc, value float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, value, labels...)
	}
	ctx := context.Background() // the facts have a limit of their own
	gauge(descBuild, 1, f.version)
	gauge(descLive, one(f.watch.Live() == nil))
	gauge(descReady, one(f.watch.Ready(ctx) == nil))
	done := f.store.Activity.Happened()
	counter(descBegun, float64(done.Begun))
	counter(descAnswers, float64(done.Answers))
	for _, outcome := range []procedure.Outcome{procedure.Solved, procedure.Unsolved, procedure.Escalated, procedure.Informed, procedure.Abandoned, procedure.Failed} {
		counter(descEnded, float64(done.Ended[outcome]), string(outcome))
	}
	out <- histogram(descQueued, f.store.Content.Waited(), "content")
	out <- histogram(descQueued, f.store.Activity.Waited(), "activity")
	now := f.watch.Facts(ctx)
	if now.Late {
		return // there is nothing else
	}
	f.tell(now, gauge, counter, out)
}

type teller func(d *prometheus.Desc, value float64, labels ...string)

func (f facts) tell(now watch.Facts, gauge, counter teller, out chan<- prometheus.Metric) {
	for _, d := range now.Databases {
		gauge(descSize, float64(d.Bytes), d.Name)
		gauge(descLog, float64(d.LogBytes), d.Name)
		gauge(descQueue, float64(d.Waiting), d.Name)
	}
	if now.Free >= 0 {
		gauge(descFree, float64(now.Free))
	}
	gauge(descSessions, float64(now.Sessions))
	gauge(descOutbox, float64(now.Outbox.Waiting), "waiting")
	gauge(descOutbox, float64(now.Outbox.Failed), "failed")
	gauge(descOldest, since(now.Outbox.Oldest, now.At))
	if r := now.Replica; r != nil {
		waited, failed := f.store.Secured()
		counter(descCopyErrors, float64(r.Errors))
		gauge(descBehind, float64(r.Behind))
		gauge(descStopped, one(r.Replaced != "" || r.Twin != ""))
		out <- histogram(descBarrier, waited)
		counter(descBarrierFail, float64(failed))
		open, closed := r.Gaps()
		gauge(descGaps, float64(open), "open")
		gauge(descGaps, float64(closed), "closed")
		gauge(descExamined, stamp(r.Examined))
		if !r.Whole.IsZero() {
			gauge(descLag, r.Lag(now.At).Seconds())
			gauge(descWhole, stamp(r.Whole))
		}
	}
	if b := now.Backup; b != nil {
		gauge(descBackup, stamp(b.Made))
		if b.Restored {
			gauge(descVerified, stamp(b.Verified))
		}
		if d := b.Delivery; d != nil {
			gauge(descDelivered, stamp(d.Last))
			failed := 0.0
			if d.Trouble != nil {
				failed = 1
			}
			gauge(descUndelivered, failed)
		}
	}
	named := map[string]bool{} // two of one name: the first to end
	for _, c := range now.Certificates {
		if !named[c.Name] {
			named[c.Name] = true
			gauge(descCertificate, stamp(c.Until), c.Name)
			gauge(descCertificateDays, c.Until.Sub(now.At).Hours()/24, c.Name)
		}
	}
}

func histogram(d *prometheus.Desc, w db.Waited, labels ...string) prometheus.Metric {
	under := make(map[float64]uint64, len(w.Under))
	for bound, n := range w.Under {
		under[bound.Seconds()] = n
	}
	return prometheus.MustNewConstHistogram(d, w.Count, w.Sum.Seconds(), under, labels...)
}

func one(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// stamp is an instant as Prometheus writes it, 0 for never.
func stamp(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}

// since is how long ago an instant was, 0 for never.
func since(t, now time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return max(0, now.Sub(t).Seconds())
}
