package frame

import (
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
	more   map[netip.Addr]int // that were not kept
	count  int
}

func newRefusals(keep func(context.Context, string, string, string, any) error, log *slog.Logger) *Refusals {
	return &Refusals{keep: keep, log: log, kept: map[netip.Addr]int{}, more: map[netip.Addr]int{}}
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

// takes reports whether one more refusal is kept; else it is counted, and told
// when the minute is over.
func (r *Refusals) takes(from netip.Addr, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if at := now.Truncate(time.Minute); !at.Equal(r.minute) {
		go r.tell(r.turn())
		r.minute = at
	}
	if r.total < refusalsOfMinute && r.kept[from] < refusalsOfAddress {
		r.total++
		r.kept[from]++
		return true
	}
	if r.count == 0 { // there may be no other to begin the next minute
		time.AfterFunc(time.Minute, func() {
			r.mu.Lock()
			count, more := r.turn()
			r.mu.Unlock()
			r.tell(count, more)
		})
	}
	r.count++
	if _, known := r.more[from]; known || len(r.more) < addressesCounted {
		r.more[from]++
	}
	return false
}

// turn begins a minute, and returns what was counted in the one before.
func (r *Refusals) turn() (count int, more map[netip.Addr]int) {
	count, more = r.count, r.more
	r.kept, r.total, r.more, r.count = map[netip.Addr]int{}, 0, map[netip.Addr]int{}, 0
	return count, more
}

// tell keeps the entry about those that were only counted.
func (r *Refusals) tell(count int, more map[netip.Addr]int) {
	if count == 0 {
		return
	}
	most := slices.SortedFunc(maps.Keys(more), func(a, b netip.Addr) int {
		if more[a] != more[b] {
			return more[b] - more[a]
		}
		return a.Compare(b)
	})
	var from []string
	for _, a := range most {
		if near := Neighbourhood(a); len(from) < addressesNamed && !slices.Contains(from, near) {
			from = append(from, near)
		}
	}
	r.write(context.Background(), "refusals", "refusal.more", "", map[string]any{"count": count, "from": from})
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
	bits := 24
	if addr = addr.Unmap(); addr.Is6() {
		bits = 48
	}
	near, err := addr.WithZone("").Prefix(bits)
	if err != nil || !near.IsValid() {
		return "" // there is no address
	}
	return near.String()
}

// noteRefusal keeps that an account was refused in the administration or in the
// Studio.
func (s *Site) noteRefusal(v *Visit, kind fault.Kind) {
	path := v.URL.Path
	room := strings.HasPrefix(path, "/admin") || strings.HasPrefix(path, "/studio")
	if room && v.Who.SignedIn() && !v.renew && (kind == fault.Forbidden || v.refused) {
		s.Refused(v, v.Who.ID, "access.refused", "", v.Method+" "+path)
	}
}
