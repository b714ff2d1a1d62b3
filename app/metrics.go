package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// figures are what Prometheus scrapes, on an address of their own: nothing that
// people reach leads there.
type figures struct {
	listener net.Listener
	http     *http.Server
}

// showFigures begins to answer; nothing without an address.
func showFigures(ctx context.Context, address string, page http.Handler, log *slog.Logger) (*figures, error) {
	if address == "" {
		return nil, nil
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s for the figures: %w", address, err)
	}
	f := &figures{listener, &http.Server{
		Handler: page, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 5 * time.Second, WriteTimeout: 15 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}}
	go func() {
		if err := f.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Error("the figures are shown no more", "err", err)
		}
	}()
	return f, nil
}

func (f *figures) close() error {
	if f == nil {
		return nil
	}
	return f.http.Close()
}
