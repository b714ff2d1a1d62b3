package intake

import (
	"maps"
	"slices"
	"strconv"
	"sync"

	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/app/transfer/roster"
	"selfhelp/app/web/frame"
	"selfhelp/store"
)

// linesAtOnce is how many lines are kept in one transaction.
const linesAtOnce = 200

// applyImport keeps what the lines of a plan say, some at a time, and returns how
// many that were and what is wrong with those that could not be kept. One that
// is interrupted can be brought in again: what was kept is unchanged then.
func (s *Intake) applyImport(v *frame.Visit, o *outset, changes []roster.Change) (failed map[int][]roster.Problem, done int, err error) {
	defer s.Sessions.Forget()
	failed = map[int][]roster.Problem{}
	wanted := slices.DeleteFunc(slices.Clone(changes), func(c roster.Change) bool { return c.Deed != roster.Create && c.Deed != roster.Update })
	for batch := range slices.Chunk(wanted, linesAtOnce) {
		lines := o.rosters(batch)
		err := s.Content.SaveRoster(v.Context(), lines, v.Who.ID)
		if canBeLeftOut(err) {
			err = s.oneByOne(v, batch, lines, failed)
		}
		if err != nil {
			return nil, done, err
		}
		done += len(batch)
	}
	done -= len(failed)
	return failed, done, s.Content.Audit(v.Context(), v.Who.ID, "user.import", "", map[string]string{"imported": strconv.Itoa(done)})
}

// canBeLeftOut reports whether a failure is that of one line, not of the import.
func canBeLeftOut(err error) bool {
	kind := fault.KindOf(err)
	return err != nil && (kind == fault.Conflict || kind == fault.Invalid || kind == fault.NotFound)
}

// oneByOne keeps the lines of a batch that was refused, except those that are.
func (s *Intake) oneByOne(v *frame.Visit, batch []roster.Change, lines []store.Roster, failed map[int][]roster.Problem) error {
	for i, line := range lines {
		err := s.Content.SaveRoster(v.Context(), []store.Roster{line}, v.Who.ID)
		if err != nil && !canBeLeftOut(err) {
			return err
		}
		if err != nil {
			failed[batch[i].Line] = problemsOf(err)
		}
	}
	return nil
}

// problemsOf are what is wrong with a line that could not be kept: with some of its
// fields, or with all of it.
func problemsOf(err error) (list []roster.Problem) {
	fields := fault.FieldsOf(err)
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		key, args := fault.FieldText(err, field)
		list = append(list, roster.Problem{Field: roster.Field(field), Key: key, Args: args})
	}
	if len(list) == 0 {
		key, args := fault.TextOf(err)
		list = append(list, roster.Problem{Key: key, Args: args})
	}
	return list
}

// rosters are lines as the store keeps them, their passwords hashed.
func (o *outset) rosters(batch []roster.Change) []store.Roster {
	lines := make([]store.Roster, len(batch))
	var hashing sync.WaitGroup
	turns := make(chan struct{}, login.AtOnce()) // those who sign in meanwhile come between
	for i, c := range batch {
		moves := c.Deed == roster.Create || slices.ContainsFunc(c.Diffs, func(d roster.Diff) bool { return d.Field == roster.Domains || d.Field == roster.Groups })
		lines[i] = store.Roster{User: rostered(o.known[c.Was.ID].User, c.Now), Moves: moves, Domains: c.Now.Domains, Groups: c.Now.Groups}
		if c.Password != "" {
			turns <- struct{}{}
			hashing.Go(func() {
				defer func() { <-turns }()
				lines[i].Password = login.Hash(c.Password)
			})
		}
	}
	hashing.Wait()
	return lines
}
