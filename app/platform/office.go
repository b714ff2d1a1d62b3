package platform

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"selfhelp/app/fault"
	"selfhelp/app/presentation"
	"selfhelp/store/disk"
)

// officeFile is where a data folder remembers the processes that were in office by it.
const officeFile = "office.json"

// mostBefore bounds those. A server that was away for longer is taken over by hand.
const mostBefore = 1000

// office is this process of the edition server, as presentation servers know it.
type office struct {
	own    presentation.Office
	folder string

	mu     sync.Mutex
	before []string // nonces of the processes before in this folder, the last one first
	kept   bool     // the folder knows of this one
}

// newOffice names the process. The folder is told with the first server that is claimed.
func newOffice(folder string) (*office, error) {
	o := &office{own: presentation.Office{Nonce: rand.Text()}, folder: folder}
	o.own.Host, _ = os.Hostname() // only people read it
	if boot, on := disk.Boot(), disk.Folder(folder); boot != "" && on != "" {
		o.own.Place = boot + " " + on
	}
	b, err := os.ReadFile(filepath.Join(folder, officeFile))
	if errors.Is(err, fs.ErrNotExist) {
		return o, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &o.before)
	}
	if err != nil {
		return nil, fmt.Errorf("read who looked after the presentation servers: %w", err)
	}
	return o, nil
}

// keep has the folder remember this process, before any server knows it.
func (o *office) keep() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.kept {
		return nil
	}
	all := append([]string{o.own.Nonce}, o.before...)
	b, err := json.Marshal(all[:min(len(all), mostBefore)])
	if err == nil {
		err = disk.Whole(filepath.Join(o.folder, officeFile), bytes.NewReader(b), os.Rename)
	}
	if err != nil {
		return fmt.Errorf("keep who looks after the presentation servers: %w", err)
	}
	o.kept = true
	return nil
}

// bringOffice has a server follow this process, in place of the one before in the same
// folder. Who goes on with a clone of the folder is refused there.
func (p *Platform) bringOffice(ctx context.Context, m *Member, s presentation.State) error {
	if s.Office.Nonce == p.office.own.Nonce {
		return nil
	}
	if err := p.office.keep(); err != nil {
		return err
	}
	c := presentation.Claim{Office: p.office.own, Name: p.Name(), Anyway: m.isTaken()}
	if p.Deed != nil {
		deed := p.Deed().SignedBy(p.key)
		c.Deed = &deed
	}
	if slices.Contains(p.office.before, s.Office.Nonce) {
		c.After = s.Office.Nonce
	}
	body, err := json.Marshal(c)
	if err == nil {
		_, err = p.ask(ctx, m, "POST", "office", nil, body)
	}
	if err != nil {
		return fmt.Errorf("look after it: %w", err)
	}
	m.take(false)
	return nil
}

// term is the number of the term of this edition server; 0 where there are none.
func (p *Platform) term() uint64 {
	if p.Deed == nil {
		return 0
	}
	return p.Deed().Term
}

// overtaken refuses to go on where a server shows the deed of a later term, and says so: this
// edition server may not be able to learn it elsewhere.
func (p *Platform) overtaken(s presentation.State) error {
	own := p.term()
	if s.Deed == nil || p.Over == nil || s.Deed.Term <= own || !s.Deed.IsBy(p.key.Public().(ed25519.PublicKey)) {
		return nil
	}
	p.Over(*s.Deed)
	return fault.New(fault.Conflict, "fault.peer.term", own, s.Deed.Term)
}

// take says whether the server is to be taken over, whoever looks after it.
func (m *Member) take(anyway bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.anyway = anyway
}

func (m *Member) isTaken() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.anyway
}

// TakeOver makes this process the one that looks after the servers, where another one with
// a copy of the same data does: somebody has to know which of the two goes on.
func (p *Platform) TakeOver(ctx context.Context) error {
	members, err := p.list(ctx)
	if err != nil {
		return err
	}
	for _, m := range members {
		m.take(true)
	}
	p.Kick()
	return nil
}
