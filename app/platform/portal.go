package platform

import (
	"context"

	"selfhelp/app/presentation"
)

// Portal is the address by which people reach the presentation servers, "" where it is as
// each was started, and the version that a change must name.
func (p *Platform) Portal(ctx context.Context) (address string, version int64, err error) {
	said, version, err := presentation.ReadPortal(ctx, p.Store.Content)
	return said.Address, version, err
}

// SavePortal keeps another address, which the servers are told with the accounts.
func (p *Platform) SavePortal(ctx context.Context, address string, version int64, by string) error {
	err := presentation.SavePortal(ctx, p.Store.Content, presentation.Portal{Address: address}, version, by)
	if err == nil {
		p.Kick()
	}
	return err
}
