package app

import (
	"context"
	"net/http"
	"runtime/metrics"
	"strings"
	"sync/atomic"
	"time"

	"selfhelp/app/config"
	"selfhelp/app/edition"
	"selfhelp/app/login"
	"selfhelp/app/peer"
	"selfhelp/app/platform"
	"selfhelp/app/presentation"
	"selfhelp/app/publication"
	"selfhelp/app/watch"
	"selfhelp/app/web/frame"
	"selfhelp/store"
)

// roles are what the words of the settings stand for.
var roles = map[string]frame.Role{"": frame.Both, config.Everything: frame.Both, config.Edition: frame.Edition, config.Presentation: frame.Presentation}

// openRole makes what fills the shelf: the writing side of the platform, or the one
// that receives.
func (s *Server) openRole(ctx context.Context, bundles string) (err error) {
	if s.config.Role == config.Presentation {
		s.presentation, err = presentation.Open(ctx, presentation.Settings{
			Store: s.store, Folder: s.config.Data, Version: Version, Address: s.config.Address, Now: s.now, Log: s.log, Adopted: s.forget, Keyed: s.rekey, Facts: s.tellState, Patience: s.config.Patience,
		})
		return err
	}
	if s.edition, err = edition.Open(ctx, s.store, bundles, s.log); err != nil {
		return err
	}
	s.platform, err = platform.New(platform.Settings{
		Store: s.store, Folder: s.config.Data, Edition: s.edition, Name: s.links, Deed: s.deed, Over: s.overtaken, Now: s.now, Log: s.log, Patience: s.config.Patience,
		Arrive: func(ctx context.Context, method string, who login.Identity, id string) error {
			return s.desk.ArriveElsewhere(ctx, method, who, id)
		},
		Wished: func(ctx context.Context, u store.User) error {
			s.forget()
			return s.post.TellChanged(ctx, u, "")
		},
	})
	if err != nil {
		return err
	}
	s.edition.OnSwitch(s.platform.Kick)
	return nil
}

// shelf is what people are given from.
func (s *Server) shelf() *publication.Shelf {
	if s.presentation != nil {
		return s.presentation.Shelf()
	}
	return s.edition.Shelf()
}

// lookAfter looks after the presentation servers, where this is an edition server.
func (s *Server) lookAfter(ctx context.Context) {
	if s.platform != nil {
		s.platform.Run(ctx)
	}
}

// hosted is the site that is shown now: a presentation server that is given other keys
// exchanges it, and who is in the middle of a request finishes with the one before.
type hosted struct{ now atomic.Pointer[frame.Site] }

func (h *hosted) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.now.Load().ServeHTTP(w, r) }

// forget makes the site read accounts and settings again; where people reach the
// platform by another address now, another site is shown.
func (s *Server) forget() {
	site := s.hosted.now.Load()
	if site == nil {
		return
	}
	if site.Origin == s.origin() {
		site.Sessions.Forget()
	} else if err := s.host(); err != nil {
		s.log.Error("the address of the platform is used from the next start on", "err", err)
	}
}

// origin is how people reach the site, without a final slash.
func (s *Server) origin() string {
	if s.presentation != nil {
		return strings.TrimRight(s.presentation.Portal(context.Background()), "/")
	}
	return strings.TrimRight(s.config.Address, "/")
}

// rekey shows a site that has the keys of now.
func (s *Server) rekey() {
	if err := s.host(); err != nil {
		s.log.Error("the keys of the platform are used from the next start on", "err", err)
	}
}

// How often it is looked which keys seal, and how old the first of them may become where
// others have them too.
const (
	keysEvery = 10 * time.Minute
	keysAge   = 30 * 24 * time.Hour
)

// turnKeys makes new keys for the platform once a month, and uses those that have
// settled, here as on the presentation servers.
func (s *Server) turnKeys(ctx context.Context) {
	round := time.NewTicker(keysEvery)
	defer round.Stop()
	states, _ := s.store.Keys.InUse(s.now())
	for {
		select {
		case <-ctx.Done():
			return
		case <-round.C:
		}
		if s.platform != nil && s.platform.HasServers() && time.Since(s.store.Keys.Shared().States[0].Made) > keysAge {
			dropped, err := s.store.Keys.Rotate(s.now())
			if err != nil {
				s.log.Error("the keys of the platform were not all replaced", "err", err)
			} else {
				s.log.Info("the platform has new keys", "files", len(dropped))
			}
		}
		if now, _ := s.store.Keys.InUse(s.now()); now[0].ID != states[0].ID {
			states = now
			s.rekey()
		}
	}
}

// host builds the site and shows it.
func (s *Server) host() error {
	site, err := s.site()
	if err == nil {
		s.hosted.now.Store(site)
	}
	return err
}

// atTheDoor puts the door for the edition server beside what is shown to people.
func (s *Server) atTheDoor(rest http.Handler) http.Handler {
	if s.presentation == nil {
		return rest
	}
	mux := http.NewServeMux()
	mux.Handle("/", rest)
	mux.Handle(peer.Way, s.presentation.Door())
	return mux
}

// seen is how the other servers of the platform are.
func (s *Server) seen(ctx context.Context) *watch.Platform {
	if p := s.presentation; p != nil {
		return &watch.Platform{Member: true, Alone: !p.Joined(), Empty: p.Joined() && !(p.Serves() && p.Peopled(ctx)), Room: presentation.RoomLeft}
	}
	all, err := s.platform.Members(ctx)
	if err != nil {
		return nil // the databases have their own rows
	}
	seen := &watch.Platform{Servers: len(all)}
	for _, m := range all {
		switch {
		case m.Err != nil && !m.Newer():
			if seen.Away++; seen.First == "" {
				seen.First = m.Server.Name
			}
		case !m.Serves(s.shelf().Sequence()):
			seen.Behind++
		}
	}
	return seen
}

// tellState adds what the whole server knows of itself to what it tells the edition
// server.
func (s *Server) tellState(state *presentation.State) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	facts := s.watch.Facts(ctx)
	state.Sessions = facts.Sessions
	if len(facts.Certificates) > 0 {
		state.Expires = facts.Certificates[0].Until
	}
	state.Ready = len(s.watch.Ready(ctx)) == 0 && !facts.Draining
	taken := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(taken)
	state.Memory = int64(taken[0].Value.Uint64() - taken[1].Value.Uint64())
}

// joiningCode is what an administrator gives the edition server, "" where this server
// belongs to a platform or is none to join.
func (s *Server) joiningCode() string {
	if s.presentation == nil {
		return ""
	}
	return s.presentation.Code()
}

// elsewhere is the edition server as the site asks for it, nil on that one.
func (s *Server) elsewhere() frame.Elsewhere {
	if s.presentation == nil {
		return nil
	}
	return s.presentation
}
