package presentation

import (
	"context"
	"net/url"
	"strings"

	"selfhelp/app/fault"
	"selfhelp/store"
)

// portalKey is the setting that says how people reach the presentation servers.
const portalKey = "portal"

// Portal is how people reach the presentation servers of a platform, whichever of them
// answers: cookies are called and protected by it, and links begin with it. Were each to
// go by what it was started with, a person who is signed in at one would be nobody at one
// that was started with less.
type Portal struct {
	Address string `json:"address"` // like https://help.example.org; "": as each was started
}

// ReadPortal returns how people reach the presentation servers, and the version that a
// change must name.
func ReadPortal(ctx context.Context, c *store.Content) (p Portal, version int64, err error) {
	version, err = c.Setting(ctx, portalKey, &p)
	return p, version, err
}

// SavePortal keeps another address.
func SavePortal(ctx context.Context, c *store.Content, p Portal, version int64, by string) error {
	p.Address = strings.TrimRight(strings.TrimSpace(p.Address), "/")
	u, err := url.Parse(p.Address)
	if p.Address != "" && (err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "") {
		return fault.Because(fault.Invalid, err, "fault.portal.address")
	}
	return c.SaveSetting(ctx, portalKey, version, p, by, p)
}

// Portal is where people reach this server and the others: as the edition server says, or
// else as this one was started.
func (p *Presentation) Portal(ctx context.Context) string {
	said, _, err := ReadPortal(ctx, p.store.Content)
	if err != nil {
		p.log.Error("it is not known how people reach the platform", "err", err)
	}
	if said.Address != "" {
		return said.Address
	}
	return p.Address
}
