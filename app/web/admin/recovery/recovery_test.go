package recovery_test

import (
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/connect/mail"
	"selfhelp/app/connect/mail/mailtest"
	"selfhelp/app/post"
	"selfhelp/app/recovery"
	"selfhelp/app/watch"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

// office is a site with a chief who has an address.
func office(t *testing.T) (*frame.Site, *webtest.Browser) {
	t.Helper()
	s := webtest.NewSite(t)
	u := webtest.AddUser(t, s, "chief", access.Administrator)
	u.Everywhere, u.Mail, u.Language = true, "chief@example.org", "fr"
	if _, err := s.Content.SaveUser(t.Context(), u, "test"); err != nil {
		t.Fatal(err)
	}
	return s, webtest.SignedInAs(t, s, "chief")
}

func do(b *webtest.Browser, path string, pairs ...string) *webtest.Browser {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return b.Follow(b.Send("POST", "/admin/recovery/"+path, webtest.Form(values.Encode())), "/admin/recovery/"+path)
}

func TestThePlan(t *testing.T) {
	s, b := office(t)
	b.Open("/admin/recovery", webtest.Header("Accept-Language", "en")).Sees("Plan de reprise", "Les sept phases", "Rien ne copie ce serveur")
	do(b, "begin", "kind", "real").Sees("Dites en quelques mots")
	if b.Status != 422 {
		t.Errorf("a plan without a reason: %d", b.Status)
	}
	do(b, "phase", "phase", "1", "do", "done", "text", "early").Sees("Le plan a été clos")
	if r := b.Send("POST", "/admin/recovery/begin", webtest.Form("kind=bogus&text=x")); r.StatusCode != 422 {
		t.Errorf("a run of no kind answers %d", r.StatusCode)
	}
	do(b, "begin", "kind", "real", "text", "le <b>site</b> ne répond plus").Sees("Le plan est ouvert", "le &lt;b&gt;site&lt;/b&gt; ne répond plus", `aria-current="step"`)
	do(b, "begin", "kind", "real", "text", "again").Sees("Quelqu’un d’autre a commencé")
	do(b, "phase", "phase", "1", "do", "done", "text", "l'hébergeur confirme").Sees("l&#39;hébergeur confirme", "Fait\u202f: Détection")
	do(b, "phase", "phase", "2", "do", "note").Sees("Écrivez ce qui est à noter")
	do(b, "phase", "phase", "9", "do", "done")
	if b.Status < 400 {
		t.Errorf("phase 9 is done: %d", b.Status)
	}
	do(b, "phase", "phase", "2", "do", "note", "text", strings.Repeat("x", 3000)).Sees("Une note prend au plus", "xxxx")

	// What a command notes beside comes in, once.
	note := recovery.Event{At: time.Now().Add(-time.Minute).UTC(), By: "root@metz", Kind: recovery.Done, Phase: recovery.Takeover, Text: "e0001-lyon → e0002-metz"}
	for range 2 {
		if err := store.KeepRecoveryNote(filepath.Dir(s.Content.Path()), note); err != nil {
			t.Fatal(err)
		}
		b.Open("/admin/recovery").Sees("root@metz", "e0001-lyon → e0002-metz")
	}
	events, err := s.Content.Recovery(t.Context())
	if err != nil || len(events) != 3 || !events[2].At.Equal(note.At) {
		t.Errorf("the log: %+v %v", events, err)
	}
	do(b, "end", "text", "une sirène de plus").Sees("Le plan est clos", "Auparavant", "une sirène de plus")
	b.Open("/admin/audit").Sees("Plan de reprise commencé", "Plan de reprise terminé")
}

// What is typed at the other site is shown with the settings that this server knows.
func TestCommandsOfThePlan(t *testing.T) {
	s, b := office(t)
	s.Watch = watch.New(watch.Sources{Store: s.Store, Restorable: watch.Restorable{Flags: " --config /etc/l.yml --data /var/lib/selfhelp", Serve: " --data /var/lib/selfhelp --role edition", Receive: "/mnt/received"}})
	b.Open("/admin/recovery").Sees("selfhelp replica status --config /etc/l.yml --data /var/lib/selfhelp", "selfhelp promote --config /etc/l.yml --data /var/lib/selfhelp --site SITE --receive /mnt/received",
		"selfhelp serve --config SITE.yml --data /var/lib/selfhelp --role edition --site SITE --receive /mnt/received")
}

func TestLettersOfThePlan(t *testing.T) {
	s, b := office(t)
	do(b, "begin", "kind", "drill", "text", "exercice")
	do(b, "phase", "phase", "3", "do", "send").Sees("Aucune lettre n’est partie")
	peer := mailtest.Start(t, mail.TLS, mailtest.Login)
	if err := post.SaveServer(t.Context(), s.Content, s.Store.Keys, peer.Server, 0, "test"); err != nil {
		t.Fatal(err)
	}
	do(b, "told", "version", "0", "addresses", "one@example.org\nnobody").Sees("Chaque ligne prend une adresse", "one@example.org\nnobody")
	do(b, "told", "version", "0", "addresses", "one@example.org\r\nChief@example.org two@example.org").Sees("Les adresses sont enregistrées")
	do(b, "told", "version", "0", "addresses", "").Sees("one@example.org")
	if b.Status != 409 {
		t.Errorf("of before: %d", b.Status)
	}
	do(b, "phase", "phase", "1", "do", "send")
	if b.Status < 400 {
		t.Errorf("phase 1 is no letter: %d", b.Status)
	}
	do(b, "phase", "phase", "3", "do", "send", "text", "Retour vers 18 h.").Sees("Lettres en route\u202f: 3", "Fait\u202f: Avis d’indisponibilité", "Envoyée à 3 personnes.")
	backlog, err := s.Post.Backlog(t.Context(), store.MessageWaiting)
	if err != nil || backlog.Count != 3 {
		t.Errorf("waiting: %+v %v", backlog, err)
	}
}
