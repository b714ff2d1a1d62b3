package post_test

import (
	"io"
	"log/slog"
	"testing"
	"time"

	"selfhelp/app/connect/mail"
	"selfhelp/app/post"
	"selfhelp/store"
)

// TestLettersAmongOtherMessages: a letter that was given up is found however
// many messages of other kinds were given up after it.
func TestLettersAmongOtherMessages(t *testing.T) {
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	st, err := store.Open(t.Context(), t.TempDir(), store.Options{Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	p := post.New(st, "https://help.example.org", time.Now, log)
	server := mail.Server{Host: "mail.example.org", Port: 587, Security: mail.STARTTLS, Sender: "help@example.org"}
	if err := p.SaveServer(t.Context(), server, 0, "test"); err != nil {
		t.Fatal(err)
	}
	if err := p.TellChanged(t.Context(), store.User{Login: "ada", Mail: "ada@example.org"}, "en"); err != nil {
		t.Fatal(err)
	}
	for range 12 {
		if err := p.AskReset(t.Context(), "nobody", "en"); err != nil {
			t.Fatal(err)
		}
	}
	all, err := st.Activity.TakeDue(t.Context(), time.Minute, 100)
	if err != nil || len(all) != 13 {
		t.Fatalf("%d messages, %v", len(all), err)
	}
	for _, m := range all {
		if err := st.Activity.MessageFailed(t.Context(), m.ID, "no"); err != nil {
			t.Fatal(err)
		}
	}
	lost, err := p.Undelivered(t.Context(), store.MessageFailed, 10)
	if err != nil || len(lost) != 1 || lost[0].To != "ada@example.org" {
		t.Errorf("lost: %+v, %v", lost, err)
	}
}
