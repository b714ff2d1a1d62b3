package tests

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"selfhelp/store/disktest"
)

// fill writes a file until the disk has no room left.
func fill(t *testing.T, name string) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, size := range []int{1 << 20, 4096, 1} {
		for block := make([]byte, size); err == nil; {
			_, err = f.Write(block)
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatal(err)
		}
		err = nil
	}
}

// asker is someone in front of a form of the desk.
type asker struct {
	*visitor
	at page
}

func (p *process) asker(number uint64, language string) *asker {
	p.t.Helper()
	a := &asker{visitor: newVisitor(p.t, number)}
	a.speaks = language
	var err error
	if a.at, err = a.open(p.address + "/r/rounds?lang=" + language); err != nil || a.at.formWith("/x/") == nil {
		p.t.Fatalf("no form is shown: %d %v", a.at.status, err)
	}
	return a
}

// says sends the form with a word and returns the page that comes back.
func (a *asker) says(t *testing.T, word string) page {
	t.Helper()
	got, err := a.send(a.at, a.at.formWith("/x/"), map[string]string{"f.word": word, "do": "answer"})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// health asks the server how it is.
func (p *process) health(language string) (status int, words string) {
	p.t.Helper()
	request, err := http.NewRequest(http.MethodGet, p.address+"/readyz", nil)
	if err != nil {
		p.t.Fatal(err)
	}
	request.Header.Set("Accept-Language", language)
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	defer reply.Body.Close()
	body, _ := io.ReadAll(reply.Body)
	return reply.StatusCode, string(body)
}

// becomes asks for the server's health until it has a status: it looks once a
// second at most.
func (p *process) becomes(status int) {
	p.t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for range 200 {
		if got, _ := p.health("en"); got == status {
			return
		}
		<-tick.C
	}
	p.t.Errorf("/readyz does not become %d", status)
}

// answering has a program answer until it is refused, and returns what was
// kept of it.
func (p *process) answering(t *testing.T, most int) (*kept, error) {
	t.Helper()
	c := &caller{address: p.address, from: "10.9.9.9"}
	reply, err := c.call("POST", "/procedures/rounds/executions", map[string]any{"lang": "en"}, http.StatusCreated)
	if err != nil {
		return nil, err
	}
	c.secret, _ = reply["secret"].(string)
	k := &kept{caller: *c, id: reply["id"].(string), turn: turnOf(reply)}
	for n := range most {
		word := fmt.Sprint("word", n, strings.Repeat("x", 150))
		for _, body := range []map[string]any{{"step": "first", "data": map[string]any{"word": word}}, {"step": "more", "data": true}} {
			body["turn"] = k.turn
			if reply, err = k.call("POST", "/executions/"+k.id+"/answers", body, http.StatusOK); err != nil {
				return k, err
			}
			k.turn = turnOf(reply)
		}
		k.words = append(k.words, word)
	}
	return k, nil
}

// troubles are what people read, by language, when the disk is of no use.
var troubles = map[string][2]string{
	"fault.disk_full": {"There is no room left on the server", "Il n’y a plus de place"},
	"fault.disk":      {"disk reports errors", "signale des erreurs"},
}

// refuses checks that answers are refused with words, in both languages, and
// that the health says the same.
func (p *process) refuses(t *testing.T, trouble string, people map[string]*asker) {
	t.Helper()
	for i, language := range []string{"en", "fr"} {
		a := people[language]
		got := a.says(t, "Ada")
		text := strings.Join(strings.Fields(wordsOf(got.root)), " ")
		if got.status != http.StatusServiceUnavailable || !strings.Contains(text, troubles[trouble][i]) {
			t.Errorf("%s: %d %.400s", language, got.status, text)
		}
		if strings.Contains(text, "/tmp") || strings.Contains(text, "sqlite") {
			t.Errorf("%s: the page tells too much: %s", language, text)
		}
		if status, words := p.health(language); status != http.StatusServiceUnavailable || !strings.Contains(words, troubles[trouble][i]) {
			t.Errorf("%s: /readyz says %d %q", language, status, words)
		}
	}
}

// TestDiskWithoutRoom fills the disk under the server: people read why nothing
// can be kept, and when there is room again all goes on by itself.
func TestDiskWithoutRoom(t *testing.T) {
	data := filepath.Join(disktest.Small(t, 48<<20), "data")
	desk(t, data)
	p := serve(t, data)
	people := map[string]*asker{"en": p.asker(2, "en"), "fr": p.asker(3, "fr")}
	ballast := filepath.Join(data, "ballast")
	fill(t, ballast)
	k, err := p.answering(t, 100_000)
	for ; err == nil; k, err = p.answering(t, 30) { // the log of changes had room of its own
	}
	if !strings.Contains(err.Error(), "answers 503") || !strings.Contains(err.Error(), troubles["fault.disk_full"][0]) {
		t.Errorf("a program is answered %v", err)
	}
	p.becomes(http.StatusServiceUnavailable)
	p.refuses(t, "fault.disk_full", people)
	if k != nil {
		p.holds(k)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	p.becomes(http.StatusOK)
	for language, a := range people {
		if got := a.says(t, "Ada"); got.status != http.StatusOK || !strings.Contains(wordsOf(got.root), "Ada") {
			t.Errorf("%s: with room again, the same form is answered %d: %.300s", language, got.status, wordsOf(got.root))
		}
	}
	p.stop()
	sound(t, data)
}

// holds looks for all that was acknowledged of an execution.
func (p *process) holds(k *kept) {
	p.t.Helper()
	k.address = p.address
	reply, err := k.call("GET", "/executions/"+k.id, nil, http.StatusOK)
	if err != nil || turnOf(reply) < k.turn {
		p.t.Errorf("it stands at turn %d, and %d was acknowledged: %v", turnOf(reply), k.turn, err)
	}
}

// TestDiskThatFails breaks the disk under the server: writing fails, or only
// what makes sure that it was written. Nothing may be acknowledged from then
// on, and all that was must be there when the disk is another one.
func TestDiskThatFails(t *testing.T) {
	if os.Getenv("SELFHELP_BINARY") != "" {
		t.Skip("only this very binary can break its disk")
	}
	for how, trouble := range map[string]string{"sync": "fault.disk", "write": "fault.disk", "room": "fault.disk_full"} {
		t.Run(how, func(t *testing.T) {
			data := filepath.Join(t.TempDir(), "data")
			desk(t, data)
			p := serve(t, data, breakable+"="+how)
			p.t = t
			people := map[string]*asker{"en": p.asker(2, "en"), "fr": p.asker(3, "fr")}
			before, err := p.answering(t, 5)
			if err != nil {
				t.Fatal(err)
			}
			p.breakDisk()
			after, err := p.answering(t, 5)
			if err == nil || !strings.Contains(err.Error(), "answers 503") {
				t.Errorf("with the disk broken, a program is answered %v %v", after, err)
			}
			p.refuses(t, trouble, people)
			p.kill()
			sound(t, data)
			p = serve(t, data)
			p.holds(before)
			if got := people["en"].again(p).says(t, "Ada"); got.status != http.StatusOK {
				t.Errorf("on a disk that works, the same form is answered %d", got.status)
			}
			p.stop()
		})
	}
}

// again is the same person before the server that was started again.
func (a *asker) again(p *process) *asker {
	a.at.url.Host = strings.TrimPrefix(p.address, "http://")
	return a
}

// breakDisk breaks the disk and waits until it is.
func (p *process) breakDisk() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGUSR1); err != nil {
		p.t.Fatal(err)
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range 500 {
		if strings.Contains(p.log.String(), "the disk is broken") {
			return
		}
		<-tick.C
	}
	p.t.Fatalf("the disk does not break: %s", p.log)
}

// refusesToStart starts a server that must not start, and returns what it says.
func refusesToStart(t *testing.T, data string) string {
	t.Helper()
	cmd := exec.Command(binary(), "serve", "--listen", "127.0.0.1:0", "--data", data)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	timer := time.AfterFunc(20*time.Second, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	err := cmd.Run()
	if failed, ok := errors.AsType[*exec.ExitError](err); !ok || failed.ExitCode() != 3 {
		t.Errorf("it ended with %v: %s", err, &out)
	}
	return out.String()
}

// TestFoldersThatCannotBeUsed starts servers on folders that are read-only,
// held by another server, of another program, or of a newer one.
func TestFoldersThatCannotBeUsed(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	desk(t, data)
	first := serve(t, data)
	if said := refusesToStart(t, data); !strings.Contains(said, fmt.Sprint("process ", first.cmd.Process.Pid)) {
		t.Errorf("a second server is told %s", said)
	}
	if out, err := exec.Command(binary(), "import", "--data", data, "testdata/desk").CombinedOutput(); err == nil || !strings.Contains(string(out), "already open, in process") {
		t.Errorf("an import beside the server: %v %s", err, out)
	}
	first.stop()

	rawly(t, filepath.Join(data, "content.db"), "PRAGMA user_version = 999")
	if said := refusesToStart(t, data); !strings.Contains(said, "newer") {
		t.Errorf("on a newer database: %s", said)
	}
	if err := os.WriteFile(filepath.Join(data, "content.db"), bytes.Repeat([]byte("no database "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	if said := refusesToStart(t, data); !strings.Contains(said, "damaged") {
		t.Errorf("on a damaged database: %s", said)
	}
}

// TestReadOnlyFolder starts on a disk that was mounted to be read only.
func TestReadOnlyFolder(t *testing.T) {
	dir := disktest.Small(t, 48<<20)
	data := filepath.Join(dir, "data")
	desk(t, data)
	remount := func(flags uintptr) {
		if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|flags, "size=48m"); err != nil {
			t.Fatal(err)
		}
	}
	remount(syscall.MS_RDONLY)
	said := refusesToStart(t, data)
	remount(0)
	if !strings.Contains(said, "cannot be written") {
		t.Errorf("it says %s", said)
	}
	p := serve(t, data)
	p.serves("1.0")
	p.stop()
}

// TestDatabaseExchanged puts another database in the place of the open one:
// nothing is written where nobody will look for it.
func TestDatabaseExchanged(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	desk(t, data)
	p := serve(t, data)
	a := p.asker(2, "en")
	file := filepath.Join(data, "activity.db")
	if err := os.Rename(file, file+".aside"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := a.says(t, "Ada"); got.status != http.StatusServiceUnavailable || !strings.Contains(wordsOf(got.root), "exchanged") {
		t.Errorf("an answer is answered %d", got.status)
	}
	if status, words := p.health("en"); status != http.StatusServiceUnavailable || !strings.Contains(words, "exchanged") {
		t.Errorf("/readyz says %d %q", status, words)
	}
	if err := os.Rename(file+".aside", file); err != nil {
		t.Fatal(err)
	}
	p.becomes(http.StatusOK)
	if got := a.says(t, "Ada"); got.status != http.StatusOK {
		t.Errorf("with the file back, an answer is answered %d", got.status)
	}
	p.stop()
}
