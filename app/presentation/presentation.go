package presentation

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/hmac"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/peer"
	"selfhelp/app/publication"
	"selfhelp/store"
	"selfhelp/store/disk"
	"selfhelp/store/keys"
	"selfhelp/store/trouble"
)

// Settings say how a presentation server is made.
type Settings struct {
	Store   *store.Store
	Folder  string // of the data
	Version string // of the product
	Address string // that people type to come here, as it was started; "" where nobody said
	Now     func() time.Time
	Log     *slog.Logger
	// Adopted is called after accounts and settings were exchanged, Keyed after the keys
	// were: who holds some in memory takes them anew.
	Adopted func()
	Keyed   func()
	// Patience is how long somebody waits for what is at other servers; 0: recallPatience.
	Patience time.Duration
	// Facts adds what the server says of itself.
	Facts func(*State)
}

// Presentation is the receiving side of a platform, with the shelf it fills.
type Presentation struct {
	Settings
	store   *store.Store
	log     *slog.Logger
	folder  string
	bundles string
	shelf   *publication.Shelf
	lost    lost
	door    *peer.Door
	started time.Time
	peopled atomic.Bool       // accounts were seen here
	code    string            // to join by; "" once that is done
	tell    func(code string) // of a code; nil: nobody listens

	joining   sync.Mutex        // one invitation at a time
	taken     ed25519.PublicKey // who came with the code there is; nil: nobody yet
	leaving   sync.RWMutex      // held while something of the platform changes; alone, to leave it
	recalls   recalls
	receiving sync.Mutex // one piece at a time
	mu        sync.Mutex
	member    Membership
	office    rivalry
	rivalSaid time.Time // when the log was told of a rival
}

// Open puts on the shelf what was in force when the server stopped, and makes a
// joining code where it belongs to no platform yet.
func Open(ctx context.Context, s Settings) (*Presentation, error) {
	p := &Presentation{Settings: s, store: s.Store, log: s.Log, folder: s.Folder, bundles: filepath.Join(s.Folder, "bundles"), started: s.Now()}
	var err error
	if p.member, err = readMembership(s.Folder); err != nil {
		return nil, err
	}
	if err := p.isFree(ctx); err != nil {
		return nil, err
	}
	key, err := s.Store.Keys.Peer()
	if err != nil {
		return nil, err
	}
	// Somebody may have changed the accounts while the server was at rest, or lost them:
	// they are adopted anew.
	p.member.Extract = ""
	// Where who joined this server never proved itself, another may come, by a new code.
	if !p.member.joined() || p.member.Code != nil {
		if p.code, err = p.member.newCode(s.Folder); err != nil {
			return nil, err
		}
	}
	if p.shelf, err = publication.OpenShelf(p.bundles, p.member.Trusted); err != nil {
		return nil, err
	}
	p.shelf.OnMissed(p.lose)
	if err := p.restock(); err != nil {
		return nil, errors.Join(err, p.shelf.Close())
	}
	p.inspect()
	p.door = &peer.Door{
		Verifier: &peer.Verifier{ID: p.member.ID, Instance: peer.NewInstance(), Keys: func() []ed25519.PublicKey { return p.membership().Keys }, Now: s.Now},
		Key:      key, Join: p.join, Proved: p.proved, Log: s.Log,
		Handlers: map[string]peer.Handler{
			"GET state": p.state, "GET catalogue": p.inTerm(p.catalogue), "POST missing": p.missing, "PUT piece": p.inTerm(p.piece), "PUT keys": p.inTerm(p.takeKeys),
			"POST office": p.claim,
			"POST stage":  p.inTerm(p.stage), "POST switch": p.inTerm(p.switchTo), "POST leave": p.leave,
			"GET sessions": p.inTerm(p.sessions), "POST sessions/sought": p.inTerm(p.sought), "POST sessions/ended": p.inTerm(p.ends), "POST paused": p.inTerm(p.takePaused), "POST recalled": p.inTerm(p.takeRecalled), "GET file": p.inTerm(p.file),
			"GET wishes": p.inTerm(p.wishes), "POST wishes/done": p.inTerm(p.wishesDone), "POST again": p.inTerm(p.again),
			"GET arrivals": p.inTerm(p.arrivals), "POST arrivals/done": p.inTerm(p.arrivalsDone), "POST journal": p.inTerm(p.gathered), "POST journal/acknowledge": p.inTerm(p.acknowledge),
		},
	}
	return p, nil
}

// Shelf returns what people are given from.
func (p *Presentation) Shelf() *publication.Shelf { return p.shelf }

// Door is where the edition server is answered.
func (p *Presentation) Door() *peer.Door { return p.door }

// Code is the joining code, "" once the server belongs to a platform.
func (p *Presentation) Code() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.code
}

// TellCodes tells somebody of the code to join by: the one there is, and each later one.
func (p *Presentation) TellCodes(tell func(code string)) {
	p.mu.Lock()
	code := p.code
	p.tell = tell
	p.mu.Unlock()
	if code != "" {
		tell(code)
	}
}

// Joined reports whether the server belongs to a platform.
func (p *Presentation) Joined() bool { return p.membership().joined() }

// Serves reports whether there is anything to show: the server has joined a platform,
// and has got a catalogue of which not all is damaged.
func (p *Presentation) Serves() bool {
	now := p.shelf.InForce()
	return p.membership().joined() && now.Sequence > 0 && (now.Open > 0 || now.Broken == 0)
}

// Edition is where things are written, for people; "" where nobody said.
func (p *Presentation) Edition() string { return p.membership().Edition }

// Server is what this server is called by the others.
func (p *Presentation) Server() string { return p.membership().ID }

// Close closes the bundles.
func (p *Presentation) Close() error {
	p.lost.stop()
	p.lost.looking.Wait()
	return p.shelf.Close()
}

// catalogueFile holds the catalogue in force, beside the bundles it names.
const catalogueFile = "catalogue"

// restock puts the last catalogue in force again.
func (p *Presentation) restock() error {
	sealed, err := os.ReadFile(filepath.Join(p.bundles, catalogueFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the catalogue in force: %w", err)
	}
	broken, err := p.shelf.Start(sealed)
	if err != nil { // it is sent again
		p.log.Error("the catalogue in force cannot be read, and is asked for again", "err", err)
		return nil
	}
	p.discard(broken)
	return nil
}

func (p *Presentation) membership() Membership {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.member
}

// change changes the membership, on the disk first.
func (p *Presentation) change(do func(*Membership)) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	m := p.member
	do(&m)
	if err := m.keep(p.folder); err != nil {
		return err
	}
	p.member = m
	return nil
}

func (p *Presentation) adopted() {
	if p.Adopted != nil {
		p.Adopted()
	}
}

// proved takes the joining code out of use with the first request that was proved. The
// code of a server that left since is another one, and stays.
func (p *Presentation) proved(signer string) {
	p.leaving.RLock()
	defer p.leaving.RUnlock()
	if m := p.membership(); m.Code == nil || !m.knows(signer) {
		return
	}
	if err := p.change(func(m *Membership) { m.Code = nil }); err != nil {
		p.log.Error("the joining code could not be taken out of use", "err", err)
		return
	}
	p.mu.Lock()
	p.code = ""
	p.mu.Unlock()
}

// join takes the invitation of an edition server that has the joining code.
func (p *Presentation) join(_ context.Context, body []byte, proof string) ([]byte, error) {
	p.joining.Lock()
	defer p.joining.Unlock()
	m := p.membership()
	if m.Code == nil && m.joined() && peer.ByKey(proof, body, m.Keys) { // with its code it is proved by that: the answer before may not have come
		return p.joinAgain(m, body)
	}
	if m.Code == nil {
		return nil, fault.Because(fault.Conflict, fmt.Errorf("it belongs to the platform of %s", m.Edition), "fault.peer.joined")
	}
	if !hmac.Equal([]byte(peer.ByCode(proof)), []byte(peer.CodeProof(m.Code, peer.EditionSide, body))) {
		return nil, fault.New(fault.Forbidden, "fault.peer.code")
	}
	var i peer.Invitation
	if err := json.Unmarshal(body, &i); err != nil || i.Platform == "" || len(i.Key) != ed25519.PublicKeySize || len(i.Trusted) != ed25519.PublicKeySize {
		return nil, fault.Because(fault.Invalid, err, "fault.peer.body")
	}
	if p.taken != nil && !p.taken.Equal(i.Key) {
		return nil, fault.Because(fault.Conflict, fmt.Errorf("it belongs to the platform of %s", m.Edition), "fault.peer.joined")
	}
	err := p.change(func(m *Membership) {
		m.Platform, m.Edition, m.Joined = i.Platform, i.Name, p.Now()
		m.Office = Office{}
		m.Keys, m.Trusted = []ed25519.PublicKey{i.Key}, []ed25519.PublicKey{i.Trusted}
	})
	if err != nil {
		return nil, err
	}
	p.taken = i.Key
	p.shelf.Trust(i.Trusted)
	p.log.Info("this server joined a platform", "address", i.Name)
	return p.accept(m, i, m.Code)
}

// joinAgain answers the edition server that this server belongs to, and that does not know
// it any more. Nothing is changed by it: who sends the same once more gains nothing.
func (p *Presentation) joinAgain(m Membership, body []byte) ([]byte, error) {
	var i peer.Invitation
	if err := json.Unmarshal(body, &i); err != nil {
		return nil, fault.Because(fault.Invalid, err, "fault.peer.body")
	}
	p.log.Info("the edition server asked this server to join its platform again", "address", i.Name)
	return p.accept(m, i, AgainKey(p.store.Keys.Shared()))
}

// AgainKey is the key by which a server proves to its edition server that it belongs to the
// platform already.
func AgainKey(s keys.Shared) []byte { return peer.AgainKey(s.Secret) }

// accept is the answer to an invitation, proved by a key.
func (p *Presentation) accept(m Membership, i peer.Invitation, key []byte) ([]byte, error) {
	a := peer.Acceptance{ID: m.ID, Key: p.door.Key.Public().(ed25519.PublicKey), Version: p.Version, Nonce: i.Nonce}
	a.Prove(key)
	return json.Marshal(a)
}

// inTerm lets only the edition server in office change anything, and nothing while the
// server leaves its platform.
func (p *Presentation) inTerm(do peer.Handler) peer.Handler {
	return func(ctx context.Context, q peer.Ask) ([]byte, error) {
		p.leaving.RLock()
		defer p.leaving.RUnlock()
		if err := p.inOffice(q); err != nil {
			return nil, err
		}
		return do(ctx, q)
	}
}

// inOffice refuses who was replaced and comes back, and what was asked before this
// server left the platform: a request is proved before it waits for the leaving.
func (p *Presentation) inOffice(q peer.Ask) error {
	term, err := termOf(q)
	if err != nil {
		return err
	}
	switch m := p.membership(); {
	case !m.knows(q.Signer):
		return fault.New(fault.Conflict, "fault.peer.left")
	case term < m.Term:
		return fault.New(fault.Conflict, "fault.peer.term", term, m.Term)
	case officeOf(q) != m.Office.Nonce:
		return twin(m)
	case term > m.Term:
		return p.change(func(m *Membership) { m.Term = term })
	}
	p.hears()
	return nil
}

// catalogue answers what is in force.
func (p *Presentation) catalogue(context.Context, peer.Ask) ([]byte, error) {
	return json.Marshal(p.shelf.Catalogue())
}

// stage opens what a catalogue names.
func (p *Presentation) stage(_ context.Context, q peer.Ask) ([]byte, error) {
	broken, err := p.shelf.Stage(q.Body)
	p.discard(broken)
	return nil, err
}

// Sequence names a catalogue.
type Sequence struct {
	Sequence uint64 `json:"sequence"`
}

// switchTo puts what is staged in force.
func (p *Presentation) switchTo(_ context.Context, q peer.Ask) ([]byte, error) {
	var to Sequence
	if err := json.Unmarshal(q.Body, &to); err != nil {
		return nil, fault.Because(fault.Invalid, err, "fault.peer.body")
	}
	err := p.shelf.Switch(to.Sequence, func(sealed []byte) error {
		return disk.Whole(filepath.Join(p.bundles, catalogueFile), bytes.NewReader(sealed), os.Rename)
	})
	if err != nil {
		return nil, err
	}
	p.log.Info("another catalogue is in force", "sequence", to.Sequence)
	return nil, nil
}

// takeKeys takes the keys that all servers of the platform share.
func (p *Presentation) takeKeys(_ context.Context, q peer.Ask) ([]byte, error) {
	var s keys.Shared
	if err := json.Unmarshal(q.Body, &s); err != nil {
		return nil, fault.Because(fault.Invalid, err, "fault.peer.body")
	}
	if s.Mark() == p.store.Keys.Shared().Mark() {
		return nil, nil
	}
	if err := p.store.Keys.Take(s); err != nil {
		return nil, err
	}
	p.log.Info("the keys of the platform were taken")
	if p.Keyed != nil {
		p.Keyed()
	}
	return nil, nil
}

// forget takes out what is the platform's: its accounts and settings, and the keys that
// open what its other servers seal.
func (p *Presentation) forget() error {
	// The transaction is brought to its end, whoever asked.
	if err := p.store.Content.Forget(context.Background()); err != nil {
		return err
	}
	p.peopled.Store(false)
	if err := p.store.Keys.Take(keys.NewShared(p.Now())); err != nil {
		return err
	}
	if p.Keyed != nil {
		p.Keyed()
	}
	p.adopted()
	return nil
}

// emptied takes away all that stands in a folder. What somebody still reads goes once it
// is closed.
func emptied(folder string) error {
	err := os.RemoveAll(folder)
	if err == nil {
		err = os.MkdirAll(folder, 0o700)
	}
	return trouble.Of(err)
}

// AnywayKey says in the query of a request to leave that the server goes with what was not
// collected.
const AnywayKey = "anyway"

// leave ends the membership, once the edition server has all that happened here: nothing of
// the platform stays.
func (p *Presentation) leave(ctx context.Context, q peer.Ask) ([]byte, error) {
	p.leaving.Lock()
	defer p.leaving.Unlock()
	if err := p.inOffice(q); err != nil {
		return nil, err
	}
	if left := p.kept(ctx).Count; left > 0 && q.Query.Get(AnywayKey) != "yes" {
		return nil, fault.New(fault.Conflict, "fault.peer.kept", left)
	}
	p.shelf.Clear()
	if err := errors.Join(emptied(p.bundles), emptied(filepath.Join(p.folder, incoming))); err != nil {
		return nil, fmt.Errorf("leave the platform: %w", err)
	}
	if err := p.forget(); err != nil {
		return nil, err
	}
	code := peer.NewCode()
	err := p.change(func(m *Membership) { *m = Membership{ID: m.ID, Code: peer.CodeKey(code), Term: 0} })
	if err != nil {
		return nil, err
	}
	p.joining.Lock()
	p.taken = nil
	p.joining.Unlock()
	p.mu.Lock()
	p.code = code
	tell := p.tell
	p.mu.Unlock()
	p.log.Warn("this server belongs to no platform any more", "hint", "selfhelp serve printed a code to join one by, and prints another at its next start")
	if tell != nil {
		tell(code)
	}
	return nil, nil
}
