package store

import (
	"testing"
	"time"

	"selfhelp/app/procedure"
)

func TestNotes(t *testing.T) {
	s, c := open(t)
	ctx := t.Context()
	began := func(project, uid string, test bool) string {
		return journey(t, s, Execution{Project: project, Procedure: uid, Alias: "a", Version: "1.0", Started: c.now(), Test: test}, 2, procedure.Solved)
	}
	one, other, tried := began("p", "u", false), began("q", "u", false), began("p", "u", true)
	for _, id := range []string{one, other, tried} {
		c.pass(time.Second)
		must[int64](t)(s.Activity.AddPostit(ctx, Postit{Execution: id, Within: "sub", Step: "printer", Text: "the cable is not here", At: c.now()}))
		c.pass(time.Second)
		check(t, s.Activity.SetFeedback(ctx, Feedback{Execution: id, Step: "end", Scale: procedure.ScaleFive, Score: 2, Comment: "too long", At: c.now()}))
		check(t, s.Activity.SetFeedback(ctx, Feedback{Execution: id, Step: "other", Scale: procedure.ScaleFive, Score: 5, At: c.now()}))
	}
	all := must[[]Note](t)(s.Activity.Notes(ctx, NoteFilter{Project: "p"}))
	if len(all) != 2 || all[0].Kind != NoteOpinion || all[0].Score != 2 || all[0].Procedure != "u" || all[1].Procedure != "sub" || all[1].Entry != "u" || all[1].Version != "1.0" {
		t.Fatalf("got %+v", all)
	}
	for f, want := range map[NoteFilter]int{
		{Project: "p", Kind: NotePostit}:                    1,
		{Project: "p", Text: "CABLE"}:                       1,
		{Project: "p", Procedure: "sub"}:                    1,
		{Project: "p", Procedure: "none"}:                   0,
		{Project: "p", State: NotesDone}:                    0,
		{Project: "p", After: all[0].Cursor()}:              1,
		{Project: "p", After: all[1].Cursor()}:              0,
		{Project: "p", State: NotesOpen, Limit: 1}:          1,
		{Project: "q", State: NotesOpen, Kind: NoteOpinion}: 1,
	} {
		if got := must[[]Note](t)(s.Activity.Notes(ctx, f)); len(got) != want {
			t.Errorf("%+v: %d notes, want %d", f, len(got), want)
		}
	}
	keys := []string{all[0].Key, all[1].Key, "postit-999", "opinion-none-end", "strange"}
	if n := must[int64](t)(s.Activity.SetNotesDone(ctx, "q", keys, true)); n != 0 {
		t.Errorf("%d notes of another project closed", n)
	}
	if n := must[int64](t)(s.Activity.SetNotesDone(ctx, "p", keys, true)); n != 2 {
		t.Errorf("%d closed", n)
	}
	if n := must[int64](t)(s.Activity.CountOpenNotes(ctx, "p")); n != 0 {
		t.Errorf("%d open", n)
	}
	if n := must[int64](t)(s.Activity.SetNotesDone(ctx, "p", keys[:1], false)); n != 1 {
		t.Errorf("%d opened again", n)
	}
	check(t, s.Activity.AnswerNote(ctx, "p", all[0].Key, time.Time{}, "shorter now", "ada"))
	if err := s.Activity.AnswerNote(ctx, "q", all[0].Key, time.Time{}, "not mine", "ada"); err == nil {
		t.Error("a note of another project was answered")
	}
	answered := must[[]Note](t)(s.Activity.Notes(ctx, NoteFilter{Project: "p", Text: "shorter"}))
	if len(answered) != 1 || answered[0].Done.IsZero() || answered[0].AnsweredBy != "ada" {
		t.Errorf("got %+v", answered)
	}
	if got := must[map[string]string](t)(s.Activity.OpinionAnswers(ctx, one)); got["end"] != "shorter now" {
		t.Errorf("got %v", got)
	}
	// Other words open it again; the same ones do not.
	check(t, s.Activity.SetFeedback(ctx, Feedback{Execution: one, Step: "end", Scale: procedure.ScaleFive, Score: 3, Comment: "too long", At: c.now()}))
	still := must[int64](t)(s.Activity.CountOpenNotes(ctx, "p"))
	check(t, s.Activity.SetFeedback(ctx, Feedback{Execution: one, Step: "end", Scale: procedure.ScaleFive, Score: 3, Comment: "still too long", At: c.now()}))
	if again := must[int64](t)(s.Activity.CountOpenNotes(ctx, "p")); still != 0 || again != 1 {
		t.Errorf("%d open, then %d", still, again)
	}
}
