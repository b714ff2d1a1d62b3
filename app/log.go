package app

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"strings"

	"selfhelp/app/command"
	"selfhelp/app/config"
)

// logKeys are the keys that a line of the log may have beside its time, level and
// sentence. What programs inside ours say under other keys stands together under
// "detail". None of them ever holds a body, an answer, a cookie or a secret.
var logKeys = []string{
	"action", "address", "attempts", "backup", "bundle", "bytes", "check", "copy", "count", "database", "drain", "during", "err", "execution", "executions", "file", "files", "from", "hint", "host",
	"key", "kind", "message", "method", "name", "now", "panic", "project", "pseudonymised", "request", "route", "sequence", "server", "shape", "stack", "status", "target", "took", "until", "user",
	"version", "was", "why", "wrong",
}

// logDetail is the key of whatever has none of these.
const logDetail = "detail"

// newLog writes as the settings say.
func newLog(c config.Config, w io.Writer) *slog.Logger {
	o := &slog.HandlerOptions{Level: c.Level()}
	var h slog.Handler = slog.NewTextHandler(w, o)
	if c.LogFormat == config.JSON {
		h = slog.NewJSONHandler(w, o)
	}
	return slog.New(keyed{h, nil})
}

// keyed keeps the keys of the log to those it may have.
type keyed struct {
	slog.Handler
	detail []string // of what is said before each line
}

// Handle passes a line on.
func (k keyed) Handle(ctx context.Context, r slog.Record) error {
	kept := slog.NewRecord(r.Time, r.Level, r.Message, r.PC)
	detail := slices.Clone(k.detail)
	r.Attrs(func(a slog.Attr) bool {
		if known, is := known(a); is {
			kept.AddAttrs(known)
		} else {
			detail = append(detail, a.String())
		}
		return true
	})
	if len(detail) > 0 {
		kept.AddAttrs(slog.String(logDetail, strings.Join(detail, " ")))
	}
	return k.Handler.Handle(ctx, kept)
}

// WithAttrs says something before each line.
func (k keyed) WithAttrs(attrs []slog.Attr) slog.Handler {
	var kept []slog.Attr
	detail := slices.Clone(k.detail)
	for _, a := range attrs {
		if known, is := known(a); is {
			kept = append(kept, known)
		} else {
			detail = append(detail, a.String())
		}
	}
	return keyed{k.Handler.WithAttrs(kept), detail}
}

// WithGroup changes nothing: lines have no levels.
func (k keyed) WithGroup(string) slog.Handler { return k }

// known is an attribute under its key, if it has one of ours.
func known(a slog.Attr) (slog.Attr, bool) {
	if a.Key == "error" {
		a.Key = "err"
	}
	if d := a.Value.Resolve(); d.Kind() == slog.KindDuration {
		a.Value = slog.StringValue(d.Duration().String()) // JSON would have nanoseconds
	}
	if err, is := a.Value.Any().(error); is {
		a.Value = slog.StringValue(command.Logged(err))
	}
	return a, slices.Contains(logKeys, a.Key)
}
