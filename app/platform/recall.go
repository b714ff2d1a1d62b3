package platform

import (
	"context"
	"encoding/json"
	"fmt"

	"selfhelp/app/presentation"
	"selfhelp/store"
	"selfhelp/store/journal"
)

// recalledRoom is how many bytes of the executions of somebody a server is given that asks
// for them.
const recalledRoom = 4 << 20

// filesMost bounds the files that go with them: those that were sent last.
const filesMost = 20

// filesOf are the files that people sent in executions, as far as they are here.
func (p *Platform) filesOf(all []store.Recalled) (files []presentation.Content) {
	for _, one := range all {
		for _, u := range one.Turns {
			for _, hash := range journal.FilesIn(u.Events) {
				if len(files) < filesMost && p.Store.Files.Has(hash) {
					files = append(files, presentation.Content{Kind: presentation.FileKind, Hash: hash})
				}
			}
		}
	}
	return files
}

// bringRecalled gives a server what it lacks of the executions of those who look for them
// there.
func (p *Platform) bringRecalled(ctx context.Context, m *Member, s presentation.State) error {
	for _, want := range s.Wants {
		all, err := p.Store.Activity.Recalled(ctx, want.User, want.Had, presentation.RecalledMost, recalledRoom)
		if err != nil {
			return err
		}
		err = p.sendMissing(ctx, m, p.filesOf(all), p.open)
		var body []byte
		if err == nil {
			body, err = json.Marshal(presentation.Recalled{User: want.User, Executions: all})
		}
		if err == nil {
			_, err = p.ask(ctx, m, "POST", "recalled", nil, body)
		}
		if err != nil {
			return fmt.Errorf("give it the executions that somebody looks for: %w", err)
		}
	}
	return nil
}
