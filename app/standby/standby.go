package standby

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"selfhelp/app/certificate"
	"selfhelp/app/command"
	"selfhelp/app/config"
	"selfhelp/store"
	"selfhelp/store/replica"
)

// Standby is a server that only receives.
type Standby struct {
	config config.Config
	log    *slog.Logger
	mu     sync.Mutex
	last   Checked
}

// Checked is what a look through what came found.
type Checked struct {
	At      time.Time     `json:"at"`              // when it was looked through, the zero time before the first
	Epoch   string        `json:"epoch"`           // of what came
	Whole   time.Time     `json:"whole"`           // up to when all of it is here
	Seconds float64       `json:"seconds"`         // that restoring and looking took
	Extent  *store.Extent `json:"extent"`          // of what came back
	Wrong   []string      `json:"wrong"`           // one sentence each
	Err     string        `json:"error,omitempty"` // why there was nothing to look through
}

// New is a standby by its settings.
func New(c config.Config, log *slog.Logger) *Standby { return &Standby{config: c, log: log} }

// Run takes what comes and looks through it each time that passed, until the context
// ends. It shows these certificates, and says on out where it listens.
func (s *Standby) Run(ctx context.Context, every time.Duration, shown *certificate.Holder, out io.Writer) error {
	r, err := Receiver(s.config, s.log)
	if err != nil {
		return err
	}
	secure := shown.TLS()
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.config.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", s.config.Listen, err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.HandleFunc("GET /readyz", s.ready)
	mux.HandleFunc("GET /healthz", s.ready)
	server := &http.Server{
		Handler: Beside(r, mux), TLSConfig: secure, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: time.Hour, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	var watching sync.WaitGroup
	defer watching.Wait() // it leaves nothing half restored behind
	serving, ended := context.WithCancel(ctx)
	defer ended()
	watching.Go(func() { s.watch(serving, every) })
	watching.Go(func() { shown.Run(serving) })
	drained := make(chan struct{})
	context.AfterFunc(ctx, func() {
		defer close(drained)
		drain, cancel := context.WithTimeout(context.Background(), s.config.Finish)
		defer cancel()
		if err := server.Shutdown(drain); err != nil {
			s.log.Warn("some files were cut short; they come again", "err", err)
		}
	})
	fmt.Fprintf(out, "receiving on %s\n", listener.Addr())
	if secure != nil {
		err = server.ServeTLS(listener, "", "")
	} else {
		err = server.Serve(listener)
	}
	if errors.Is(err, http.ErrServerClosed) {
		<-drained
		return nil
	}
	return err
}

// watch looks through what came, at the start and then again and again.
func (s *Standby) watch(ctx context.Context, every time.Duration) {
	for {
		wait := every
		if _, err := s.Check(ctx); err != nil {
			wait = min(wait, retry)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// retry is after how long it is looked again where nothing could be looked through: the
// keys may have come since, or the first files.
const retry = 2 * time.Minute

// Check restores what came into a scratch folder and looks through it. What it found is
// told at /readyz from then on.
func (s *Standby) Check(ctx context.Context) (Checked, error) {
	began := time.Now()
	found := Checked{At: began.UTC()}
	err := s.lookThrough(ctx, &found)
	if err != nil {
		found.Err = notLooked(err)
		if errors.Is(err, replica.ErrNothing) { // as it is before the other site is started
			s.log.Info("nothing has come yet")
		} else {
			s.log.Error("what came could not be looked through", "err", err)
		}
	}
	found.Seconds = time.Since(began).Seconds()
	for _, wrong := range found.Wrong {
		s.log.Error("what came is not whole", "wrong", wrong)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = found
	return found, err
}

// notLooked says why nothing was looked through, as anybody may read it: the log has the
// rest.
func notLooked(err error) string {
	switch {
	case errors.Is(err, command.ErrNoKeys):
		return "the folder keys of the first site is not in the data folder: bring it; it is looked for again every two minutes"
	case errors.Is(err, replica.ErrNothing):
		return "nothing has come yet"
	}
	return "what came could not be looked through: the log of this server says why"
}

// prune takes away what no moment that is kept needs: the other site may not.
func (s *Standby) prune(ctx context.Context, from replica.Settings) {
	p, err := from.PruneReceived(ctx, time.Now())
	switch {
	case err != nil:
		s.log.Error("what is too old was not taken away", "err", err)
	case p.Some():
		s.log.Info("what is too old was taken away", "name", p.Epochs, "files", p.Files, "count", p.Parts)
	}
}

func (s *Standby) lookThrough(ctx context.Context, found *Checked) error {
	place, err := replica.Of(s.config.File, s.config.Data, s.config.Site, s.config.Environment, store.Databases()...)
	if err != nil {
		return err
	}
	restored, err := command.Restored(ctx, place, place.Settings.From(s.config.Receive), replica.Wanted{}, s.log, func(string, int64, int64) {})
	if err != nil {
		return err
	}
	defer restored.Scratch.Remove()
	found.Epoch, found.Whole = restored.Back.Epoch.Name(), restored.Back.Manifest.At
	found.Extent, found.Wrong = &restored.Extent, restored.Wrong
	if len(found.Wrong) == 0 {
		s.prune(ctx, place.Settings.From(s.config.Receive))
	}
	return nil
}

// ready says how ready the second site is: 503 when what came is not whole.
func (s *Standby) ready(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	last := s.last
	s.mu.Unlock()
	if len(last.Wrong) > 0 { // places and names are for the log
		last.Wrong = []string{"what came is not whole: the log of this server says what is wrong"}
	}
	w.Header().Set("Content-Type", "application/json")
	if last.Err != "" || len(last.Wrong) > 0 {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	if err := json.NewEncoder(w).Encode(last); err != nil {
		s.log.Debug("readiness was not told", "err", err)
	}
}
