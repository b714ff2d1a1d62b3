package load

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"
)

// Report is what the people saw, as programs read it. Times are in milliseconds.
type Report struct {
	Address        string    `json:"address"`
	People         int       `json:"people"`
	Seconds        float64   `json:"seconds"` // how long it lasted
	ThinkMS        float64   `json:"think_ms"`
	PatienceMS     float64   `json:"patience_ms"`
	Rate           float64   `json:"rate"`        // journeys begun a second at most; 0: as they came
	Interrupted    bool      `json:"interrupted"` // it was ended early
	Shut           bool      `json:"shut"`        // it ended by itself: strangers can begin nothing there
	Journeys       Journeys  `json:"journeys"`
	Scenarios      *Played   `json:"scenarios,omitempty"`
	Pages          int       `json:"pages"` // that came
	PagesPerSecond float64   `json:"pages_per_second"`
	PagesAJourney  float64   `json:"pages_a_journey"` // of those that could be begun
	Latency        Latency   `json:"latency"`
	Kinds          []Kind    `json:"kinds"`
	Errors         int       `json:"errors"`
	ErrorKinds     []Failure `json:"error_kinds"`
}

// Journeys are how many there were, and how they ended.
type Journeys struct {
	Begun    int `json:"begun"`
	Finished int `json:"finished"`
	Closed   int `json:"closed"`   // not for strangers, or not there
	Refused  int `json:"refused"`  // given up: a page took nothing that was written into it
	Stuck    int `json:"stuck"`    // given up: a page without a way on
	TooLong  int `json:"too_long"` // given up: no end in so many pages
	Broken   int `json:"broken"`   // by an error
	Unended  int `json:"unended"`  // under way when the time was up
}

// Played are how the scenarios were followed.
type Played struct {
	Given    int      `json:"given"`
	Followed int      `json:"followed"` // journeys that went as a scenario says
	Left     int      `json:"left"`     // journeys that went another way
	Aside    []string `json:"aside"`    // scenarios that a stranger cannot begin
}

// Latency is how long pages took: half of them this long at most, 95 of 100, 99 of
// 100, and the slowest.
type Latency struct {
	P50     float64 `json:"p50_ms"`
	P95     float64 `json:"p95_ms"`
	P99     float64 `json:"p99_ms"`
	Longest float64 `json:"longest_ms"`
}

// Kind are the pages of one kind.
type Kind struct {
	Name    string  `json:"name"` // portal, start, step or outcome
	Pages   int     `json:"pages"`
	Latency Latency `json:"latency"`
}

// Failure is one kind of error.
type Failure struct {
	Kind  string `json:"kind"` // timeout, connection, elsewhere, unreadable or a status
	Count int    `json:"count"`
	First string `json:"first"` // how it was said the first time
}

// report says what was seen.
func (c *crowd) report(t tally, took time.Duration, interrupted bool) Report {
	r := Report{
		Address: c.home.Scheme + "://" + c.home.Host, People: c.plan.People, Seconds: hundredths(took.Seconds()),
		ThinkMS: milliseconds(c.plan.Think), PatienceMS: milliseconds(c.plan.Patience), Rate: c.plan.Rate, Interrupted: interrupted, Shut: c.isShut(),
		Journeys: journeysOf(t.journeys), Errors: t.failed(), ErrorKinds: failuresOf(t.failures), Kinds: []Kind{},
	}
	var all []time.Duration
	for _, k := range kinds {
		all = append(all, t.took[k]...)
		r.Kinds = append(r.Kinds, Kind{string(k), len(t.took[k]), latencyOf(t.took[k])})
	}
	r.Pages, r.Latency = len(all), latencyOf(all)
	if took > 0 {
		r.PagesPerSecond = hundredths(float64(t.inTime) / took.Seconds())
	}
	if begun := r.Journeys.Begun - r.Journeys.Closed; begun > 0 {
		r.PagesAJourney = hundredths(float64(r.Pages) / float64(begun))
	}
	if len(c.plan.Scripts) > 0 {
		aside := c.setAsides()
		r.Scenarios = &Played{len(c.plan.Scripts), t.followed[false], t.followed[true], append([]string{}, aside...)}
	}
	return r
}

func journeysOf(ends map[ending]int) Journeys {
	j := Journeys{
		Finished: ends[finished], Closed: ends[closed], Refused: ends[refused], Stuck: ends[stuck], TooLong: ends[tooLong], Broken: ends[broken], Unended: ends[unended],
	}
	for _, n := range ends {
		j.Begun += n
	}
	return j
}

// failuresOf lists the most frequent first.
func failuresOf(found map[cause]failures) []Failure {
	list := []Failure{}
	for _, why := range slices.Sorted(maps.Keys(found)) {
		list = append(list, Failure{string(why), found[why].count, found[why].first})
	}
	slices.SortStableFunc(list, func(a, b Failure) int { return cmp.Compare(b.Count, a.Count) })
	return list
}

// latencyOf sorts what it is given.
func latencyOf(took []time.Duration) Latency {
	if len(took) == 0 {
		return Latency{}
	}
	slices.Sort(took)
	within := func(percent int) float64 {
		return milliseconds(took[(len(took)*percent+99)/100-1])
	}
	return Latency{within(50), within(95), within(99), milliseconds(took[len(took)-1])}
}

func hundredths(n float64) float64 { return math.Round(n*100) / 100 }

func milliseconds(d time.Duration) float64 {
	return float64(d.Round(10*time.Microsecond)) / float64(time.Millisecond)
}
