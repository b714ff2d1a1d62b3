package publication

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/singleflight"

	"selfhelp/app/execution"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// memoryBound is about how many bytes the programs of all the bundles of a
// shelf may take.
const memoryBound = 80 << 20

// weight is about how many bytes of memory a program takes for each byte of its
// record, once it has been used.
const weight = 6

// programs are those of one bundle that were used lately. Finding one takes no
// lock.
type programs struct {
	kept   sync.Map // UID → *program
	flight singleflight.Group
	memory *memory
}

// program is one that is kept.
type program struct {
	in   *programs
	uid  string
	it   *execution.Program
	size int
	used atomic.Bool // since the hand passed
}

// memory is what the programs of several bundles share. When they weigh too
// much, those that were not asked for since the last look go.
type memory struct {
	mu    sync.Mutex
	order []*program // in which they are looked at
	hand  int
	size  int
	bound int
}

// Program returns the compiled procedure with a UID, which makes a bundle a
// library to execute from.
func (b *Bundle) Program(uid string) (*execution.Program, error) {
	if p := b.programs.find(uid); p != nil {
		return p, nil
	}
	made, err, _ := b.programs.flight.Do(uid, func() (any, error) {
		if p := b.programs.find(uid); p != nil { // by who came just before
			return p, nil
		}
		p, size, err := b.load(uid)
		if err != nil {
			return nil, fmt.Errorf("load procedure %s: %w", uid, err)
		}
		b.programs.memory.keep(&program{in: &b.programs, uid: uid, it: p, size: size})
		return p, nil
	})
	if err != nil {
		return nil, err
	}
	return made.(*execution.Program), nil
}

// find returns a program that is kept, nil when it is not.
func (ps *programs) find(uid string) *execution.Program {
	kept, ok := ps.kept.Load(uid)
	if !ok {
		return nil
	}
	p := kept.(*program)
	if !p.used.Load() { // a store by everyone would slow everyone
		p.used.Store(true)
	}
	return p.it
}

// load reads and compiles a procedure, and says about how much memory it takes.
func (b *Bundle) load(uid string) (*execution.Program, int, error) {
	p, home, size, err := b.procedure(uid)
	if err != nil {
		return nil, 0, err
	}
	made, err := execution.Compile(p, b.homes[home])
	return made, size * weight, err
}

// reading returns a procedure to read in: that of a program that is kept, or
// its own, which is not kept.
func (b *Bundle) reading(uid string) (*procedure.Procedure, error) {
	if kept, ok := b.programs.kept.Load(uid); ok {
		return kept.(*program).it.Procedure, nil
	}
	p, _, _, err := b.procedure(uid)
	return p, err
}

// procedure reads a procedure, its home and the size of its record.
func (b *Bundle) procedure(uid string) (*procedure.Procedure, int, int, error) {
	var home int
	var data sql.RawBytes
	rows, err := b.ask.procedure.Query(uid)
	if err != nil {
		return nil, 0, 0, err
	}
	defer rows.Close()
	if !rows.Next() {
		return nil, 0, 0, errors.Join(fault.New(fault.NotFound, "fault.procedure.unknown"), rows.Err())
	}
	if err := rows.Scan(&home, &data); err != nil {
		return nil, 0, 0, err
	}
	p := new(procedure.Procedure)
	if err := b.records.read(string(data), p); err != nil {
		return nil, 0, 0, err
	}
	if home < 0 || home >= len(b.homes) {
		return nil, 0, 0, errRecord
	}
	return p, home, len(data), rows.Err()
}

// keep keeps a program, and lets go of others while they weigh too much. Each
// is passed over once after it was used.
func (m *memory) keep(p *program) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p.in.kept.Store(p.uid, p)
	m.order = append(m.order, p)
	m.size += p.size
	for m.size > m.bound && len(m.order) > 1 {
		if m.hand >= len(m.order) {
			m.hand = 0
		}
		old := m.order[m.hand]
		if old == p || old.used.Swap(false) {
			m.hand++
			continue
		}
		old.in.kept.Delete(old.uid)
		m.size -= old.size
		last := len(m.order) - 1
		m.order[m.hand], m.order[last] = m.order[last], nil
		m.order = m.order[:last]
	}
}

// forget lets go of the programs of a bundle that is closed.
func (m *memory) forget(ps *programs) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.order = slices.DeleteFunc(m.order, func(p *program) bool {
		if p.in == ps {
			m.size -= p.size
		}
		return p.in == ps
	})
}
