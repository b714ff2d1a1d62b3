package execution

import (
	"sync"
	"testing"
)

// TestProgramsAreShared runs many journeys at once through one program that
// nobody has used before.
func TestProgramsAreShared(t *testing.T) {
	lib := steps(t, everyFieldSteps)
	good := with(with(gooded, "url", "example.org/a"), "number", 12.5)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				turn, err := Start(lib, Context{ID: "x1", Entry: uid("main"), Language: "en"}, monday)
				if err != nil {
					t.Error(err)
					return
				}
				if next, err := Advance(lib, turn.State, Input{Kind: DoAnswer, Data: good}, monday); err != nil || showing(next) != "after" {
					t.Errorf("%v %v", err, next.Problems)
				}
			}
		})
	}
	all.Wait()
}
