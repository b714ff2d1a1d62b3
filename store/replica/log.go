package replica

import (
	"context"
	"log/slog"
)

// quiet makes what the replicator says of its daily work a matter for those who
// look closer: one line a second would hide what an operator has to see.
type quiet struct{ slog.Handler }

func hushed(log *slog.Logger) *slog.Logger { return slog.New(quiet{log.Handler()}) }

// Enabled is that of the log for a level below.
func (q quiet) Enabled(ctx context.Context, l slog.Level) bool {
	return q.Handler.Enabled(ctx, lowered(l))
}

// Handle hands a record on with a level below.
func (q quiet) Handle(ctx context.Context, r slog.Record) error {
	r.Level = lowered(r.Level)
	return q.Handler.Handle(ctx, r)
}

// WithAttrs is that of the log.
func (q quiet) WithAttrs(attrs []slog.Attr) slog.Handler { return quiet{q.Handler.WithAttrs(attrs)} }

// WithGroup is that of the log.
func (q quiet) WithGroup(name string) slog.Handler { return quiet{q.Handler.WithGroup(name)} }

func lowered(l slog.Level) slog.Level {
	if l == slog.LevelInfo {
		return slog.LevelDebug
	}
	return l
}
