package load

import (
	"time"
)

// kind is what a page is to somebody who waits for it.
type kind string

const (
	kindPortal  kind = "portal"
	kindStart   kind = "start" // the first page of a journey
	kindStep    kind = "step"
	kindOutcome kind = "outcome"
)

var kinds = []kind{kindPortal, kindStart, kindStep, kindOutcome}

// ending is how a journey ended.
type ending string

const (
	finished ending = "finished"
	unended  ending = "unended"  // under way when the time was up
	broken   ending = "broken"   // by an error
	closed   ending = "closed"   // not for strangers, or not there
	refused  ending = "refused"  // a page took nothing that was written into it
	stuck    ending = "stuck"    // a page without a way on
	tooLong  ending = "too_long" // it did not end in so many pages
)

// cause is why a page did not come; a status is one by itself.
type cause string

const (
	timeout    cause = "timeout"
	connection cause = "connection"
	elsewhere  cause = "elsewhere"  // it led to another server
	unreadable cause = "unreadable" // it is no page of ours
)

// failures are how often something failed, and how it was said first.
type failures struct {
	count int
	first string
}

// tally is what somebody saw.
type tally struct {
	took     map[kind][]time.Duration
	inTime   int // pages that came before the end
	journeys map[ending]int
	failures map[cause]failures
	followed map[bool]int // journeys by a script: left → how many
}

func newTally() tally {
	return tally{took: map[kind][]time.Duration{}, journeys: map[ending]int{}, failures: map[cause]failures{}, followed: map[bool]int{}}
}

// arrived counts a page.
func (t *tally) arrived(k kind, took time.Duration, inTime bool) {
	t.took[k] = append(t.took[k], took)
	if inTime {
		t.inTime++
	}
}

// fail counts something that went wrong.
func (t *tally) fail(why cause, said string) {
	f := t.failures[why]
	if f.count++; f.count == 1 {
		f.first = said
	}
	t.failures[why] = f
}

// failed is how much went wrong.
func (t *tally) failed() (n int) {
	for _, f := range t.failures {
		n += f.count
	}
	return n
}

// add joins what somebody else saw.
func (t *tally) add(other tally) {
	t.inTime += other.inTime
	for k, took := range other.took {
		t.took[k] = append(t.took[k], took...)
	}
	for end, n := range other.journeys {
		t.journeys[end] += n
	}
	for why, f := range other.failures {
		mine := t.failures[why]
		if mine.count == 0 {
			mine.first = f.first
		}
		mine.count += f.count
		t.failures[why] = mine
	}
	for left, n := range other.followed {
		t.followed[left] += n
	}
}
