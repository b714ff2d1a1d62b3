package publication

import (
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/singleflight"

	"selfhelp/app/execution"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// programsBound is about how many bytes the programs of one bundle may take.
const programsBound = 48 << 20

// weight is about how many bytes of memory a program takes for each byte of its
// record, once it has been used.
const weight = 6

// programs keeps the programs used lately. Finding one takes no lock; when they
// weigh too much, those that were not asked for since the last look go.
type programs struct {
	kept   sync.Map // UID → *program
	flight singleflight.Group
	mu     sync.Mutex
	order  []*program // in which they are looked at
	hand   int
	size   int
	bound  int
}

// program is one that is kept.
type program struct {
	uid  string
	it   *execution.Program
	size int
	used atomic.Bool // since the hand passed
}

// Program returns the compiled procedure with a UID, which makes a bundle a
// library to execute from.
func (b *Bundle) Program(uid string) (*execution.Program, error) {
	if kept, ok := b.programs.kept.Load(uid); ok {
		p := kept.(*program)
		if !p.used.Load() {
			p.used.Store(true)
		}
		return p.it, nil
	}
	made, err, _ := b.programs.flight.Do(uid, func() (any, error) {
		if kept, ok := b.programs.kept.Load(uid); ok { // by who came just before
			return kept.(*program).it, nil
		}
		p, size, err := b.load(uid)
		if err != nil {
			return nil, fmt.Errorf("load procedure %s: %w", uid, err)
		}
		b.programs.keep(&program{uid: uid, it: p, size: size})
		return p, nil
	})
	if err != nil {
		return nil, err
	}
	return made.(*execution.Program), nil
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
func (ps *programs) keep(p *program) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	ps.kept.Store(p.uid, p)
	ps.order = append(ps.order, p)
	ps.size += p.size
	for ps.size > ps.bound && len(ps.order) > 1 {
		if ps.hand >= len(ps.order) {
			ps.hand = 0
		}
		old := ps.order[ps.hand]
		if old == p || old.used.Swap(false) {
			ps.hand++
			continue
		}
		ps.kept.Delete(old.uid)
		ps.size -= old.size
		last := len(ps.order) - 1
		ps.order[ps.hand] = ps.order[last]
		ps.order[last] = nil
		ps.order = ps.order[:last]
	}
}
