package platform

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"strconv"
	"sync"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/peer"
	"selfhelp/app/presentation"
	"selfhelp/app/publication"
	"selfhelp/store"
)

// Doing is what is being done for a server.
type Doing string

// What may be done.
const (
	AtRest   Doing = ""
	Asking   Doing = "asking"
	Keying   Doing = "keys"
	Telling  Doing = "accounts"
	Sending  Doing = "contents"
	Staging  Doing = "staging"
	Switches Doing = "switching"
)

// Member is a presentation server as the edition server deals with it.
type Member struct {
	client *peer.Client
	paused map[string]string // codes it was told, by execution; of who looks at it

	mu                    sync.Mutex
	busy                  bool
	server                store.Server
	state                 presentation.State
	seen                  time.Time // last good answer
	err                   error     // of the last look
	doing                 Doing
	sent                  int64 // bytes of what is being sent
	total                 int64
	skew                  time.Duration             // of its clock before ours, as it answered last
	endsTold, endsHeard   time.Time                 // until when ends of sessions were carried there, and here
	codesTold, codesHeard time.Time                 // the same of codes that were typed
	anyway                bool                      // it is taken over, whoever looks after it
	untried               map[string]bool           // bundles that were sent to be made available, and are not yet
	asked                 int                       // up to which of the files that are missing here it was asked; of who looks at it
	last                  string                    // mark of the catalogue it was told to switch to last, as is remembered
	lastSequence          uint64                    // of the same
	force                 []publication.Publication // in force there, as it said; nil: it does not say
	forceOf               string                    // mark of that catalogue
}

// Standing is how a server is, for who looks.
type Standing struct {
	Server      store.Server
	State       presentation.State
	Seen        time.Time                 // last good answer; zero: none since the start
	Err         error                     // of the last look, nil when all was well
	Doing       Doing                     // now
	Sent, Total int64                     // bytes, while contents are sent
	Ahead       time.Duration             // its clock before ours
	Serving     []publication.Publication // in force there, as it said; nil: not known
	last        string                    // mark of the catalogue it was told to switch to last
}

// Standing is how the server is.
func (m *Member) Standing() Standing {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := Standing{m.server, m.state, m.seen, m.err, m.doing, m.sent, m.total, m.client.Ahead(), nil, m.last}
	if m.forceOf == m.state.Mark {
		s.Serving = m.force
	}
	return s
}

// Server is the one it is about.
func (m *Member) Server() store.Server {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.server
}

func (m *Member) set(s store.Server) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.server = s
}

// answers reports whether the server answered in the look that goes on.
func (m *Member) answers() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.doing != Asking
}

// skewed is how far its clock goes before ours, as it answered last.
func (m *Member) skewed() time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.skew
}

// begin takes the server to deal with, false where somebody does.
func (m *Member) begin() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	was := m.busy
	m.busy = true
	return !was
}

func (m *Member) end() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.busy, m.doing, m.sent, m.total = false, AtRest, 0, 0
}

func (m *Member) does(d Doing) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.doing = d
}

// told keeps how a look ended, and logs what changed.
func (m *Member) told(err error, now time.Time, log *slog.Logger) {
	m.mu.Lock()
	defer m.mu.Unlock()
	was := m.err
	m.err = err
	if err == nil {
		m.seen = now
	}
	if (Standing{Err: err}).Another() { // nothing is known of it
		m.seen, m.state, m.last = time.Time{}, presentation.State{}, ""
	}
	switch {
	case err == nil && was != nil:
		log.Info("a presentation server is well again", "server", m.server.Name)
	case err != nil && (was == nil || was.Error() != err.Error()):
		log.Warn("a presentation server could not be brought up to date", "server", m.server.Name, "err", err)
	}
}

// ask asks a server in our term of office.
func (p *Platform) ask(ctx context.Context, m *Member, method, name string, query url.Values, body []byte) ([]byte, error) {
	if query == nil {
		query = url.Values{}
	}
	query.Set("term", strconv.FormatUint(p.term(), 10))
	query.Set("office", p.office.own.Nonce)
	return m.client.Ask(ctx, method, name, query, body)
}

// learn asks a server how it is.
func (p *Platform) learn(ctx context.Context, m *Member) (s presentation.State, err error) {
	m.does(Asking)
	answer, err := m.client.Ask(ctx, "GET", "state", nil, nil)
	if err == nil {
		err = json.Unmarshal(answer, &s)
	}
	if err != nil {
		return s, fmt.Errorf("ask how it is: %w", err)
	}
	m.mu.Lock()
	m.state, m.seen, m.doing = s, p.Now(), AtRest
	m.skew = s.Now.Sub(m.seen)
	m.mu.Unlock()
	return s, nil
}

// bring gives a server what it lacks: keys, accounts, contents, and the catalogue that
// its group is to serve, to be switched to.
func (p *Platform) bring(ctx context.Context, m *Member, g store.Target) error {
	s, err := p.learn(ctx, m)
	if err != nil {
		return err
	}
	if err := p.overtaken(s); err != nil {
		return err
	}
	if err := p.bringOffice(ctx, m, s); err != nil {
		return err
	}
	if err := p.bringKeys(ctx, m, s); err != nil {
		return err
	}
	if err := p.bringRecalled(ctx, m, s); err != nil {
		return err
	}
	s, err = p.askAgain(ctx, m, s)
	if err != nil {
		return err
	}
	if err := p.bringArrivals(ctx, m, s); err != nil {
		return err
	}
	if err := p.bringWishes(ctx, m, s); err != nil {
		return err
	}
	if err := p.bringAccounts(ctx, m, s); err != nil {
		return err
	}
	if err := p.bringEnds(ctx, m); err != nil {
		return err
	}
	if err := p.bringPaused(ctx, m); err != nil {
		return err
	}
	return errors.Join(p.bringCatalogue(ctx, m, s, g), p.bringLost(ctx, m, s))
}

func (p *Platform) bringKeys(ctx context.Context, m *Member, s presentation.State) error {
	shared := p.Store.Keys.Shared()
	if s.Keys == shared.Mark() {
		return nil
	}
	m.does(Keying)
	body, err := json.Marshal(shared)
	if err == nil {
		_, err = p.ask(ctx, m, "PUT", "keys", nil, body)
	}
	if err != nil {
		return fmt.Errorf("give it the keys of the platform: %w", err)
	}
	return nil
}

func (p *Platform) bringAccounts(ctx context.Context, m *Member, s presentation.State) error {
	now, err := p.extract(ctx)
	if err != nil || now.hash == s.Extract {
		return err
	}
	m.does(Telling)
	c := presentation.Content{Kind: presentation.ExtractKind, Hash: now.hash}
	if err := p.sendMissing(ctx, m, []presentation.Content{c}, func(presentation.Content) (io.ReaderAt, int64, func(), error) {
		return readerOf(now.data), int64(len(now.data)), func() {}, nil
	}); err != nil {
		return fmt.Errorf("give it accounts and settings: %w", err)
	}
	return nil
}

// bringCatalogue sends what the catalogue of a group names, and stages it.
func (p *Platform) bringCatalogue(ctx context.Context, m *Member, s presentation.State, g store.Target) error {
	c, sealed, err := p.wanted(ctx, g)
	if err != nil || sealed == nil {
		return err
	}
	if err := p.learnForce(ctx, m, s, c); err != nil {
		return err
	}
	mark := c.Mark()
	switch {
	case s.Sequence > c.Sequence:
		return fault.New(fault.Conflict, "fault.peer.newer", s.Sequence, c.Sequence)
	case s.Sequence == c.Sequence && s.Mark != mark:
		return fault.New(fault.Conflict, "fault.peer.other", s.Sequence)
	case s.Mark == mark && s.Broken == 0, s.Mark != mark && s.Next == mark:
		return nil
	}
	lacking, err := p.lacking(ctx, m, p.needed(c))
	if err != nil {
		return fmt.Errorf("ask what it lacks: %w", err)
	}
	if err := p.try(ctx, m, c, lacking); err != nil {
		return err
	}
	m.does(Sending)
	if err := p.sendAll(ctx, m, lacking, p.open); err != nil {
		return fmt.Errorf("send what was published: %w", err)
	}
	m.does(Staging)
	if _, err := p.ask(ctx, m, "POST", "stage", nil, sealed); err != nil {
		return fmt.Errorf("make it ready to switch: %w", err)
	}
	m.mu.Lock()
	m.state.Staged, m.state.Next = c.Sequence, mark
	m.mu.Unlock()
	if s.Mark == mark { // it serves this already, and less than all of it: that waits for nobody
		return p.switchOne(ctx, m, c)
	}
	return nil
}

// needed is every content that a catalogue needs: its bundles, what they show, and the
// bundles of versions that people may still be in the middle of.
func (p *Platform) needed(c publication.Catalogue) (all []presentation.Content) {
	hold := p.Edition.Shelf().Hold()
	defer hold.Release()
	seen := map[string]bool{}
	add := func(k presentation.Kind, hash string) {
		if !seen[hash] {
			seen[hash] = true
			all = append(all, presentation.Content{Kind: k, Hash: hash})
		}
	}
	for _, one := range c.Publications {
		if _, err := os.Stat(publication.Path(p.Edition.Folder(), one.Hash)); err != nil && !one.Active {
			continue // cleared away: nobody is in the middle of it
		}
		add(presentation.BundleKind, one.Hash)
		b, err := hold.Version(one.Domain, one.Project, one.Number)
		if err != nil {
			continue // staging says what is missing
		}
		for _, hash := range b.FileHashes() {
			add(presentation.FileKind, hash)
		}
	}
	return all
}

// open opens a content of ours.
func (p *Platform) open(c presentation.Content) (io.ReaderAt, int64, func(), error) {
	if c.Kind == presentation.FileKind {
		f, size, err := p.Store.Files.Open(c.Hash)
		if err != nil {
			return nil, 0, nil, err
		}
		at, ok := f.(io.ReaderAt)
		if !ok {
			return nil, 0, nil, fmt.Errorf("file %s cannot be read in pieces", c.Hash)
		}
		return at, size, func() { _ = f.Close() }, nil
	}
	f, err := os.Open(publication.Path(p.Edition.Folder(), c.Hash))
	if err != nil {
		return nil, 0, nil, fmt.Errorf("open bundle: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, 0, nil, fmt.Errorf("open bundle: %w", err)
	}
	return f, info.Size(), func() { _ = f.Close() }, nil // it was only read
}

// opener opens a content: what reads it, its bytes, and what closes it.
type opener func(presentation.Content) (io.ReaderAt, int64, func(), error)

// sendMissing sends those of some contents that a server lacks, going on where it was
// interrupted.
func (p *Platform) sendMissing(ctx context.Context, m *Member, all []presentation.Content, open opener) error {
	lacking, err := p.lacking(ctx, m, all)
	if err != nil {
		return err
	}
	return p.sendAll(ctx, m, lacking, open)
}

// lacking are those of some contents that a server lacks.
func (p *Platform) lacking(ctx context.Context, m *Member, all []presentation.Content) (lacking []presentation.Lacking, err error) {
	body, err := json.Marshal(all)
	if err != nil {
		return nil, err
	}
	answer, err := p.ask(ctx, m, "POST", "missing", nil, body)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(answer, &lacking); err != nil {
		return nil, fmt.Errorf("read what it lacks: %w", err)
	}
	return lacking, nil
}

func (p *Platform) sendAll(ctx context.Context, m *Member, lacking []presentation.Lacking, open opener) error {
	for _, l := range lacking {
		if err := p.send(ctx, m, l, open); err != nil {
			return fmt.Errorf("%s %s: %w", l.Kind, l.Hash, err)
		}
	}
	return nil
}

// send sends one content in pieces.
func (p *Platform) send(ctx context.Context, m *Member, l presentation.Lacking, open opener) error {
	from, size, done, err := open(l.Content)
	if err != nil {
		return err
	}
	defer done()
	at := l.Have
	if at >= size { // the last piece settles it: it is sent again
		at = 0
	}
	m.mu.Lock()
	m.sent, m.total = at, size
	m.mu.Unlock()
	buffer := make([]byte, min(size, presentation.PieceSize))
	for at < size {
		piece := buffer[:min(size-at, presentation.PieceSize)]
		if _, err := from.ReadAt(piece, at); err != nil && err != io.EOF {
			return fmt.Errorf("read it: %w", err)
		}
		query := url.Values{"kind": {string(l.Kind)}, "hash": {l.Hash}, "at": {strconv.FormatInt(at, 10)}, "size": {strconv.FormatInt(size, 10)}}
		if _, err := p.ask(ctx, m, "PUT", "piece", query, piece); err != nil {
			return err
		}
		at += int64(len(piece))
		m.mu.Lock()
		m.sent = at
		m.mu.Unlock()
	}
	return nil
}

// Another reports whether another server than this one answers at its address.
func (s Standing) Another() bool {
	key, _ := fault.TextOf(s.Err)
	return key == "fault.peer.another"
}

// Twin reports whether the server follows another edition server, which has a copy of the
// same data.
func (s Standing) Twin() bool {
	key, _ := fault.TextOf(s.Err)
	return key == "fault.peer.twin"
}

// Newer reports whether the server answers and serves something that is not known here,
// since this one was brought back to an earlier state: nothing is wrong with it.
func (s Standing) Newer() bool {
	key, _ := fault.TextOf(s.Err)
	return key == "fault.peer.newer" || s.Other()
}

// Other reports whether what it serves, and is not known here, has the number of
// something that is.
func (s Standing) Other() bool {
	key, _ := fault.TextOf(s.Err)
	return key == "fault.peer.other"
}

// Tries reports whether the server was told to switch to what a rollout brings, before this
// process, and has not answered since.
func (s Standing) Tries(r Rollout) bool { return s.Seen.IsZero() && s.last != "" && s.last == r.Mark }

// Serves reports whether the server serves the publication of a number, whole.
func (s Standing) Serves(sequence uint64) bool {
	return s.State.Sequence == sequence && s.State.Broken == 0 && !s.Newer()
}
