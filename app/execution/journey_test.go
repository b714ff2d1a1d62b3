package execution

import "testing"

const lampSteps = `
- id: start
  start: {}
  next: ask
- id: ask
  title: {fr: "La lampe est-elle allumée ?", en: "Is the lamp on?"}
  text: {fr: "Regardez **la lampe**.", en: "Look at **the lamp**."}
  question:
    answers:
      - {id: "on", text: {fr: Allumée, en: "On"}, to: solved}
      - {id: "off", text: {fr: Éteinte, en: "Off"}, to: plug}
- id: plug
  title: {fr: Branchez-la, en: Plug it in}
  page: {}
  next: ask2
- id: ask2
  title: {fr: "Et maintenant ?", en: "And now?"}
  confirm: {yes: solved, "no": unsolved}
- id: solved
  end: {outcome: solved, feedback: true}
- id: unsolved
  end: {outcome: unsolved}
`

func TestJourney(t *testing.T) {
	lib := steps(t, lampSteps)
	turn := start(t, lib)
	wantShowing(t, turn, "ask")
	turn = post(t, lib, turn, "answer", "off")
	wantShowing(t, turn, "plug")
	turn = post(t, lib, turn, "answer", "next")
	wantShowing(t, turn, "ask2")
	turn = advance(t, lib, turn, Input{Kind: DoBack})
	wantShowing(t, turn, "plug")
	turn = advance(t, lib, turn, Input{Kind: DoBack})
	wantShowing(t, turn, "ask")
	if !turn.Page.Answers[1].Chosen {
		t.Errorf("the answer given before is not chosen: %s", asJSON(turn.Page))
	}
	turn = post(t, lib, turn, "answer", "on")
	wantShowing(t, turn, "end:solved")
	t.Log(asJSON(turn.Page))
	t.Log(asJSON(turn.Events))
}
