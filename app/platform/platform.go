package platform

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"selfhelp/app/edition"
	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/app/peer"
	"selfhelp/app/presentation"
	"selfhelp/app/publication"
	"selfhelp/store"
	"selfhelp/store/trial"
)

// Settings say how a platform is looked after.
type Settings struct {
	Store   *store.Store
	Folder  string // of the data
	Edition *edition.Edition
	Name    func() string            // where things are written, as presentation servers tell people
	Deed    func() presentation.Deed // of the term of this edition server, which is its epoch; not signed
	// Over is told that another edition server, which has the same key, began a later term;
	// nil with Deed: there is one server that never hands over.
	Over func(presentation.Deed)
	Now  func() time.Time
	Log  *slog.Logger
	// Arrive makes the account of somebody who came elsewhere by a method, with an id.
	Arrive func(ctx context.Context, method string, who login.Identity, id string) error
	// Wished is told whose password is another one, chosen at a presentation server; nil:
	// nobody is.
	Wished func(ctx context.Context, u store.User) error
	Every  time.Duration // between two looks at a server; 0: a second
	// Patience is how long somebody waits for what the servers have of a person; 0: askedFor.
	Patience time.Duration
}

// Platform looks after the presentation servers: it brings to each what it lacks, and
// switches each group when it is ready.
type Platform struct {
	Settings
	key    ed25519.PrivateKey
	office *office
	absent absent

	kick chan struct{}

	mu       sync.Mutex
	members  map[string]*Member
	rollouts map[string]*rolling  // by target
	taken    taken                // what presentation servers need of the content
	turn     int                  // grows with what they must be given before anything else
	wished   map[string]time.Time // when a wish of somebody was judged last, by server and account
}

// taken is an extract of the content, as of a point of the audit.
type taken struct {
	until int64 // seq of the audit
	at    time.Time
	hash  string
	data  []byte
}

// New makes the platform of an edition server. Nothing is asked before Run.
func New(s Settings) (*Platform, error) {
	key, err := s.Store.Keys.Peer()
	if err != nil {
		return nil, err
	}
	if s.Every == 0 {
		s.Every = time.Second
	}
	o, err := newOffice(s.Folder)
	if err != nil {
		return nil, err
	}
	return &Platform{Settings: s, key: key, office: o, kick: make(chan struct{}, 1), members: map[string]*Member{}, rollouts: map[string]*rolling{}, wished: map[string]time.Time{}}, nil
}

// Kick looks at every server now: something was published.
func (p *Platform) Kick() {
	select {
	case p.kick <- struct{}{}:
	default:
	}
}

// Run looks after the servers until ctx is done.
func (p *Platform) Run(ctx context.Context) {
	every := time.NewTicker(p.Every)
	defer every.Stop()
	var working sync.WaitGroup
	defer working.Wait()
	working.Go(func() { p.Edition.Inspect(ctx) })
	var missing sync.Once
	for {
		members, err := p.list(ctx)
		if err != nil && ctx.Err() == nil {
			p.Log.Error("the presentation servers cannot be read", "err", err)
		}
		if len(members) > 0 { // nobody else could have them
			missing.Do(func() { working.Go(func() { p.findAbsent(ctx) }) })
		}
		for _, m := range members {
			if m.begin() {
				working.Go(func() {
					defer m.end()
					p.look(ctx, m)
				})
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		case <-p.kick:
		}
	}
}

// list is the servers as the store has them, those that stay keeping what is known of
// them.
func (p *Platform) list(ctx context.Context) ([]*Member, error) {
	servers, err := p.Store.Content.Servers(ctx)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var seats map[string]trial.Seat
	there := map[string]bool{}
	for _, s := range servers {
		there[s.ID] = true
		m := p.members[s.ID]
		if m == nil || m.server.Address != s.Address || !m.server.Key.Equal(s.Key) {
			if seats == nil {
				if seats, err = p.trials().Seats(ctx); err != nil {
					return nil, err
				}
			}
			m = (&Member{client: &peer.Client{Address: s.Address, ID: s.ID, Theirs: s.Key, Ours: p.key, Now: p.Now}}).recalled(seats[s.ID])
			p.members[s.ID] = m
		}
		m.set(s)
	}
	maps.DeleteFunc(p.members, func(id string, _ *Member) bool { return !there[id] })
	return slices.Collect(maps.Values(p.members)), nil
}

// HasServers reports whether there are presentation servers, as far as was looked.
func (p *Platform) HasServers() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.members) > 0
}

// look brings one server what it lacks, then switches its group where that is ready.
func (p *Platform) look(ctx context.Context, m *Member) {
	target, err := p.target(ctx, m.Server().Target)
	if err == nil {
		err = p.bring(ctx, m, target)
	}
	if ctx.Err() != nil {
		return
	}
	if err == nil || m.answers() {
		// What happened comes back also where something cannot be brought.
		if collected := p.collect(ctx, m); collected != nil {
			err = errors.Join(err, collected)
		} else {
			err = errors.Join(err, p.bringAbsent(ctx, m))
		}
	}
	m.told(err, p.Now(), p.Log)
	if target.ID != "" {
		p.advance(ctx, target)
	}
}

func (p *Platform) target(ctx context.Context, id string) (store.Target, error) {
	all, err := p.Store.Content.Targets(ctx)
	if err != nil {
		return store.Target{}, err
	}
	i := slices.IndexFunc(all, func(g store.Target) bool { return g.ID == id })
	if i < 0 {
		return store.Target{}, fault.New(fault.NotFound, "fault.not_found")
	}
	return all[i], nil
}

// wanted is the catalogue that a group is to serve, sealed; nothing before the first.
func (p *Platform) wanted(ctx context.Context, g store.Target) (c publication.Catalogue, sealed []byte, err error) {
	if g.Held > 0 {
		sealed, err = p.Store.Content.CatalogueOf(ctx, g.Held)
	} else {
		sealed, err = p.Store.Content.Catalogue(ctx)
	}
	if fault.Is(err, fault.NotFound) {
		return c, nil, nil
	}
	if err != nil {
		return c, nil, err
	}
	key := p.Store.Keys.Publication
	c, err = publication.OpenCatalogue(sealed, []ed25519.PublicKey{key.Public().(ed25519.PublicKey)})
	if err != nil || len(g.Domains) == 0 {
		return c, sealed, err
	}
	c.Publications = slices.DeleteFunc(c.Publications, func(one publication.Publication) bool { return !slices.Contains(g.Domains, one.Domain) })
	sealed, err = c.Seal(key)
	return c, sealed, err
}

// How often what presentation servers need is extracted: soon after the audit tells of
// a change, and now and then for what it does not tell.
const (
	extractSoon  = time.Second
	extractLater = time.Minute
)

// extract is what presentation servers need of the content, and its hash.
func (p *Platform) extract(ctx context.Context) (taken, error) {
	until, err := p.Store.Content.AuditedUntil(ctx)
	if err != nil {
		return taken{}, err
	}
	p.mu.Lock()
	kept, turn := p.taken, p.turn
	p.mu.Unlock()
	age := p.Now().Sub(kept.at)
	if kept.hash != "" && (age < extractSoon || until == kept.until && age < extractLater) {
		return kept, nil
	}
	data, err := p.Store.Content.Extract(ctx)
	if err != nil {
		return kept, err
	}
	sum := sha256.Sum256(data)
	fresh := taken{until, p.Now(), hex.EncodeToString(sum[:]), data}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.turn == turn {
		p.taken = fresh
	}
	return fresh, nil
}

// extractAnew has nobody who asks from now on be given what was extracted, or is being
// extracted, before.
func (p *Platform) extractAnew() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.taken = taken{}
	p.turn++
}

// Join asks the server at an address to join the platform by its code, or again without
// one where it belongs to it already.
func (p *Platform) Join(ctx context.Context, s store.Server, code, by string) (store.Server, error) {
	id, err := p.id(ctx, by)
	if err != nil {
		return s, err
	}
	s.Address = strings.TrimRight(strings.TrimSpace(s.Address), "/")
	if err := checkAddress(s.Address); err != nil {
		return s, err
	}
	if err := p.isFree(ctx, s); err != nil {
		return s, err
	}
	a, err := peer.Invite(ctx, s.Address, code, peer.Invitation{
		Platform: id, Name: p.Name(), Key: p.key.Public().(ed25519.PublicKey), Trusted: p.Store.Keys.Publication.Public().(ed25519.PublicKey),
	}, peer.Again{Key: p.key, Shared: presentation.AgainKey(p.Store.Keys.Shared())})
	if err != nil {
		p.Log.Warn("a presentation server did not join", "server", s.Name, "address", s.Address, "err", err)
		return s, err
	}
	s.ID, s.Key = a.ID, a.Key
	if err := p.Store.Content.AddServer(ctx, s, by); err != nil {
		return s, err
	}
	p.Log.Info("a presentation server joined", "server", s.Name, "address", s.Address)
	if _, err := p.list(ctx); err != nil {
		return s, err
	}
	p.mu.Lock()
	if m := p.members[s.ID]; m != nil {
		m.take(true) // who let it join says whom it follows
	}
	p.mu.Unlock()
	p.Kick()
	return s, nil
}

// platformKey is the setting that names the platform.
const platformKey = "platform"

// id is what the platform is called by its servers, made once.
func (p *Platform) id(ctx context.Context, by string) (id string, err error) {
	version, err := p.Store.Content.Setting(ctx, platformKey, &id)
	if err != nil || version > 0 {
		return id, err
	}
	id = store.NewID()
	return id, p.Store.Content.SaveSetting(ctx, platformKey, 0, id, by, nil)
}

// Remove takes a server out of the platform. It is told, and forgets what it has of
// it; one that cannot be told is forgotten only where that is wanted.
func (p *Platform) Remove(ctx context.Context, id, by string, anyway bool) error {
	p.mu.Lock()
	m := p.members[id]
	p.mu.Unlock()
	if m != nil {
		err := p.dismiss(ctx, m, anyway)
		if key, _ := fault.TextOf(err); key == "fault.peer.kept" {
			return err
		}
		if err != nil && !anyway {
			return fault.Because(fault.Unavailable, err, "fault.peer.away", m.Server().Address)
		}
	}
	if err := p.Store.Content.RemoveServer(ctx, id, by); err != nil {
		return err
	}
	return p.trials().Forget(ctx, id)
}

// dismissals is how often a server on which people answer meanwhile is asked to go.
const dismissals = 5

// dismiss has a server leave the platform, once all that happened there is here.
func (p *Platform) dismiss(ctx context.Context, m *Member, anyway bool) (err error) {
	query := url.Values{}
	if anyway {
		query.Set(presentation.AnywayKey, "yes")
	}
	for range dismissals {
		if !anyway {
			if err := p.collect(ctx, m); err != nil {
				return err
			}
		}
		_, err = p.ask(ctx, m, "POST", "leave", query, nil)
		if key, _ := fault.TextOf(err); key != "fault.peer.kept" {
			return err
		}
	}
	return err
}

// Members are the servers and how they are, in the order of their groups and names.
func (p *Platform) Members(ctx context.Context) (all []Standing, err error) {
	if _, err := p.list(ctx); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.members {
		all = append(all, m.Standing())
	}
	slices.SortFunc(all, func(a, b Standing) int {
		return strings.Compare(a.Server.Target+"\x00"+a.Server.Name+a.Server.ID, b.Server.Target+"\x00"+b.Server.Name+b.Server.ID)
	})
	return all, nil
}
