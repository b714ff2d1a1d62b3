package tests

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/html"

	"selfhelp/app/execution"
	"selfhelp/store"
	"selfhelp/tests/cluster"
)

// TestServersAreKilled has people answer through HAProxy while its presentation servers
// are killed one after the other, and started again. Nobody loses their journey or is
// asked to sign in again, and each answer that was acknowledged is at the edition server
// in the end, once. make soak does it some times, and a hundred where it takes a minute or
// more.
func TestServersAreKilled(t *testing.T) {
	if _, err := exec.LookPath("haproxy"); err != nil && os.Getenv("SELFHELP_PEERS") != "required" {
		t.Skip("haproxy is not installed")
	}
	t.Parallel() // it waits most of the time
	kills := 1
	switch lasting, err := time.ParseDuration(os.Getenv("SELFHELP_SOAK")); {
	case err == nil && lasting >= time.Minute:
		kills = 100
	case err == nil:
		kills = 8
	}
	folder := t.TempDir()
	edition := filepath.Join(folder, "edition")
	desk(t, edition)
	command(t, "user", "create", "--data", edition, "--role", "user", "--domains", "production", "ada")
	c, err := cluster.Start(cluster.Options{
		Binary: binary(), Folder: folder, Servers: 2, Log: "warn", Administrator: &cluster.Account{Login: "boss", Password: bossPassword, Role: "administrator"},
	})
	if err != nil {
		t.Fatal(err)
	}
	stop := sync.OnceFunc(c.Stop)
	t.Cleanup(stop)
	front, err := cluster.Place(0)
	if err == nil {
		err = c.Balance("../packaging/balancing/haproxy.cfg", front)
	}
	if err != nil {
		t.Fatal(err)
	}
	people := &crowd{t: t, front: c.Front}
	var going sync.WaitGroup
	for i := range 6 {
		going.Go(func() { people.goOn(uint64(i + 1)) })
	}
	for n := range kills {
		time.Sleep(time.Duration(200+rand.IntN(900)) * time.Millisecond)
		p := c.Servers[n%2]
		if n > 2 {
			p = c.Servers[rand.IntN(2)]
		}
		p.Kill()
		time.Sleep(time.Duration(rand.IntN(600)) * time.Millisecond)
		if err := c.Restart(p); err != nil {
			t.Fatal(err)
		}
		if err := p.Await(20 * time.Second); err != nil {
			t.Fatal(err)
		}
		time.Sleep(1500 * time.Millisecond) // the balancer takes it up again
	}
	people.over.Store(true)
	going.Wait()
	if t.Failed() {
		return
	}
	if err := c.Collected(60 * time.Second); err != nil {
		t.Fatal(err)
	}
	stop()
	people.found(edition)
	t.Logf("%d kills; %d journeys, %d answers acknowledged, each there once; %d requests failed and were sent again", kills, people.journeys.Load(), len(people.words), people.again.Load())
}

// crowd is people who answer until it is over.
type crowd struct {
	t               *testing.T
	front           string
	way             http.RoundTripper // nil: as anything is reached from here
	over            atomic.Bool
	journeys, again atomic.Int64
	longest         atomic.Int64 // nanoseconds that somebody waited for a page

	mu    sync.Mutex
	words []string // acknowledged
}

// goOn makes one journey after the other; every second person is signed in.
func (c *crowd) goOn(who uint64) {
	v := newVisitor(c.t, who)
	v.client.Timeout, v.client.Transport = 20*time.Second, c.way
	if who%2 == 0 {
		at, err := v.open(c.front + "/login")
		if err == nil {
			_, err = v.send(at, at.formWith("/login"), map[string]string{"login": "ada", "password": bossPassword})
		}
		if err != nil {
			c.t.Errorf("signing in: %v", err)
			return
		}
	}
	for n := 0; !c.over.Load() && !c.t.Failed(); n++ {
		if err := c.journey(v, fmt.Sprintf("word-%d-%d", who, n)); err != nil {
			c.t.Errorf("person %d, journey %d: %v", who, n, err)
			return
		}
		c.journeys.Add(1)
	}
}

// journey goes eight rounds and to the end.
func (c *crowd) journey(v *visitor, word string) error {
	at, err := c.insist(func() (page, error) { return v.open(c.front + "/r/rounds?in=production") })
	if err != nil {
		return err
	}
	if form := at.formWith("/r/rounds"); form != nil {
		was := at
		if at, err = c.insist(func() (page, error) { return v.send(was, form, nil) }); err != nil {
			return err
		}
	}
	for n := range 8 {
		said := fmt.Sprintf("%s-%d.", word, n)
		form := at.formWith("/x/")
		if form == nil || !strings.Contains(at.url.Path, "/x/") {
			return fmt.Errorf("round %d: there is no page to answer at %s (%d)", n, at.url, at.status)
		}
		was := at
		at, err = c.insist(func() (page, error) { return v.send(was, form, map[string]string{"f." + "word": said, "do": "answer"}) })
		if err != nil {
			return err
		}
		if !strings.Contains(textOf(at.root), said) {
			return fmt.Errorf("round %d: the page at %s (%d) does not know what was said: %.300s", n, at.url, at.status, textOf(at.root))
		}
		c.mu.Lock()
		c.words = append(c.words, said)
		c.mu.Unlock()
		form, was = at.formWith("/x/"), at
		choice := "yes"
		if n == 7 {
			choice = "no"
		}
		if at, err = c.insist(func() (page, error) { return v.send(was, form, map[string]string{"answer": choice, "do": ""}) }); err != nil {
			return err
		}
	}
	if !strings.Contains(textOf(at.root), "Done") && !strings.Contains(textOf(at.root), "Fini") {
		return fmt.Errorf("the end is not shown at %s (%d): %.300s", at.url, at.status, textOf(at.root))
	}
	return nil
}

// insist does what a person does whose page does not come: once more.
func (c *crowd) insist(do func() (page, error)) (page, error) {
	var at page
	var err error
	began := time.Now()
	defer func() {
		if took := int64(time.Since(began)); took > c.longest.Load() {
			c.longest.Store(took)
		}
	}()
	for range 20 {
		at, err = do()
		if err == nil && at.status < 500 {
			break
		}
		c.again.Add(1)
		time.Sleep(200 * time.Millisecond)
	}
	switch {
	case err != nil:
		return at, err
	case at.status != http.StatusOK:
		return at, fmt.Errorf("%s answers %d: %.300s", at.url, at.status, textOf(at.root))
	case strings.HasPrefix(at.url.Path, "/login"):
		return at, fmt.Errorf("they are asked to sign in again")
	}
	return at, nil
}

// found looks at the edition server for each word that was acknowledged.
func (c *crowd) found(data string) {
	st, err := store.Open(c.t.Context(), data, store.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		c.t.Fatal(err)
	}
	defer st.Close()
	times, ended := map[string]int{}, 0
	for after := ""; ; {
		list, err := st.Activity.Executions(c.t.Context(), store.ExecutionFilter{After: after, Ascending: true, Limit: 100})
		if err != nil {
			c.t.Fatal(err)
		}
		for _, e := range list.Executions {
			if !e.Ended.IsZero() {
				ended++
			}
			turns, err := st.Activity.Turns(c.t.Context(), e.ID)
			if err != nil {
				c.t.Fatal(err)
			}
			for _, turn := range turns {
				var events []execution.Event
				if err := json.Unmarshal(turn.Events, &events); err != nil {
					c.t.Fatal(err)
				}
				for _, ev := range events {
					if given, is := ev.Value.(map[string]any); is && ev.Kind == execution.EventAnswered {
						if word, is := given["word"].(string); is {
							times[word]++
						}
					}
				}
			}
		}
		if after = list.Next; after == "" {
			break
		}
	}
	for _, word := range c.words {
		if times[word] != 1 {
			c.t.Errorf("%q was acknowledged and is there %d times", word, times[word])
		}
	}
	if int64(ended) < c.journeys.Load() {
		c.t.Errorf("%d journeys ended, and %d are there", c.journeys.Load(), ended)
	}
}

// textOf is what a page says.
func textOf(root *html.Node) string {
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode && n.Parent != nil && n.Parent.Data != "script" {
			b.WriteString(n.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
