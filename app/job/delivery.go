package job

import (
	"cmp"
	"context"
	"io"
	"log/slog"
	"slices"
	"sync"
	"time"

	"selfhelp/app/connect/delivery"
	"selfhelp/app/fault"
	"selfhelp/store"
	"selfhelp/store/backup"
)

// Deliveries gives a copy of a full backup to a server of the customer each month: the
// first good one of it.
type Deliveries struct {
	Folder backup.Folder
	To     delivery.Target
	Site   string         // the name of this one, in those of the files
	Zone   *time.Location // in which it is a month
	Now    func() time.Time
	Audit  func(ctx context.Context, actor, action, object string, detail any) error
	Log    *slog.Logger

	mu     sync.Mutex
	failed error
	last   backup.Delivered
}

// State says how the copies elsewhere are, without asking the disk.
func (d *Deliveries) State() *store.Delivery {
	d.mu.Lock()
	defer d.mu.Unlock()
	return &store.Delivery{To: d.To.Name(), Last: d.last.At, Of: d.last.Began, Failed: d.failed}
}

// learn keeps how the copies are, and returns those that are new: by hand, another
// process gave them.
func (d *Deliveries) learn(failed error) (news []backup.Delivered) {
	all, err := d.Folder.Delivered()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.failed = cmp.Or(failed, err)
	for _, one := range all {
		if one.To == d.To.Name() && one.At.After(d.last.At) {
			d.last, news = one, append(news, one)
		}
	}
	return news
}

// Run gives what is due on each tick, until the ticks end or ctx is done. What fails is
// tried again in the next hour.
func (d *Deliveries) Run(ctx context.Context, ticks <-chan time.Time) {
	d.learn(nil)
	var failed time.Time // in which hour
	for {
		select {
		case <-ctx.Done():
			return
		case now, more := <-ticks:
			if !more {
				return
			}
			if hour := hourOf(now, d.Zone); !hour.Equal(failed) && !d.round(ctx, now) {
				failed = hour
			}
		}
	}
}

// round gives what is due, and says whether all is well.
func (d *Deliveries) round(ctx context.Context, now time.Time) bool {
	err := d.deliverDue(ctx, now)
	if ctx.Err() != nil {
		return true // the server stops
	}
	for _, one := range d.learn(err) {
		d.Log.Info("a copy of a backup was delivered", "target", one.To, "file", one.File, "bytes", one.Bytes)
		d.enter(ctx, "backup.delivered", one.Name, map[string]string{"to": one.To, "file": one.File})
	}
	if err == nil {
		return true
	}
	d.Log.Error("the copy of a backup was not delivered", "target", d.To.Name(), "err", err)
	key, _ := fault.TextOf(err)
	d.enter(ctx, "backup.undelivered", "", map[string]string{"why": key, "to": d.To.Name()})
	return false
}

func (d *Deliveries) deliverDue(ctx context.Context, now time.Time) error {
	done, err := d.Folder.Delivered()
	if err != nil || doneIn(done, d.To.Name(), now, d.Zone) {
		return err
	}
	all, err := d.Folder.List()
	if err != nil {
		return err
	}
	if e, due := DueDelivery(all, now, d.Zone); due {
		_, err = d.Deliver(ctx, e)
	}
	return err
}

// doneIn says that a copy of a backup of the month is at a target.
func doneIn(done []backup.Delivered, to string, now time.Time, zone *time.Location) bool {
	return slices.ContainsFunc(done, func(one backup.Delivered) bool { return one.To == to && sameMonth(one.Began, now, zone) })
}

// DueDelivery is the backup of which a copy is to be given at a moment: the first good
// full one of the month that is there.
func DueDelivery(all []backup.Entry, now time.Time, zone *time.Location) (e backup.Entry, due bool) {
	for _, e := range all {
		if e.Good() && e.Kind == backup.Full && sameMonth(e.Began, now, zone) {
			return e, true
		}
	}
	return e, false
}

func sameMonth(a, b time.Time, zone *time.Location) bool {
	a, b = a.In(zone), b.In(zone)
	return a.Year() == b.Year() && a.Month() == b.Month()
}

// Deliver gives a copy of a full backup now.
func (d *Deliveries) Deliver(ctx context.Context, e backup.Entry) (backup.Delivered, error) {
	switch {
	case e.Kind != backup.Full:
		return backup.Delivered{}, fault.New(fault.Invalid, "fault.delivery.partial", e.Name)
	case d.To.Clear() && !e.Encrypted: // one of before they were encrypted
		return backup.Delivered{}, fault.New(fault.Invalid, "fault.delivery.clear", d.To.Name(), e.Name)
	}
	return d.Folder.Deliver(func() (backup.Delivered, error) {
		file := "selfhelp-" + d.Site + "-" + e.Name + ".tar"
		sent, err := d.To.Deliver(ctx, file, func(ctx context.Context) (io.ReadCloser, error) { return d.Folder.Pack(ctx, e.Name) })
		return backup.Delivered{Name: e.Name, Began: e.Began, To: d.To.Name(), File: file, At: d.Now().UTC(), Bytes: sent.Bytes, Hash: sent.Hash}, err
	})
}

func (d *Deliveries) enter(ctx context.Context, action, object string, detail map[string]string) {
	if err := d.Audit(ctx, "backup", action, object, detail); err != nil {
		d.Log.Error("the audit does not tell of a copy elsewhere", "err", err)
	}
}
