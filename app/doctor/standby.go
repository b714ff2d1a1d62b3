package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"selfhelp/store"
	"selfhelp/store/disk"
	"selfhelp/store/keys"
	"selfhelp/store/replica"
)

// ofStandby is what a second site needs that waits, in the order it is told. What a server
// has and makes, like databases and backups, it has not.
var ofStandby = []check{
	{"program", lookAtLibrary},
	{"settings", lookAtSettings},
	{"settings file", lookAtFile},
	{"data folder", lookAtFolder},
	{"file system", lookAtKind},
	{"locks", lookAtLocks},
	{"room", lookAtRoom},
	{"keys", lookAtKeysToCome},
	{"receiving", lookAtReceiving},
	{"room to receive", lookAtRoomToReceive},
	{"first site", lookAtFirstSite},
	{"verified restore", lookAtVerified},
	{"time zone", lookAtZone},
	{"address", lookAtAddress},
	{"certificate", lookAtCertificate},
	{"key of the certificate", lookAtCertificateKey},
	{"port", lookAtPort},
	{"open files", lookAtOpenFiles},
	{"memory", lookAtMemory},
}

// What is long without a word of the first site, which writes one each quarter of a minute,
// and without a restore.
const (
	longSilence = 10 * time.Minute
	longAgo     = 8 * 24 * time.Hour
)

// waits says whether settings are those of a second site that waits: it receives, and has
// no databases of its own.
func (p *Patient) waits() bool {
	if p.Standby || p.Config.Receive == "" {
		return p.Standby
	}
	_, err := os.Stat(filepath.Join(p.Config.Data, store.Databases()[0]))
	return errors.Is(err, fs.ErrNotExist)
}

// received is what came last from the other site; false where nothing did.
func (p *Patient) received(ctx context.Context) (last replica.Held, some bool, err error) {
	place, err := p.copying()
	if err != nil {
		return last, false, err
	}
	held, err := place.Settings.From(p.Config.Receive).Held(ctx)
	for _, h := range held {
		if h.Some {
			last, some = h, true
		}
	}
	return last, some, err
}

// lookAtKeysToCome looks at the keys of the first site, with which what came is opened.
func lookAtKeysToCome(ctx context.Context, p *Patient) (Line, bool) {
	if p.homeless() {
		return nothing() // told already
	}
	found, err := keys.Look(p.Config.Data)
	dir := filepath.Join(p.Config.Data, "keys")
	if l, ill := judgeKeys(found, err, dir, "bring it from the first site: what came can be opened by nothing else, here and when this site takes over"); ill {
		return l, true
	}
	if last, some, err := p.received(ctx); err == nil && some && last.Manifest.Keys != "" && last.Manifest.Keys != found.Mark {
		return wrong("bring the folder keys of the first site, as a whole", "the keys in %s are not those of what came", dir)
	}
	return ok("%d, closed to others", found.Files)
}

// lookAtReceiving looks at where what the other site sends is kept, and at how it gets in.
func lookAtReceiving(_ context.Context, p *Patient) (Line, bool) {
	c := p.Config
	if c.Receive == "" {
		return wrong("name a folder with --receive; selfhelp replica init prepares it", "no folder is named for what the other site sends")
	}
	if err := replica.Prepared(c.Receive); err != nil {
		return wrong("mount what belongs there; a new one is prepared by selfhelp replica init", "%s: %v", c.Receive, err)
	}
	if _, err := c.ReceivePassword(); err != nil {
		return wrong("give it the password that the other site sends", "%v", err)
	}
	if err := replica.TryReceiving(c.Receive); err != nil {
		return wrong("let the account of the server write there, and make room", "%v", err)
	}
	return ok("into %s, from who signs in as %s", c.Receive, c.ReceiveUser)
}

func lookAtRoomToReceive(_ context.Context, p *Patient) (Line, bool) {
	if p.Config.Receive == "" {
		return nothing()
	}
	free, err := disk.FreeBytes(p.Config.Receive)
	if err != nil || free < 0 {
		return nothing() // told already, or nobody knows
	}
	return roomOn(p.Config.Receive, free, "make room, or move the folder to a larger disk: the first site cannot copy to a full one")
}

// lookAtFirstSite looks when the first site was heard of last, by what it sent.
func lookAtFirstSite(ctx context.Context, p *Patient) (Line, bool) {
	if p.Config.Receive == "" || replica.Prepared(p.Config.Receive) != nil {
		return nothing() // told already
	}
	last, some, err := p.received(ctx)
	switch {
	case err != nil:
		return wrong("mend the file that --config names: what came is read by it, and this site takes over with it", "%v", err)
	case !some:
		return warning("start selfhelp standby here, then the first site with this one as the target of its replica", "nothing has come yet")
	}
	at, ago := last.Manifest.At, p.Now.Sub(last.Manifest.At)
	switch {
	case last.Manifest.At.IsZero():
		return warning("look into the log of the first site: it says what keeps it", "something of %s has come, and not all of it yet", last.Epoch.Name())
	case last.Manifest.Ended:
		return warning("start it again; or, for a change of hands, run selfhelp failback here", "%s stopped, and said so at %s: all of it is here", last.Epoch.Name(), at.Format(time.RFC3339))
	case ago < -slip:
		return wrong("set the clocks of both sites, and let them follow a time server", "%s was heard at %s, and the clock here says %s", last.Epoch.Name(), at.Format(time.RFC3339), p.Now.Format(time.RFC3339))
	case ago > longSilence:
		return warning("look at the first site, its log, and the line to here; where it is lost, stop selfhelp standby and run selfhelp promote", "%s was heard last at %s", last.Epoch.Name(), at.Format(time.RFC3339))
	}
	return ok("%s was heard at %s", last.Epoch.Name(), at.Format(time.RFC3339))
}

// lookedThrough is what selfhelp standby says of its last look, as far as it is told here.
type lookedThrough struct {
	At    time.Time `json:"at"`
	Epoch string    `json:"epoch"`
	Whole time.Time `json:"whole"`
	Wrong []string  `json:"wrong"`
	Err   string    `json:"error"`
}

// lookAtVerified asks the standby that runs here when it restored what came, and how it was.
func lookAtVerified(ctx context.Context, p *Patient) (Line, bool) {
	reply, err := p.ask(ctx, "/readyz")
	if err != nil {
		return warning("start selfhelp standby: it restores what came at once, and then again and again", "nothing answers on %s that would have restored what came", p.Config.Listen)
	}
	defer reply.Body.Close()
	var last lookedThrough
	if err := json.NewDecoder(io.LimitReader(reply.Body, 1<<20)).Decode(&last); err != nil {
		return nothing() // somebody else answers, and that is told
	}
	switch {
	case last.Err != "":
		return wrong("look into the log of selfhelp standby", "%s", last.Err)
	case len(last.Wrong) > 0:
		return wrong("look into the log of selfhelp standby, and have the first site look through its target: selfhelp verify", "%s", strings.Join(last.Wrong, "; "))
	case last.At.IsZero():
		return warning("wait: it restores what came when it starts", "it is being looked through for the first time")
	case p.Now.Sub(last.At) > longAgo:
		return warning("look into the log of selfhelp standby, and at its --check", "what came was restored last at %s", last.At.Format(time.RFC3339))
	}
	return ok("%s was restored at %s and is whole, up to %s", last.Epoch, last.At.Format(time.RFC3339), last.Whole.Format(time.RFC3339))
}
