package presentation

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"modernc.org/sqlite"

	"selfhelp/app/fault"
	"selfhelp/app/peer"
	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/store"
	"selfhelp/store/disk"
	"selfhelp/store/disktest"
)

func TestMain(m *testing.M) {
	if _, err := sqlite.OFDLocking(true); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// office is an edition server as far as a presentation server sees it: its keys, and
// what it publishes.
type office struct {
	t                *testing.T
	ask, sign        ed25519.PrivateKey
	folder           string
	name             procedure.Text
	sequence, atTerm uint64
	last             []byte // catalogue
}

func newOffice(t *testing.T) *office {
	o := &office{t: t, folder: t.TempDir(), atTerm: 1, name: procedure.T("Assistance", "Help desk")}
	for _, key := range []*ed25519.PrivateKey{&o.ask, &o.sign} {
		var err error
		if _, *key, err = ed25519.GenerateKey(rand.Reader); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

// publish builds the next version of a project, and the catalogue that names it.
func (o *office) publish() (publication.Manifest, []byte) {
	o.t.Helper()
	o.sequence++
	m, err := publication.Write(o.folder, publication.Input{
		Project: &procedure.Project{Schema: procedure.Schema, UID: "desk", Alias: "desk", Name: o.name, Languages: []string{"fr", "en"}},
		Number:  publication.Number{Major: int(o.sequence)}, Domain: "production", Author: "marie", At: time.Now(), HasFile: func(string) bool { return true },
	}, o.sign)
	if err != nil {
		o.t.Fatal(err)
	}
	o.last = o.seal(m)
	return m, o.last
}

func (o *office) seal(m publication.Manifest) []byte {
	o.t.Helper()
	sealed, err := publication.Catalogue{Sequence: o.sequence, Publications: []publication.Publication{m.Publication(true)}}.Seal(o.sign)
	if err != nil {
		o.t.Fatal(err)
	}
	return sealed
}

// served is a presentation server that answers.
type served struct {
	*Presentation
	t      *testing.T
	at     *httptest.Server
	client *peer.Client
	log    *lockedBuffer
}

// lockedBuffer is a log that is read while it is written.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// serve starts a presentation server in a folder.
func serve(t *testing.T, folder string, o *office) *served {
	t.Helper()
	s := &served{t: t, log: &lockedBuffer{}}
	log := slog.New(slog.NewTextHandler(s.log, nil))
	data, err := store.Open(t.Context(), folder, store.Options{Log: log})
	if err != nil {
		t.Fatal(err)
	}
	if s.Presentation, err = Open(t.Context(), Settings{Store: data, Folder: folder, Version: "1", Now: time.Now, Log: log}); err != nil {
		t.Fatal(err)
	}
	s.at = httptest.NewServer(s.Door())
	t.Cleanup(func() {
		s.at.Close()
		if err := errors.Join(s.Close(), data.Close()); err != nil {
			t.Error(err)
		}
	})
	s.client = &peer.Client{Address: s.at.URL, ID: s.membership().ID, Theirs: s.Door().Key.Public().(ed25519.PublicKey), Ours: o.ask, Now: time.Now}
	return s
}

// join invites the server by its code.
func (s *served) join(o *office) error {
	_, err := peer.Invite(s.t.Context(), s.at.URL, s.Code(), peer.Invitation{
		Platform: "platform", Name: "https://edition.example.org",
		Key: o.ask.Public().(ed25519.PublicKey), Trusted: o.sign.Public().(ed25519.PublicKey),
	}, peer.Again{Key: o.ask})
	return err
}

// joined is a server that joined, in a folder, and has served one catalogue.
func joined(t *testing.T, folder string, o *office) *served {
	t.Helper()
	s := serve(t, folder, o)
	if err := s.join(o); err != nil {
		t.Fatal(err)
	}
	m, sealed := o.publish()
	if err := errors.Join(s.send(o, m, 2), s.stages(o, sealed), s.switches(o)); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *served) asks(o *office, method, name string, query url.Values, body []byte) ([]byte, error) {
	if query == nil {
		query = url.Values{}
	}
	query.Set(termKey, strconv.FormatUint(o.atTerm, 10))
	return s.client.Ask(s.t.Context(), method, name, query, body)
}

// send sends a bundle in so many pieces.
func (s *served) send(o *office, m publication.Manifest, pieces int) error {
	s.t.Helper()
	b, err := os.ReadFile(publication.Path(o.folder, m.Hash))
	if err != nil {
		s.t.Fatal(err)
	}
	each := len(b)/pieces + 1
	for at := 0; at < len(b); at += each {
		if err := s.piece(o, m.Hash, at, len(b), b[at:min(at+each, len(b))]); err != nil {
			return err
		}
	}
	return nil
}

func (s *served) piece(o *office, hash string, at, size int, b []byte) error {
	_, err := s.asks(o, "PUT", "piece", url.Values{"kind": {string(BundleKind)}, "hash": {hash}, "at": {strconv.Itoa(at)}, "size": {strconv.Itoa(size)}}, b)
	return err
}

func (s *served) stages(o *office, sealed []byte) error {
	_, err := s.asks(o, "POST", "stage", nil, sealed)
	return err
}

func (s *served) switches(o *office) error {
	body, err := json.Marshal(Sequence{o.sequence})
	if err != nil {
		s.t.Fatal(err)
	}
	_, err = s.asks(o, "POST", "switch", nil, body)
	return err
}

// lacks asks how much of a bundle is there; -1: all of it.
func (s *served) lacks(o *office, m publication.Manifest) int64 {
	s.t.Helper()
	body, err := json.Marshal([]Content{{BundleKind, m.Hash}})
	if err != nil {
		s.t.Fatal(err)
	}
	answer, err := s.asks(o, "POST", "missing", nil, body)
	if err != nil {
		s.t.Fatal(err)
	}
	var l []Lacking
	if err := json.Unmarshal(answer, &l); err != nil {
		s.t.Fatal(err)
	}
	if len(l) == 0 {
		return -1
	}
	return l[0].Have
}

// serves fails the test unless the server shows what it did, whole.
func (s *served) serves(sequence uint64) {
	s.t.Helper()
	if got := s.Shelf().Sequence(); got != sequence {
		s.t.Errorf("catalogue %d is in force, want %d", got, sequence)
	}
	h := s.Shelf().Hold()
	defer h.Release()
	if all := h.Projects("production"); len(all) != 1 {
		s.t.Errorf("%d projects are shown", len(all))
	}
}

// key is the sentence of an error, "" for none.
func key(err error) string {
	if err == nil {
		return ""
	}
	k, _ := fault.TextOf(err)
	return k
}

// TestWhoseItIsIsNotToldToAnybody invites a server that belongs to a platform: the log
// says to which, the answer does not.
func TestWhoseItIsIsNotToldToAnybody(t *testing.T) {
	s := joined(t, t.TempDir(), newOffice(t))
	for range 3 {
		w, err := http.Post(s.at.URL+peer.Way+"join", "application/json", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		said, err := io.ReadAll(w.Body)
		w.Body.Close()
		if err != nil || !strings.Contains(string(said), "fault.peer.joined") || strings.Contains(string(said), "edition.example.org") {
			t.Errorf("it is answered %d %s (%v)", w.StatusCode, said, err)
		}
	}
	if said := s.log.String(); !strings.Contains(said, "was refused") || !strings.Contains(said, "it belongs to the platform of https://edition.example.org") {
		t.Errorf("the log says %s", said)
	}
}

// TestCodesAreTold listens to the codes to join by: the one of the start, and the one
// that a server which leaves its platform makes.
func TestCodesAreTold(t *testing.T) {
	o := newOffice(t)
	s := serve(t, t.TempDir(), o)
	var told []string
	s.TellCodes(func(code string) { told = append(told, code) })
	if err := s.join(o); err != nil {
		t.Fatal(err)
	}
	if _, err := s.asks(o, "POST", "leave", nil, nil); err != nil {
		t.Fatal(err)
	}
	if len(told) != 2 || told[0] == told[1] || told[1] != s.Code() {
		t.Fatalf("codes %v were told, %s joins", told, s.Code())
	}
	if err := s.join(o); err != nil {
		t.Error(err)
	}
}

// TestTwoComeWithOneCode lets two edition servers bring the code of one server. The first
// one has it, and may ask again, as it does when the answer did not reach it; the other
// is told. Where the first never comes back, the next start has a code for another.
func TestTwoComeWithOneCode(t *testing.T) {
	first, second := newOffice(t), newOffice(t)
	folder := t.TempDir()
	s := serve(t, folder, first)
	for range 2 {
		if err := s.join(first); err != nil {
			t.Fatal(err)
		}
		if err := s.join(second); key(err) != "fault.peer.joined" {
			t.Errorf("the second one is answered %v", err)
		}
	}
	crashed := t.TempDir()
	if err := os.CopyFS(crashed, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.asks(first, "GET", "state", nil, nil); err != nil || s.Code() != "" {
		t.Errorf("the first one asks: %v", err)
	}
	again := serve(t, crashed, second)
	if err := again.join(second); err != nil {
		t.Fatal(err)
	}
	m, sealed := second.publish()
	if err := errors.Join(again.send(second, m, 1), again.stages(second, sealed), again.switches(second)); err != nil {
		t.Error(err)
	}
}

// TestAskedWhileItLeaves lets a server leave its platform while another request of its
// edition server is on the way, which was proved already: it changes nothing, and the
// code to join by stays in use.
func TestAskedWhileItLeaves(t *testing.T) {
	for _, name := range []string{"GET state", "POST stage", "POST leave"} {
		o := newOffice(t)
		s := joined(t, t.TempDir(), o)
		o.atTerm = 7
		_, sealed := o.publish()
		proved := s.door.Proved
		s.door.Proved = func(signer string) {
			s.door.Proved = proved
			if _, err := s.asks(o, "POST", "leave", nil, nil); err != nil {
				t.Fatal(err)
			}
			proved(signer)
		}
		method, path, _ := strings.Cut(name, " ")
		_, err := s.asks(o, method, path, nil, sealed)
		if want := map[bool]string{true: "", false: "fault.peer.left"}[method == "GET"]; key(err) != want {
			t.Errorf("%s: %v", name, err)
		}
		if s.Joined() || s.Shelf().Sequence() != 0 || s.Shelf().Staged() != 0 {
			t.Errorf("%s: something of the platform is left", name)
		}
		next := newOffice(t)
		s.client.Ours = next.ask
		if err := s.join(next); err != nil {
			t.Fatalf("%s: another platform: %v", name, err)
		}
		m, sealed := next.publish()
		if err := errors.Join(s.send(next, m, 1), s.stages(next, sealed), s.switches(next)); err != nil {
			t.Errorf("%s: another platform, in its first term: %v", name, err)
		}
		s.serves(1)
	}
}

// TestCrashBetweenReceivingAndSwitching takes the folder of a server as a crash leaves
// it, after each step of a publication, and starts a server in it: it serves what it
// did, and goes on where it stood.
func TestCrashBetweenReceivingAndSwitching(t *testing.T) {
	o := newOffice(t)
	folder := t.TempDir()
	s := joined(t, folder, o)
	before := o.sequence
	m, sealed := o.publish()
	b, err := os.ReadFile(publication.Path(o.folder, m.Hash))
	if err != nil {
		t.Fatal(err)
	}
	half := len(b) / 2
	steps := []struct {
		name string
		do   func() error
		have int64 // of the bundle; -1: all
		in   uint64
	}{
		{"half received", func() error { return s.piece(o, m.Hash, 0, len(b), b[:half]) }, int64(half), before},
		{"received", func() error { return s.piece(o, m.Hash, half, len(b), b[half:]) }, -1, before},
		{"staged", func() error { return s.stages(o, sealed) }, -1, before},
		{"switched", func() error { return s.switches(o) }, -1, before + 1},
	}
	for _, step := range steps {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		crashed := t.TempDir()
		if err := os.CopyFS(crashed, os.DirFS(folder)); err != nil {
			t.Fatal(err)
		}
		again := serve(t, crashed, o)
		again.serves(step.in)
		if got := again.lacks(o, m); got != step.have {
			t.Errorf("%s: %d bytes are there, want %d", step.name, got, step.have)
		}
		if step.in == before && key(again.switches(o)) != "fault.catalogue.unstaged" {
			t.Errorf("%s: it switched to what is not ready", step.name)
		}
		if err := errors.Join(again.piece(o, m.Hash, max(int(step.have), 0), len(b), b[max(step.have, 0):]), again.stages(o, sealed), again.switches(o)); err != nil {
			t.Errorf("%s: going on: %v", step.name, err)
		}
		again.serves(before + 1)
	}
}

// TestForeignAndOldPublications brings a server what it must not take. Each is refused,
// logged by the door or the one that sent it, and what was good is served on.
func TestForeignAndOldPublications(t *testing.T) {
	o, other := newOffice(t), newOffice(t)
	s := joined(t, t.TempDir(), o)
	before := o.sequence
	first := o.last
	other.name = procedure.T("Autre", "Other")
	foreign, foreignCatalogue := other.publish()
	b, err := os.ReadFile(publication.Path(other.folder, foreign.Hash))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.piece(o, foreign.Hash, 0, len(b), b); !fault.Is(err, fault.Forbidden) && !fault.Is(err, fault.Invalid) {
		t.Errorf("a bundle of another platform: %v", err)
	}
	other.sequence = before + 10
	if err := s.stages(o, other.seal(foreign)); err == nil {
		t.Error("a catalogue that another platform sealed was staged")
	}
	if err := s.stages(o, foreignCatalogue); err == nil {
		t.Error("an old catalogue that another platform sealed was staged")
	}
	own, sealed := o.publish()
	b, err = os.ReadFile(publication.Path(o.folder, own.Hash))
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []int{0, len(b) / 3, len(b) - 1} {
		bent := bytes.Clone(b)
		bent[at] ^= 1
		if err := s.piece(o, own.Hash, 0, len(b), bent); err == nil {
			t.Errorf("a bundle with a bit bent at %d was taken", at)
		}
		if s.lacks(o, own) > 0 {
			t.Errorf("what was bent at %d is kept to go on from", at)
		}
	}
	if err := s.stages(o, sealed); err == nil {
		t.Error("a catalogue was staged whose bundle is not there")
	}
	s.serves(before)
	if err := os.WriteFile(publication.Path(s.bundles, own.Hash), b[:len(b)/2], 0o400); err != nil { // the disk lost its end
		t.Fatal(err)
	}
	if err := s.stages(o, sealed); err == nil {
		t.Error("a catalogue was staged whose bundle is damaged")
	}
	if got := s.lacks(o, own); got != 0 {
		t.Errorf("of a bundle that is damaged %d bytes count as there", got)
	}
	if err := errors.Join(s.send(o, own, 3), s.stages(o, sealed), s.switches(o)); err != nil {
		t.Fatal(err)
	}
	if err := s.stages(o, first); err == nil {
		t.Error("a catalogue older than the one in force was staged")
	}
	s.serves(before + 1)
}

// TestDiskFullDuringATransfer fills the disk of a server while a bundle comes: it is
// refused with what is missing, what is served stays, and the rest is taken once there
// is room.
func TestDiskFullDuringATransfer(t *testing.T) {
	o := newOffice(t)
	folder := disktest.Small(t, RoomLeft+32<<20)
	s := joined(t, folder, o)
	before := o.sequence
	m, sealed := o.publish()
	b, err := os.ReadFile(publication.Path(o.folder, m.Hash))
	if err != nil {
		t.Fatal(err)
	}
	half := len(b) / 2
	if err := s.piece(o, m.Hash, 0, len(b), b[:half]); err != nil {
		t.Fatal(err)
	}
	free, err := disk.FreeBytes(folder)
	if err != nil {
		t.Fatal(err)
	}
	ballast := filepath.Join(folder, "ballast")
	if err := os.WriteFile(ballast, make([]byte, free-RoomLeft), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.piece(o, m.Hash, half, len(b), b[half:]); key(err) != "fault.peer.full" {
		t.Errorf("a full disk answered %v", err)
	}
	_, args := fault.TextOf(s.piece(o, m.Hash, half, len(b), b[half:]))
	if len(args) != 3 || args[0] != fault.Bytes(len(b)-half) || args[2] != fault.Bytes(RoomLeft) {
		t.Errorf("it says %#v", args)
	}
	s.serves(before)
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if got := s.lacks(o, m); got != int64(half) {
		t.Errorf("%d bytes are there, want %d", got, half)
	}
	if err := errors.Join(s.piece(o, m.Hash, half, len(b), b[half:]), s.stages(o, sealed), s.switches(o)); err != nil {
		t.Fatal(err)
	}
	s.serves(before + 1)
}

// TestBundlesThatWereDamagedAtRest bends a bit of every bundle of a server that is stopped:
// started again it shows nothing, says so, and is whole once they were sent again.
func TestBundlesThatWereDamagedAtRest(t *testing.T) {
	o, folder := newOffice(t), t.TempDir()
	s := joined(t, folder, o)
	old := s.Shelf().Catalogue().Publications[0] // that somebody is in the middle of
	old.Active = false
	m, _ := o.publish()
	var err error
	if o.last, err = (publication.Catalogue{Sequence: o.sequence, Publications: []publication.Publication{m.Publication(true), old}}).Seal(o.sign); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.send(o, m, 1), s.stages(o, o.last), s.switches(o)); err != nil {
		t.Fatal(err)
	}
	sequence, bundles := o.sequence, s.bundles
	crashed := t.TempDir()
	if err := os.CopyFS(crashed, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	all, err := filepath.Glob(filepath.Join(crashed, filepath.Base(bundles), "*.bundle"))
	if err != nil || len(all) == 0 {
		t.Fatalf("%v, %v", all, err)
	}
	for _, path := range all {
		b, err := os.ReadFile(path)
		if err == nil {
			b[0] ^= 1
			err = errors.Join(os.Chmod(path, 0o600), os.WriteFile(path, b, 0o400))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	again := serve(t, crashed, o)
	if again.Serves() {
		t.Error("a server that can show nothing says that it serves")
	}
	if got := again.says(o); got.Sequence != sequence || got.Broken != 1 {
		t.Errorf("it says that it serves %d and that %d are broken", got.Sequence, got.Broken)
	}
	if again.lacks(o, m) != 0 {
		t.Error("a damaged bundle counts as there")
	}
	again.lost.looking.Wait()
	if got := again.says(o); again.lacks(o, publication.Manifest{Hash: old.Hash}) != 0 || !slices.Equal(got.Lost, []string{old.Hash}) {
		t.Errorf("the damaged bundle of an earlier version counts as there, and it asks for %q", got.Lost)
	}
	if err := errors.Join(again.send(o, m, 1), again.stages(o, o.last), again.switches(o)); err != nil {
		t.Fatal(err)
	}
	if got := again.says(o); !again.Serves() || got.Broken != 0 || got.Staged != 0 {
		t.Errorf("mended it serves: %v, and says %+v", again.Serves(), got)
	}
	again.serves(sequence)
}

// says is what the server says of itself.
func (s *served) says(o *office) (state State) {
	s.t.Helper()
	answer, err := s.asks(o, "GET", "state", nil, nil)
	if err == nil {
		err = json.Unmarshal(answer, &state)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return state
}

// TestJoiningAgain has the edition server ask a server to join that is its own already, as one
// does that was brought back to an earlier state: it joins without a code, and nothing is
// changed. Others do not get it, and nobody passes for it.
func TestJoiningAgain(t *testing.T) {
	o := newOffice(t)
	s := joined(t, t.TempDir(), o)
	before := s.membership()
	ask := func(at string, o *office, code string, shared []byte) (peer.Acceptance, error) {
		return peer.Invite(t.Context(), at, code, peer.Invitation{
			Platform: "another id", Name: "https://elsewhere.example.org", Key: o.ask.Public().(ed25519.PublicKey), Trusted: o.sign.Public().(ed25519.PublicKey),
		}, peer.Again{Key: o.ask, Shared: shared})
	}
	shared := AgainKey(s.store.Keys.Shared())
	a, err := ask(s.at.URL, o, "", shared)
	if err != nil || a.ID != before.ID || !a.Key.Equal(s.client.Theirs) {
		t.Errorf("%+v, %v", a, err)
	}
	if now := s.membership(); now.Edition != before.Edition || now.Platform != before.Platform || len(now.Keys) != 1 || !now.Trusted[0].Equal(before.Trusted[0]) {
		t.Errorf("something was changed: %+v", now)
	}
	if _, err := ask(s.at.URL, newOffice(t), "", shared); err == nil {
		t.Error("another edition server was answered")
	}
	for name, key := range map[string][]byte{"an empty code": peer.CodeKey(""), "a short code": peer.CodeKey("ABCDE"), "another secret": peer.AgainKey([]byte("guessed"))} {
		imposter := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			var i peer.Invitation
			_ = json.NewDecoder(r.Body).Decode(&i) // ours
			a := peer.Acceptance{ID: before.ID, Key: o.ask.Public().(ed25519.PublicKey), Nonce: i.Nonce}
			a.Prove(key)
			text, _ := json.Marshal(a) // strings
			_, _ = w.Write(text)
		}))
		code := map[string]string{"a short code": "ABCDE"}[name]
		if _, err := ask(imposter.URL, o, code, shared); !fault.Is(err, fault.Forbidden) {
			t.Errorf("who proves by %s is taken for a server of the platform: %v", name, err)
		}
		imposter.Close()
	}
}

// TestWhoComesIntoOffice goes through the processes of an edition server that claim a server
// one after the other.
func TestWhoComesIntoOffice(t *testing.T) {
	o := newOffice(t)
	s := joined(t, t.TempDir(), o)
	later := time.Duration(0)
	s.Now = func() time.Time { return time.Now().Add(later) }
	claim := func(nonce, place, after string, anyway bool) string {
		body, err := json.Marshal(Claim{Office: Office{Nonce: nonce, Host: "host of " + nonce, Place: place}, Name: "https://" + nonce + ".example.org", After: after, Anyway: anyway})
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.asks(o, "POST", "office", nil, body)
		return key(err)
	}
	works := func(nonce string) string {
		_, err := s.asks(o, "POST", "missing", url.Values{"office": {nonce}}, []byte("[]"))
		if err == nil {
			_, err = s.asks(o, "GET", "arrivals", url.Values{"office": {nonce}}, []byte("{}"))
		}
		return key(err)
	}
	const twin = "fault.peer.twin"
	for _, c := range []struct{ name, got, want string }{
		{"the first", claim("a1", "here", "", false), ""},
		{"it works", works("a1"), ""},
		{"one that did not claim", works("b1"), twin},
		{"a clone that knows the first, while that is there", claim("b1", "there", "a1", false), twin},
		{"the first again in its folder", claim("a2", "here", "a1", false), ""},
		{"the process before", works("a1"), twin},
		{"a clone of before", claim("b1", "there", "", false), twin},
		{"the one in office works on", works("a2"), ""},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
	if got := s.says(o); got.Rival.Host != "host of b1" || !strings.Contains(s.log.String(), "host of b1") {
		t.Errorf("nobody knows of the clone: %+v", got)
	}
	later = presentFor
	if got := claim("b1", "there", "a1", false); got != twin {
		t.Errorf("a clone of before came into office where the other one was away: %q", got)
	}
	if got := claim("a3", "moved", "a2", false); got != "" {
		t.Errorf("one that was moved to another machine: %q", got)
	}
	if got := claim("b1", "there", "", true); got != "" {
		t.Errorf("one that somebody said is to go on: %q", got)
	}
	o.atTerm++
	if got := claim("c1", "site", "", false); got != "" {
		t.Errorf("one in the next term: %q", got)
	}
	if got := s.Edition(); got != "https://c1.example.org" {
		t.Errorf("things are written at %q", got)
	}
}
