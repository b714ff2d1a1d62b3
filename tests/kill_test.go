package tests

import (
	"archive/zip"
	"bytes"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"selfhelp/store"
)

// TestKilledAtWork kills the server at random moments while people answer and
// a writer publishes and imports, and looks whether all that was acknowledged
// is there, and nothing is half there: fifty times, and for as long as SELFHELP_SOAK says,
// where make soak asks for it.
func TestKilledAtWork(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	desk(t, data)
	kills, until := 3, time.Now()
	if lasting, err := time.ParseDuration(os.Getenv("SELFHELP_SOAK")); err == nil {
		kills, until = 50, until.Add(lasting)
	}
	all := &work{}
	done := 0
	for ; done < kills || time.Now().Before(until) || all.answers == 0 && done < 10*kills; done++ { // a slow machine acknowledges nothing for a while
		w := &work{round: done, imported: all.imported, published: all.published}
		p := serve(t, data)
		timer := time.AfterFunc(time.Duration(5+rand.IntN(400))*time.Millisecond, func() { _ = p.cmd.Process.Kill() })
		w.at(p)
		timer.Stop()
		p.kill()
		sound(t, data)
		p = serve(t, data)
		w.found(p)
		p.stop()
		if log := p.log.String(); strings.Contains(log, "level=ERROR") || strings.Contains(log, "built again") {
			t.Errorf("after kill %d: %s", done+1, log)
		}
		all.add(w)
		if t.Failed() {
			return
		}
	}
	t.Logf("%d kills; %d answers, %d publications and %d imports acknowledged, none lost", done, all.answers, all.publications, all.imports)
	if all.answers == 0 || kills >= 50 && (all.publications == 0 || all.imports == 0) {
		t.Error("nothing was acknowledged: this kills too early to tell anything")
	}
}

// work is what a server acknowledged until it was killed.
type work struct {
	round     int
	mu        sync.Mutex
	journeys  []*kept
	published string // the highest version, as the Studio says it
	imported  int    // the state of the project that comes and goes

	answers, publications, imports int
}

// kept is an execution and the words acknowledged in it.
type kept struct {
	caller
	id    string
	turn  int64
	words []string
}

func (w *work) add(one *work) {
	w.published, w.imported = one.published, one.imported
	w.answers, w.publications, w.imports = w.answers+one.answers, w.publications+one.publications, w.imports+one.imports
}

// at lets people work until the server is gone.
func (w *work) at(p *process) {
	var people sync.WaitGroup
	var executions atomic.Int64
	for i := range 6 {
		people.Go(func() {
			for err := error(nil); err == nil; {
				err = w.journey(&caller{address: p.address, from: fmt.Sprintf("10.%d.%d.%d", w.round%250, i, executions.Add(1)%250)}, i)
			}
		})
	}
	people.Go(func() { w.write(p) })
	people.Wait()
}

// journey answers a few times; each answer says who gave it, and when.
func (w *work) journey(c *caller, who int) error {
	reply, err := c.call("POST", "/procedures/rounds/executions", map[string]any{"lang": "en"}, http.StatusCreated)
	if err != nil {
		return err
	}
	c.secret, _ = reply["secret"].(string)
	k := &kept{caller: *c, id: reply["id"].(string), turn: turnOf(reply)}
	w.mu.Lock()
	w.journeys = append(w.journeys, k)
	w.mu.Unlock()
	for n := range 10 {
		word := fmt.Sprintf("word-%d-%d-%d", w.round, who, n)
		for _, body := range []map[string]any{{"step": "first", "data": map[string]any{"word": word}}, {"step": "more", "data": true}} {
			body["turn"] = k.turn
			if reply, err = k.call("POST", "/executions/"+k.id+"/answers", body, http.StatusOK); err != nil {
				return err
			}
			k.turn = turnOf(reply) // only now it is acknowledged
			if body["step"] == "first" {
				k.words = append(k.words, word)
			}
		}
	}
	return nil
}

func turnOf(reply map[string]any) int64 {
	n, _ := reply["turn"].(float64)
	return int64(n)
}

// write publishes the desk, and takes another project in again and again.
func (w *work) write(p *process) {
	boss := newVisitor(p.t, 1)
	at, err := boss.open(p.address + "/login")
	if err == nil {
		_, err = boss.send(at, at.formWith("/login"), map[string]string{"login": "boss", "password": bossPassword})
	}
	for err == nil {
		if err = takeIn(boss, p.address, w.imported+1); err != nil {
			return
		}
		w.imported++
		w.imports++
		var number string
		if number, err = publishAll(boss, p.address); err == nil {
			w.published = number
			w.publications++
		}
	}
}

// takeIn imports the project of states in one of them, and agrees to the plan:
// five procedures that all say which it is.
func takeIn(v *visitor, address string, state int) error {
	var body, archive bytes.Buffer
	z := zip.NewWriter(&archive)
	for name, content := range statesProject(state) {
		f, _ := z.Create(name) // a buffer takes everything
		io.WriteString(f, content)
	}
	z.Close()
	form := multipart.NewWriter(&body)
	form.WriteField("domain", "sandbox")
	part, _ := form.CreateFormFile("archive", "states.zip")
	part.Write(archive.Bytes())
	form.Close()
	request, err := http.NewRequest(http.MethodPost, address+"/studio/import", &body)
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", form.FormDataContentType())
	at, err := v.do(request)
	if err != nil {
		return err
	}
	plan := at.formWith("/studio/import")
	if plan == nil || attribute(plan, "enctype") != "" { // the form for another archive
		return fmt.Errorf("the archive is answered without a plan (%d)", at.status)
	}
	at, err = v.send(at, plan, nil)
	if err == nil && (at.status != http.StatusOK || !strings.HasPrefix(at.url.Path, "/studio/p/")) {
		err = fmt.Errorf("the import leads to %s (%d)", at.url.Path, at.status)
	}
	return err
}

func statesProject(state int) map[string]string {
	files := map[string]string{"project.yaml": fmt.Sprintf(
		"schema: 1\nuid: statesaaaaaaaaaaaaaaaaaaaa\nalias: states\nname: {en: State %d.}\nlanguages: [en]\n", state)}
	for _, letter := range []string{"b", "c", "d", "e", "f"} {
		files["procedures/"+letter+".yaml"] = fmt.Sprintf(
			"schema: 1\nuid: statesaaaaaaaaaaaaaaaaaaa%s\nalias: %s\ntitle: {en: State %d.}\nsteps:\n  - {id: start, start: {}, next: end}\n  - {id: end, title: {en: End}, end: {outcome: solved}}\n", letter, letter, state)
	}
	return files
}

// sound opens the folder without a server and examines it whole.
func sound(t *testing.T, data string) {
	t.Helper()
	s, err := store.Open(t.Context(), data, store.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Content.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"content.db", "activity.db"} {
		db, err := sql.Open("sqlite", filepath.Join(data, name))
		if err != nil {
			t.Fatal(err)
		}
		var verdict string
		if err := db.QueryRow("PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
			t.Errorf("%s: %s %v", name, verdict, err)
		}
		db.Close()
	}
}

// found looks for all that was acknowledged.
func (w *work) found(p *process) {
	for _, k := range w.journeys {
		k.address = p.address
		reply, err := k.call("GET", "/executions/"+k.id, nil, http.StatusOK)
		if err == nil && turnOf(reply) < k.turn {
			err = fmt.Errorf("it stands at turn %d, and %d was acknowledged", turnOf(reply), k.turn)
		}
		var report map[string]any
		if err == nil {
			report, err = k.call("GET", "/executions/"+k.id+"/report.json", nil, http.StatusOK)
		}
		text := fmt.Sprint(report)
		for _, word := range k.words {
			if err == nil && !strings.Contains(text, word) {
				err = fmt.Errorf("%s was acknowledged and is lost", word)
			}
		}
		if err != nil {
			p.t.Errorf("execution %s: %v", k.id, err)
		}
		w.answers += len(k.words)
	}
	w.foundWritten(p)
}

// foundWritten looks for the publications and imports.
func (w *work) foundWritten(p *process) {
	boss := p.boss()
	project, err := deskProject(boss, p.address)
	if err != nil {
		p.t.Fatal(err)
	}
	at, err := boss.open(project + "/versions")
	if err != nil || major(versionIn(at)) < major(w.published) {
		p.t.Errorf("version %s was acknowledged, and %s is the highest (%v)", w.published, versionIn(at), err)
	}
	w.published = versionIn(at)
	p.serves(w.published)
	if at, err = boss.open(p.address + "/studio"); err != nil {
		p.t.Fatal(err)
	}
	states := []int{0}
	for _, to := range at.links("/studio/p/") {
		if !isProject(to) {
			continue
		}
		if found := p.statesIn(boss, p.address+to); len(found) > 0 {
			states = found
		}
	}
	for _, state := range states {
		if state != states[0] || state < w.imported || len(states) != 6 && state > 0 {
			p.t.Fatalf("state %d was acknowledged, and the project is in %v", w.imported, states)
		}
	}
	w.imported = states[0]
}

// serves looks whether people are given the version.
func (p *process) serves(version string) {
	p.t.Helper()
	c := &caller{address: p.address, from: "10.255.0.1"}
	reply, err := c.call("POST", "/procedures/rounds/executions", map[string]any{"lang": "en"}, http.StatusCreated)
	if err != nil || reply["version"] != version {
		p.t.Errorf("the portal gives version %v, not %s (%v)", reply["version"], version, err)
	}
}

// statesIn reads of a project's archive which states it says it is in.
func (p *process) statesIn(v *visitor, project string) (states []int) {
	reply, err := v.client.Get(project + "/archive.zip")
	if err != nil {
		p.t.Fatal(err)
	}
	defer reply.Body.Close()
	content, err := io.ReadAll(reply.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil // not the address of a project
	}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			p.t.Fatal(err)
		}
		text, _ := io.ReadAll(r)
		r.Close()
		for _, found := range regexp.MustCompile(`State (\d+)\.`).FindAllSubmatch(text, -1) {
			n := 0
			fmt.Sscan(string(found[1]), &n)
			states = append(states, n)
		}
	}
	return states
}

// versionIn is the highest version that a page of versions shows as active.
func versionIn(at page) (highest string) {
	for _, n := range within(at.root) {
		parts := strings.Split(attribute(n, "action"), "/")
		if len(parts) > 2 && parts[len(parts)-1] == "deactivate" && major(parts[len(parts)-2]) > major(highest) {
			highest = parts[len(parts)-2]
		}
	}
	return highest
}

func major(version string) (n int) {
	fmt.Sscanf(version, "%d.", &n)
	return n
}

// rawly runs a statement on a database nobody has open.
func rawly(t *testing.T, file, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err == nil {
		_, err = db.Exec(statement)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}
