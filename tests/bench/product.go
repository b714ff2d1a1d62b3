package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"selfhelp/app/edition"
	"selfhelp/app/web"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/seal"
	"selfhelp/store"
)

// openProduct opens a data folder the way the product does.
func openProduct(ctx context.Context, data string) (*store.Store, *edition.Edition, error) {
	quiet := slog.New(slog.DiscardHandler)
	st, err := store.Open(ctx, data, store.Options{Log: quiet})
	if err != nil {
		return nil, nil, err
	}
	e, err := edition.Open(ctx, st, filepath.Join(data, "bundles"), quiet)
	if err != nil {
		return nil, nil, errors.Join(err, st.Close())
	}
	return st, e, nil
}

// fill makes a data folder with generated procedures, published. It returns how
// long publishing took, from the order to the shelf.
func fill(ctx context.Context, data string, procedures int) (time.Duration, error) {
	st, e, err := openProduct(ctx, data)
	if err != nil {
		return 0, err
	}
	p, err := st.Content.CreateProject(ctx, "production", generated(procedures), "")
	if err != nil {
		return 0, errors.Join(fmt.Errorf("fill %s: %w", data, err), e.Close(), st.Close())
	}
	began := time.Now()
	_, err = e.Publish(ctx, edition.Order{Project: p.ID})
	took := time.Since(began)
	return took, errors.Join(err, e.Close(), st.Close())
}

// unlimited is for what one machine does that plays everyone.
var unlimited = frame.Rate{PerSecond: -1}

// everything is limits that hold nobody up.
var everything = frame.Limits{All: unlimited, Starts: unlimited, Search: unlimited, Signs: unlimited}

// product serves a data folder as the serve command does, but for the limits of
// requests by address; copied to a second place or not.
func product(ctx context.Context, listen, data string, limits frame.Limits, copied bool) error {
	st, e, err := openProduct(ctx, data)
	if err != nil {
		return err
	}
	if copied {
		r, err := copying(ctx, data)
		if err != nil {
			return errors.Join(err, e.Close(), st.Close())
		}
		defer r.Close(context.WithoutCancel(ctx)) // after the store, which ends below
	}
	site, err := web.New(frame.Config{
		Role: frame.Both, Log: slog.New(slog.NewTextHandler(discard{}, nil)), Now: time.Now, Store: st, Shelf: e.Shelf(), Edition: e,
		Keys: seal.KeysOf(st.Keys, time.Now()), Limits: limits,
	})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: site, ReadHeaderTimeout: 5 * time.Second}
	go func() { <-ctx.Done(); server.Shutdown(context.WithoutCancel(ctx)) }()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return errors.Join(e.Close(), st.Close())
}

// discard takes the access log, written and formatted as in production.
type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }
