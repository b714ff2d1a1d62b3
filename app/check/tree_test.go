package check_test

import (
	"testing"

	. "selfhelp/app/procedure"
)

func TestTree(t *testing.T) {
	run(t, []scene{
		{"no start", func(p *Project) { p.Procedures[0].Steps = p.Procedures[0].Steps[1:] }, []string{"error no_start /steps"}},
		{"two starts", func(p *Project) {
			p.Procedures[0].Steps = append(p.Procedures[0].Steps, Step{ID: "start_2", Next: "ask_lamp", Start: &Start{}})
		}, []string{"error two_starts start_2/"}},
		{"a step without a type", func(p *Project) { *lampStep(p, "again") = Step{ID: "again"} },
			[]string{"error no_part again/", "warning unreachable hand/"}},
		{"a step of two types", func(p *Project) { lampStep(p, "solved").Wait = &Wait{Seconds: "1"} },
			[]string{"error several_parts solved/"}},
		{"an answer that leads nowhere", func(p *Project) { lampStep(p, "ask_lamp").Question.Answers[0].To = "" },
			[]string{"error answer_leads_nowhere ask_lamp/answers.yes.to", "warning unreachable solved/"}},
		{"a form that leads nowhere", func(p *Project) { lampStep(p, "details").Next = "" },
			[]string{"error way_missing details/next", "warning unreachable again/", "warning unreachable hand/"}},
		{"a jump that leads nowhere", func(p *Project) { lampStep(p, "again").Jump.To = "" }, []string{"error way_missing again/to"}},
		{"to a step that is not there", func(p *Project) { lampStep(p, "details").Next = "gone" },
			[]string{"error unknown_step details/next", "warning unreachable again/", "warning unreachable hand/"}},
		{"to the start", func(p *Project) { lampStep(p, "details").OnError = "start" }, []string{"error to_start details/on_error"}},
		{"to a frame", func(p *Project) {
			lampStep(p, "details").OnError = "box"
			p.Procedures[0].Steps = append(p.Procedures[0].Steps, Step{ID: "box", Box: &Box{}})
		}, []string{"error to_layout details/on_error"}},
		{"a step nobody reaches", func(p *Project) {
			p.Procedures[0].Steps = append(p.Procedures[0].Steps, Step{ID: "lost", Next: "hand", Title: T("Perdu", "Lost"), Confirm: &Confirm{}})
		}, []string{"warning unreachable lost/"}},
		{"pages in a circle", func(p *Project) {
			lampStep(p, "ask_lamp").Question.Answers[0].To = "details"
			lampStep(p, "details").Next = "ask_lamp"
		}, []string{"error no_way_out start/", "warning unreachable again/", "warning unreachable hand/", "warning unreachable solved/"}},
		{"the same id twice", func(p *Project) {
			p.Procedures[0].Steps = append(p.Procedures[0].Steps, Step{ID: "hand", Title: T("x", "x"), End: &End{Outcome: Solved}})
		}, []string{"error duplicate hand/id"}},
		{"a condition at an end", func(p *Project) { lampStep(p, "hand").When = "true" }, []string{"error no_condition hand/when"}},
		{"frames", func(p *Project) {
			p.Procedures[0].Steps = append(p.Procedures[0].Steps, Step{ID: "a", Frame: "b", Box: &Box{}}, Step{ID: "b", Frame: "a", Box: &Box{}})
			lampStep(p, "hand").Frame = "b"
			lampStep(p, "solved").Frame = "hand"
		}, []string{"error unknown_frame solved/frame", "error frame_loop a/frame", "error frame_loop b/frame"}},
		{"many frames", func(p *Project) {
			frame := ""
			for _, id := range []string{"a", "b", "c", "d", "e", "f", "g"} {
				p.Procedures[0].Steps = append(p.Procedures[0].Steps, Step{ID: id, Frame: frame, Box: &Box{}})
				frame = id
			}
		}, []string{"error frames_deep g/frame"}},
		{"a note beside nothing", func(p *Project) {
			p.Procedures[0].Steps = append(p.Procedures[0].Steps, Step{ID: "n", Sticky: &Sticky{Beside: "gone"}}, Step{ID: "m", Sticky: &Sticky{Beside: "start"}})
		}, []string{"error unknown_step n/beside"}},
	})
}

// roundBy makes the step that jumps back one that goes back by its own ways.
func roundBy(s Step) func(*Project) {
	return func(p *Project) {
		put(s)(p)
		lampStep(p, "again").Next = "hand"
	}
}

func TestEndlessRounds(t *testing.T) {
	loud := "ask_lamp" // a page in the round makes it harmless
	run(t, []scene{
		{"a test that goes back to itself", roundBy(Step{Test: &Test{Rules: []Rule{{ID: "r", If: "user.attributes.vip", To: "again"}}}}), []string{"error endless again/"}},
		{"a test that goes back to a page", roundBy(Step{Test: &Test{Rules: []Rule{{ID: "r", If: "user.attributes.vip", To: loud}}}}), nil},
		{"an error that goes back to itself", roundBy(Step{OnError: "again", Log: &Log{Key: "a", Value: "1"}}), []string{"error endless again/"}},
		{"a page that may fail in a circle", func(p *Project) { lampStep(p, "details").OnError = "details" }, []string{"error endless details/"}},
		{"a page that is passed over in a circle", func(p *Project) {
			lampStep(p, "details").When = "user.attributes.vip"
			lampStep(p, "again").Jump = nil
			lampStep(p, "again").Switch = &Switch{On: "user.attributes.room", Cases: []Case{{ID: "a", Is: "1", To: "details"}}}
		}, []string{"error endless details/"}},
		{"waiting is not a page", func(p *Project) {
			roundBy(Step{Test: &Test{Rules: []Rule{{ID: "r", If: "user.attributes.vip", To: "pause"}}}})(p)
			p.Procedures[0].Steps = append(p.Procedures[0].Steps, Step{ID: "pause", Next: "again", Wait: &Wait{Seconds: "5"}})
		}, []string{"error endless again/"}},
		{"a jump is counted", func(p *Project) {
			put(Step{Jump: &Jump{To: "again"}})(p)
		}, nil},
		{"a jump whose next comes back to it is not", func(p *Project) {
			lampStep(p, "again").Next = "log"
			p.Procedures[0].Steps = append(p.Procedures[0].Steps, Step{ID: "log", Next: "again", OnError: "hand", Log: &Log{Key: "a", Value: "1"}})
		}, []string{"error endless again/"}},
		{"a loop over a list is counted", func(p *Project) {
			put(Step{Each: &Each{List: "user.attributes.rooms", Item: "room_now", Body: "log"}})(p)
			p.Procedures[0].Steps = append(p.Procedures[0].Steps, Step{ID: "log", Next: "again", Log: &Log{Key: "a", Value: "var.room_now"}})
		}, nil},
		{"a loop that is begun again and again is not", func(p *Project) {
			put(Step{Each: &Each{List: "user.attributes.rooms", Item: "room_now", Body: "log"}})(p)
			lampStep(p, "again").Next = "log"
			p.Procedures[0].Steps = append(p.Procedures[0].Steps, Step{ID: "log", Next: "again", OnError: "hand", Log: &Log{Key: "a", Value: "1"}})
		}, []string{"error endless again/"}},
		{"a loop whose body leaves it", func(p *Project) {
			put(Step{Each: &Each{List: "user.attributes.rooms", Item: "room_now", Body: "solved"}})(p)
		}, []string{"warning each_leaves again/body"}},
		{"a call of a procedure that shows a page", func(p *Project) { callInCircle(p) }, nil},
		{"a call of one that does not", func(p *Project) {
			callInCircle(p)
			*p.Procedures[1].Step("ask") = Step{ID: "ask", Next: "end", Log: &Log{Key: "a", Value: "1"}}
		}, []string{"error endless again/"}},
		{"a call of one that may not", func(p *Project) {
			callInCircle(p)
			p.Procedures[1].Step("ask").When = "param.floor > 2"
		}, []string{"error endless again/"}},
	})
}

// callInCircle lets the lamp's procedure call the other one again and again.
func callInCircle(p *Project) {
	put(Step{Call: &Call{Procedure: subUID, Inputs: []Binding{{Name: "room", Value: `"A1"`}}, Outcomes: []OnEnd{{Outcome: Solved, To: "again"}}}})(p)
}

func TestCalls(t *testing.T) {
	third := func(p *Project, steps ...Step) {
		all := append([]Step{{ID: "start", Next: "call", Start: &Start{}}}, steps...)
		all = append(all, Step{ID: "end", Title: T("Fini", "Done"), End: &End{Outcome: Solved}})
		p.Procedures = append(p.Procedures, &Procedure{Schema: 1, UID: thirdID, Alias: "third", Title: T("Trois", "Three"), Steps: all})
	}
	call := func(c Call) func(*Project) {
		if c.Procedure == "" {
			c.Procedure = subUID
		}
		if c.Inputs == nil {
			c.Inputs = []Binding{{Name: "room", Value: "user.attributes.room"}}
		}
		return put(Step{Call: &c})
	}
	run(t, []scene{
		{"a good call", call(Call{Inputs: []Binding{{Name: "room", Value: "var.room"}, {Name: "floor", Value: "3"}}, Outputs: []Binding{{Name: "tries", Value: "result.n"}}}), nil},
		{"a procedure that is not there", call(Call{Procedure: thirdID}), []string{"error unknown_procedure again/procedure"}},
		{"no procedure", put(Step{Call: &Call{}}), []string{"error required again/procedure"}},
		{"an input that is not given", call(Call{Inputs: []Binding{{Name: "floor", Value: "1"}}}), []string{"error input_missing again/inputs"}},
		{"an input that is not there", call(Call{Inputs: []Binding{{Name: "room", Value: "user.attributes.room"}, {Name: "wing", Value: "1"}}}),
			[]string{"error unknown_callee_input again/inputs.wing"}},
		{"an input twice", call(Call{Inputs: []Binding{{Name: "room", Value: "user.attributes.room"}, {Name: "room", Value: "user.attributes.room"}}}),
			[]string{"error duplicate again/inputs.room"}},
		{"an input of a wrong type", call(Call{Inputs: []Binding{{Name: "room", Value: "12"}, {Name: "floor", Value: `"three"`}}}),
			[]string{"error wrong_type again/inputs.room", "error wrong_type again/inputs.floor"}},
		{"a variable of a wrong type", call(Call{Inputs: []Binding{{Name: "room", Value: "var.tries"}}}), []string{"error wrong_type again/inputs.room"}},
		{"an output that is not there", call(Call{Outputs: []Binding{{Name: "tries", Value: "result.m"}}}), []string{"error unknown_output again/outputs.tries"}},
		{"an output into nothing", call(Call{Outputs: []Binding{{Name: "trys", Value: "result.n"}}}), []string{"error unknown_variable again/outputs.trys"}},
		{"an output twice", call(Call{Outputs: []Binding{{Name: "tries", Value: "result.n"}, {Name: "tries", Value: "result.n"}}}), []string{"error duplicate again/outputs.tries"}},
		{"an output of a wrong type", call(Call{Outputs: []Binding{{Name: "room", Value: "result.n"}}}), []string{"error wrong_type again/outputs.room"}},
		{"an outcome that never is", call(Call{Outcomes: []OnEnd{{Outcome: Escalated, To: "hand"}}}), []string{"warning outcome_never again/outcomes.escalated"}},
		{"a procedure that calls itself", func(p *Project) {
			third(p, Step{ID: "call", Next: "end", Call: &Call{Procedure: thirdID}})
		}, []string{"error recursion call/procedure"}},
		{"by way of another", func(p *Project) {
			third(p, Step{ID: "call", Next: "end", Call: &Call{Procedure: lampUID}})
			call(Call{Procedure: thirdID, Inputs: []Binding{}})(p)
		}, []string{"error recursion again/procedure", "error recursion call/procedure"}},
		{"ends that give different things", func(p *Project) {
			sub := p.Procedures[1]
			sub.Steps = append(sub.Steps, Step{ID: "bad", Title: T("x", "x"), End: &End{Outcome: Unsolved, Outputs: []Output{{Name: "n", Type: TypeText, Value: "1"}}}})
			sub.Step("ask").OnError = "bad"
		}, []string{"error output_type sub:bad/outputs.n", "error wrong_type sub:bad/outputs.n"}},
		{"an abandoned end", func(p *Project) { lampStep(p, "hand").End.Outcome = Abandoned }, []string{"error abandoned hand/outcome"}},
		{"no outcome", func(p *Project) { lampStep(p, "hand").End.Outcome = "" }, []string{"error required hand/outcome"}},
		{"an unknown outcome", func(p *Project) { lampStep(p, "hand").End.Outcome = "won" }, []string{"error closed_list hand/outcome"}},
		{"calls that go too deep", func(p *Project) {
			for i := range 22 {
				uid := "ccccccccccccccccccccccccc" + string(rune('a'+i))
				steps := []Step{{ID: "start", Next: "end", Start: &Start{}}, {ID: "end", Title: T("Fini", "Done"), End: &End{Outcome: Solved}}}
				if i > 0 {
					steps[0].Next = "call"
					steps = append(steps, Step{ID: "call", Next: "end", Call: &Call{Procedure: p.Procedures[len(p.Procedures)-1].UID}})
				}
				p.Procedures = append(p.Procedures, &Procedure{Schema: 1, UID: uid, Alias: "deep-" + string(rune('a'+i)), Title: T("x", "x"), Steps: steps})
			}
		}, []string{"error call_depth call/procedure"}},
	})
}
