package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"selfhelp/app/admission"
	"selfhelp/app/certificate"
	"selfhelp/app/command"
	"selfhelp/app/config"
	"selfhelp/app/connect"
	"selfhelp/app/edition"
	"selfhelp/app/job"
	"selfhelp/app/login"
	"selfhelp/app/past"
	"selfhelp/app/platform"
	"selfhelp/app/post"
	"selfhelp/app/presentation"
	"selfhelp/app/standby"
	"selfhelp/app/watch"
	"selfhelp/app/watch/measure"
	"selfhelp/app/watch/systemd"
	"selfhelp/app/web"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/seal"
	"selfhelp/store"
	"selfhelp/store/replica"
)

// Server is the product, running: the parts, built and wired, and the address
// they answer on. Tests start one on port 0.
type Server struct {
	config       config.Config
	log          *slog.Logger
	now          func() time.Time
	listener     net.Listener
	store        *store.Store
	place        replica.Place              // the data folder as it is copied
	replicator   *replica.Replicator        // nil when nothing inside copies it
	backups      *job.Backups               // nil when nothing makes any
	deliveries   *job.Deliveries            // nil when no copies are given elsewhere
	past         *past.Past                 // brings back what was
	edition      *edition.Edition           // nil on a presentation server
	platform     *platform.Platform         // the presentation servers; nil on one
	presentation *presentation.Presentation // nil where things are written
	hosted       hosted
	desk         *admission.Desk
	post         *post.Post
	breached     *login.Breached
	watch        *watch.Watch
	measures     *measure.Measures
	certificates *certificate.Holder
	asked        net.Listener // where selfhelp status asks; nil where that cannot be
	metrics      *figures     // nil when nobody asks for them
	http         *http.Server
}

// Open takes the address and builds the parts. Nothing is answered before Run.
func Open(ctx context.Context, c config.Config, log *slog.Logger) (*Server, error) {
	return open(ctx, c, time.Now, log)
}

// open is Open by another clock.
func open(ctx context.Context, c config.Config, now func() time.Time, log *slog.Logger) (*Server, error) {
	if err := errors.Join(c.Check(), command.KeepsRole(c)); err != nil {
		return nil, err
	}
	if c.Backup != "" { // what they are made by is read again: the epoch may be another then
		if _, err := command.MakerOf(c, log); err != nil {
			return nil, err // before anything is made
		}
	}
	s := &Server{config: c, log: log, now: now}
	var err error
	s.listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", c.Listen, err)
	}
	command.TellClock(c.Data, time.Now(), log)
	if err := s.bringBack(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if s.store, err = store.Open(ctx, c.Data, store.Options{Log: log, Now: now, Patience: c.Patience, Journal: c.Role == config.Presentation}); err != nil {
		return nil, errors.Join(fmt.Errorf("open the data folder %s: %w", c.Data, err), s.Close())
	}
	sweepRestored(c.Data, log)
	if err := s.replicate(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := s.openBackups(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if s.certificates, err = certificates(c, s.store, log); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.past = past.New(pastOf(c, s.place, log), s.store)
	if err := s.openRole(ctx, filepath.Join(c.Data, "bundles")); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.desk = admission.NewDesk(s.store, now, log)
	if s.presentation != nil {
		s.desk.TellArrivals()
	}
	s.openBreached()
	s.post = post.New(s.store, s.links(), now, log)
	s.takeNotes(ctx)
	s.watch = watch.New(watch.Sources{Store: s.store, Mail: s.sendsMail, Certificates: s.shownCertificates, Platform: s.seen, Restorable: command.RestorableOf(c, s.place, s.copiedTo(), log), Log: log})
	if s.asked, err = watch.Listen(ctx, c.Data); err != nil {
		log.Warn("selfhelp status cannot ask this server", "err", err)
	}
	s.measures = measure.New(s.watch, s.store, Version)
	if s.metrics, err = showFigures(ctx, c.Metrics, s.measures.Handler(), log); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := s.host(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	from, err := standby.ReceivesOn(c, log)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.http = &http.Server{
		Handler: standby.Beside(from, s.atTheDoor(&s.hosted)), TLSConfig: s.certificates.TLS(), ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
	}
	return s, nil
}

// site builds what browsers see.
func (s *Server) site() (*frame.Site, error) {
	networks, err := s.config.Proxies()
	if err != nil {
		return nil, err
	}
	var scan frame.Scan
	if command := s.config.Scanner(); len(command) > 0 {
		scan = connect.Scanner{Command: command, Most: time.Minute}.Scan
	}
	zone := s.config.Zone()
	site, err := web.New(frame.Config{
		Role: roles[s.config.Role], Build: Version, Origin: s.origin(), Proxies: networks, Log: s.log, Zone: zone, Now: func() time.Time { return s.now().In(zone) },
		Keys: seal.KeysOf(s.store.Keys, s.now()), Store: s.store, Shelf: s.shelf(), Edition: s.edition, Desk: s.desk, Post: s.post, Demo: s.config.Demo, Scan: scan, Watch: s.watch, Measure: s.measures, Past: s.past, Platform: s.platform, Elsewhere: s.elsewhere(), Patience: s.config.Patience,
	})
	if err != nil {
		return nil, fmt.Errorf("build the site: %w", err)
	}
	s.desk.OnChange(site.Sessions.Forget)
	return site, nil
}

// URL is where the server answers on this machine, without a final slash.
func (s *Server) URL() string {
	scheme := "http"
	if s.config.Secure() {
		scheme = "https"
	}
	at := s.listener.Addr().String()
	if a, err := netip.ParseAddrPort(at); err == nil && a.Addr().IsUnspecified() {
		at = fmt.Sprint("localhost:", a.Port()) // [::] can be listened on, not gone to
	}
	return scheme + "://" + at
}

// Setup returns the address where the first administrator is made, good for one
// use and one day; nothing once there is an account.
func (s *Server) Setup(ctx context.Context) (string, error) {
	n, err := s.store.Content.CountUsers(ctx)
	if err != nil || n > 0 || s.presentation != nil {
		return "", err
	}
	token, err := s.store.Content.NewSetupToken(ctx, 24*time.Hour)
	if err != nil {
		return "", fmt.Errorf("make the setup address: %w", err)
	}
	return s.public() + "/setup?token=" + token, nil
}

// public is what people type to come here.
func (s *Server) public() string {
	if s.config.Address != "" {
		return strings.TrimRight(s.config.Address, "/")
	}
	return s.URL()
}

// links is what the links in letters begin with: what people type to come here.
// Nothing is known of that when others may reach the server and nobody said.
func (s *Server) links() string {
	if s.config.Address == "" && !s.config.Loopback() {
		return ""
	}
	return s.public()
}

// openBreached takes the list of passwords that became known elsewhere. One that
// cannot be used is told, and keeps nobody out.
func (s *Server) openBreached() {
	if s.config.Breached == "" {
		return
	}
	list, err := login.OpenBreached(s.config.Breached)
	if err != nil {
		s.log.Error("passwords that became known elsewhere are not refused", "err", err)
	}
	s.breached = list
	s.desk.UseBreached(list, err)
}

// Run answers until ctx is done. Then it says that nobody should be sent here, goes
// on answering for the drain time, lets what has begun come to its end, and closes
// every part.
func (s *Server) Run(ctx context.Context) error {
	failed := make(chan error, 1)
	go func() { failed <- s.serve() }()
	over := systemd.Of(s.config.Environment, os.Getpid())
	s.tell(over, "READY=1") // the address is taken: who comes now is answered
	tending, untend := context.WithCancel(context.WithoutCancel(ctx))
	defer untend()
	go over.Tend(tending, func() bool { return s.watch.Live() == nil })
	go s.sweepStrays(ctx)
	go s.retain(ctx)
	go s.remind(ctx)
	go s.tellMoved(ctx)
	go s.desk.Watch(ctx)
	if s.asked != nil {
		go s.watch.Tell(s.asked)
	}
	go s.empty(ctx)
	go s.backUp(ctx)
	go s.deliver(ctx)
	go s.watch.Run(ctx)
	go s.certificates.Run(ctx)
	go s.warnOfCertificates(ctx)
	go s.lookAfter(ctx)
	go s.turnKeys(ctx)
	select {
	case err := <-failed:
		return errors.Join(fmt.Errorf("serve: %w", err), s.Close())
	case <-ctx.Done():
	}
	s.log.Info("stopping", "drain", s.config.DrainTime())
	s.tell(over, "STOPPING=1")
	s.watch.Drain()
	select {
	case err := <-failed:
		return errors.Join(fmt.Errorf("serve: %w", err), s.Close())
	case <-time.After(s.config.DrainTime()):
	}
	finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.config.Finish)
	defer cancel()
	if err := s.http.Shutdown(finish); err != nil {
		s.log.Warn("some requests were cut short", "err", err)
	}
	return s.Close()
}

// tell tells the supervisor, and the log where that cannot be.
func (s *Server) tell(over systemd.Supervisor, state string) {
	if err := over.Tell(state); err != nil {
		s.log.Warn("the supervisor does not hear", "err", err)
	}
}

// sendsMail says whether there is a mail server.
func (s *Server) sendsMail(ctx context.Context) (bool, error) {
	server, _, err := s.post.Server(ctx)
	return server.Host != "", err
}

func (s *Server) serve() error {
	if s.http.TLSConfig != nil {
		return s.http.ServeTLS(s.listener, "", "")
	}
	return s.http.Serve(s.listener)
}

// Close stops at once and closes every part, those that were built.
func (s *Server) Close() error {
	var errs []error
	if s.http != nil {
		errs = append(errs, s.http.Close())
	}
	if err := s.listener.Close(); !errors.Is(err, net.ErrClosed) {
		errs = append(errs, err)
	}
	errs = append(errs, s.breached.Close(), s.metrics.close(), s.past.Close())
	if s.asked != nil {
		errs = append(errs, s.asked.Close())
	}
	if s.edition != nil {
		errs = append(errs, s.edition.Close())
	}
	if s.presentation != nil {
		errs = append(errs, s.presentation.Close())
	}
	if s.desk != nil {
		s.desk.Settle()
	}
	if s.store != nil {
		errs = append(errs, s.store.Close())
	}
	if s.replicator != nil { // after the store, whose locks it shares
		errs = append(errs, s.replicator.Close(context.Background()))
	}
	return errors.Join(errs...)
}
