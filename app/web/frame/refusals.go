package frame

import (
	"cmp"
	"context"
	"log/slog"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"selfhelp/app/fault"
)

// The audit keeps so many refusals of a minute, and counts the others in one
// entry: it only grows, and who is refused must not be able to fill the disk.
const (
	refusalsOfAddress = 5
	refusalsOfMinute  = 60
	addressesCounted  = 100
	addressesNamed    = 10
)

// Refusals put into the audit who was refused what.
type Refusals struct {
	keep func(ctx context.Context, actor, action, object string, detail any) error
	log  *slog.Logger

	mu     sync.Mutex
	minute time.Time
	kept   map[netip.Addr]int // of this minute
	total  int
	more   tally // that were not kept
}

// tally counts by address, in bounded memory.
type tally struct {
	all int
	of  map[netip.Addr]int // the addresses that came first
}

func (t *tally) add(from netip.Addr) {
	t.all++
	if t.of == nil {
		t.of = map[netip.Addr]int{}
	}
	if _, known := t.of[from]; known || len(t.of) < addressesCounted {
		t.of[from]++
	}
}

// most are the addresses that were counted most.
func (t tally) most() []netip.Addr {
	order := slices.SortedFunc(maps.Keys(t.of), func(a, b netip.Addr) int {
		return cmp.Or(t.of[b]-t.of[a], a.Compare(b))
	})
	return order[:min(len(order), addressesNamed)]
}

// networks are those of the addresses that were counted most.
func (t tally) networks() (from []string) {
	for _, a := range t.most() {
		if near := Neighbourhood(a); !slices.Contains(from, near) {
			from = append(from, near)
		}
	}
	return from
}

func newRefusals(keep func(context.Context, string, string, string, any) error, log *slog.Logger) *Refusals {
	return &Refusals{keep: keep, log: log, kept: map[netip.Addr]int{}}
}

// refusal is what an entry says of one.
type refusal struct {
	From string `json:"from"`
	Path string `json:"path,omitempty"`
}

// Refused keeps that somebody was refused: the id of an account, or what refused
// them.
func (s *Site) Refused(v *Visit, actor, action, object, path string) {
	r, now := s.Refusals, s.Now()
	from := Household(v.Address)
	if s.Refusals.takes(from, now) {
		r.write(v.Context(), actor, action, object, refusal{Neighbourhood(v.Address), cut(path, 200)})
	}
}

// countRefusal counts a refusal without keeping it: there are too many.
func (s *Site) countRefusal(v *Visit) {
	if v.route.Rate == s.Limits.Signs {
		s.Refusals.counts(Household(v.Address), s.Now())
	}
}

// takes reports whether one more refusal is kept; else it is counted, and told
// when the minute is over.
func (r *Refusals) takes(from netip.Addr, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.begin(now)
	if r.total < refusalsOfMinute && r.kept[from] < refusalsOfAddress {
		r.total++
		r.kept[from]++
		return true
	}
	r.count(from)
	return false
}

// counts counts one more refusal that is not kept.
func (r *Refusals) counts(from netip.Addr, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.begin(now)
	r.count(from)
}

// begin begins the minute of a moment, unless it has begun.
func (r *Refusals) begin(now time.Time) {
	if at := now.Truncate(time.Minute); !at.Equal(r.minute) {
		go r.tell(r.turn())
		r.minute = at
	}
}

func (r *Refusals) count(from netip.Addr) {
	if r.more.all == 0 { // there may be no other to begin the next minute
		time.AfterFunc(time.Minute, func() {
			r.mu.Lock()
			more := r.turn()
			r.mu.Unlock()
			r.tell(more)
		})
	}
	r.more.add(from)
}

// turn begins a minute, and returns what was counted in the one before.
func (r *Refusals) turn() tally {
	more := r.more
	r.kept, r.total, r.more = map[netip.Addr]int{}, 0, tally{}
	return more
}

// tell keeps the entry about those that were only counted.
func (r *Refusals) tell(more tally) {
	if more.all > 0 {
		r.write(context.Background(), "refusals", "refusal.more", "", map[string]any{"count": more.all, "from": more.networks()})
	}
}

func (r *Refusals) write(ctx context.Context, actor, action, object string, detail any) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := r.keep(ctx, actor, action, object, detail); err != nil {
		r.log.LogAttrs(ctx, slog.LevelError, "a refusal is not in the audit", slog.String("action", action), slog.Any("error", err))
	}
}

// Neighbourhood is what the audit keeps of an address, the network it is in: the
// audit is never cut, and a whole address points at a person. Which provider and
// which town somebody came from is still told; the log of the server, which is
// rotated, has the whole address of a sign-in that was refused.
func Neighbourhood(addr netip.Addr) string {
	near := network(addr)
	if !near.IsValid() {
		return "" // there is no address
	}
	return near.String()
}

// network is the one that an address is rented in: an IPv4 /24, an IPv6 /48.
func network(addr netip.Addr) netip.Prefix {
	bits := 24
	if addr = addr.Unmap(); addr.Is6() {
		bits = 48
	}
	near, err := addr.WithZone("").Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return near
}

// noteRefusal keeps that an account was refused in the administration or in the
// Studio.
func (s *Site) noteRefusal(v *Visit, kind fault.Kind) {
	path := v.URL.Path
	room := strings.HasPrefix(path, "/admin") || strings.HasPrefix(path, "/studio")
	if room && !v.reread && v.Who.SignedIn() && !v.owes.Password && (kind == fault.Forbidden || v.refused) {
		s.Refused(v, v.Who.ID, "access.refused", "", v.Method+" "+path)
	}
}
