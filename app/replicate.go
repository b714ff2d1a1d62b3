package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"time"

	"selfhelp/app/command"
	"selfhelp/app/config"
	"selfhelp/app/fault"
	"selfhelp/store"
	"selfhelp/store/disk"
	"selfhelp/store/replica"
	"selfhelp/store/replica/chain"
)

// bringBack reads what copies the data folder and, where its databases are
// missing, restores them before anything opens them.
func (s *Server) bringBack(ctx context.Context) (err error) {
	err = replica.Lasts(s.config.Data)
	if err != nil {
		return command.Replaced(err)
	}
	if s.config.Replication != config.Embedded {
		return nil
	}
	place, err := replica.Of(s.config.File, s.config.Data, s.config.Site, s.config.Environment, store.Databases()...)
	if err != nil {
		return err
	}
	if s.config.NamesSite() && place.Epoch.Site != s.config.Site {
		s.log.Warn("the data folder is that of another site and stays so: --site is not taken", "name", place.Epoch.Site)
	}
	for _, key := range place.Settings.Ignored {
		s.log.Warn("the replicator inside does not honour this key", "file", s.config.File, "key", key)
	}
	if at, is := s.isTarget(ctx, place.Settings); is {
		return &fault.Error{
			Kind: fault.Conflict, Key: "fault.store.itself", Args: []any{at}, Cause: errItself,
			Hint: "in the file that --config names, name another site or a disk of its own, as the target of this one; meanwhile --replication off starts without a copy",
		}
	}
	if err := disk.NoReplicator(s.config.Data, store.Databases()...); err != nil {
		return err
	}
	back, err := place.BringBack(ctx, s.config.New, func(restored string, m replica.Manifest) error {
		return command.Opens(ctx, restored, place.Dir, m.Keys, s.log)
	}, s.log)
	if errors.Is(err, replica.ErrNew) {
		return &fault.Error{
			Kind: fault.Unavailable, Key: "fault.store.nothing", Args: []any{s.config.Data}, Cause: err,
			Hint: "for a new server, start it once with --new; else look whether the target is the right one and mounted, and start again",
		}
	}
	if err != nil {
		return fmt.Errorf("bring back what is missing in %s: %w", s.config.Data, err)
	}
	if len(back.Databases) > 0 {
		s.log.Warn("the databases were missing and came back from the replica", "from", back.Epoch.Name(), "now", place.Epoch.Name(), "files", back.Files)
	}
	s.place = place
	return nil
}

// errItself says that a server would be its own second site.
var errItself = errors.New("the target of the replica is this very server: the copy would burn with it")

// isTarget says whether the server would copy to its own address, as one does that took
// over with the file of the site it replaced.
func (s *Server) isTarget(ctx context.Context, settings replica.Settings) (at string, is bool) {
	host, port := settings.Server()
	own, ours := s.listener.Addr().(*net.TCPAddr)
	if host == "" || !ours || port != strconv.Itoa(own.Port) {
		return "", false
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	there, err := net.DefaultResolver.LookupIPAddr(ctx, host)
	if err != nil { // then the copy fails, and says so
		return "", false
	}
	here, err := net.InterfaceAddrs()
	if err != nil {
		return "", false
	}
	for _, ip := range there {
		if own.IP.IsUnspecified() && slices.ContainsFunc(here, func(a net.Addr) bool { n, is := a.(*net.IPNet); return is && n.IP.Equal(ip.IP) }) || own.IP.Equal(ip.IP) {
			return net.JoinHostPort(host, port), true
		}
	}
	return "", false
}

// replicate begins to copy the open store.
func (s *Server) replicate(ctx context.Context) (err error) {
	if s.config.Replication != config.Embedded {
		return nil
	}
	mark, err := store.KeysMark(s.place.Dir)
	if err != nil {
		return err
	}
	s.replicator, err = replica.Start(ctx, s.place.Settings, replica.Options{
		Dir: s.place.Dir, Epoch: s.place.Epoch, Keys: mark, Log: s.log,
		Now: time.Now, Replaced: s.replaced, Healed: s.healed, Elsewhere: command.InBackups(s.config),
	})
	over, is := errors.AsType[replica.Replaced](err)
	switch {
	case is && s.place.Fresh: // this server never wrote there
		return &fault.Error{
			Kind: fault.Conflict, Key: "fault.store.other", Args: []any{over.By.Name()}, Cause: err,
			Hint: "name an empty target; or, to go on with what is there, move the databases away and start without --new: they come back from it",
		}
	case is:
		s.replaced(over)
		return command.Replaced(over)
	case err != nil:
		return fmt.Errorf("copy %s: %w", s.config.Data, command.Twinned(err))
	}
	s.store.CopyTo(secondSite{s.replicator})
	return nil
}

// replaced keeps that another server has taken over, for every start after this one,
// and then refuses every write.
func (s *Server) replaced(by replica.Replaced) {
	if err := by.Fence(s.place.Dir); err != nil {
		s.log.Error("this server was replaced, and would not know it when it is started again while the target does not answer", "err", err)
	}
	s.store.Fence(by.By.Name())
}

// copiedTo names the target of the replica; "" where nothing here copies the store.
func (s *Server) copiedTo() string {
	if s.replicator == nil {
		return ""
	}
	return s.replicator.Status().Target
}

// secondSite is a replicator as the store knows it.
type secondSite struct{ *replica.Replicator }

// Copying says how the copy is.
func (r secondSite) Copying() store.Copying {
	st := r.Status()
	c := store.Copying{Target: st.Target, Epoch: st.Epoch.Name(), Whole: st.Whole, Well: st.Err == nil && !st.Asked.IsZero(), Errors: st.Errors, Behind: st.Behind, Why: string(replica.ReasonOf(st.Err))}
	if st.Replaced != nil {
		c.Replaced = st.Replaced.By.Name()
	}
	if st.Twin != nil {
		c.Twin = st.Twin.By.Host
	}
	c.Lacks, c.Examined, c.Spoilt = lacksOf(st.Gaps), st.Examined, st.Spoilt
	return c
}

// lacksOf are gaps of a replica as the store tells of them.
func lacksOf(gaps []chain.Gap) (lacks []store.Lack) {
	for _, g := range gaps {
		lacks = append(lacks, store.Lack{Database: g.Database, After: g.After, Before: g.Before, File: g.File})
	}
	return lacks
}

// healed tells of a gap at the target that was closed, in the log and in the audit.
func (s *Server) healed(h replica.Healed) {
	s.log.Error("the replica had a gap; a snapshot closed it, and the newest state can be restored", "wrong", h.Gap.String())
	err := s.store.Content.Audit(context.Background(), "replica", "replica.healed", "", h.Gap)
	if err != nil {
		s.log.Error("the audit does not tell of a gap in the replica", "err", err)
	}
}
