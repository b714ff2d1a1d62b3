package store

import "selfhelp/store/db"

// dealings stand beside each transaction of activity.db: what its writes leave
// to be done at its end.
type dealings struct {
	tally     tally               // counters to add when the transaction is whole
	before    *standings          // those of the last commit
	standings map[string]Standing // of executions that took a turn
	outdated  bool                // executions were changed otherwise
}

func beside(t *db.Tx) *dealings { return t.Beside.(*dealings) }

// hooks keep the dealings of each transaction.
func (k *standings) hooks() db.Hooks {
	return db.Hooks{
		Begin: func() any { return &dealings{before: k, standings: map[string]Standing{}} },
		Ran: func(t *db.Tx, query string) {
			if outdating[query] {
				beside(t).outdated = true
			}
		},
		Settle: func(t *db.Tx) error { return beside(t).tally.add(t) },
		Committed: func(t *db.Tx) {
			k.committed(beside(t))
			k.happening.add(beside(t).tally.happened)
		},
	}
}
