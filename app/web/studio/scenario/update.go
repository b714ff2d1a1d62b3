package scenario

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/studio"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// updatePage shows what a scenario would expect if what happens now is right.
func (s *Room) updatePage(w http.ResponseWriter, v *frame.Visit) error {
	d, err := s.deskOf(v)
	if err != nil {
		return err
	}
	return s.showUpdate(w, v, d, http.StatusOK)
}

func (s *Room) showUpdate(w http.ResponseWriter, v *frame.Visit, d desk, status int) error {
	now, err := s.present(v, d)
	if err != nil {
		return err
	}
	around, _, err := s.Desk(w, v, "scenarios", v.Words.T("scenario.update.title"))
	if err != nil {
		return err
	}
	page := views.UpdateScenario{
		Desk: around, ID: d.kept.Data.ID, Name: d.kept.Data.Name, Version: d.kept.Version, Seen: seenOf(now),
		Changes: s.changes(v, d, d.kept.Data, now), Cut: len(d.kept.Data.Moves) - len(now.Moves), Anew: status != http.StatusOK,
	}
	return frame.ShowStatus(w, v, status, page.View())
}

// update makes a scenario expect what happens now, if that is what the person
// was shown.
func (s *Room) update(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	version, err := versionOf(v)
	if err != nil {
		return err
	}
	d, err := s.deskOf(v)
	if err != nil {
		return err
	}
	now, err := s.present(v, d)
	if err != nil {
		return err
	}
	if version != d.kept.Version || v.PostFormValue("seen") != seenOf(now) {
		return s.showUpdate(w, v, d, http.StatusConflict)
	}
	_, err = s.Content.SaveScenario(v.Context(), d.project.ID, version, now)
	if fault.Is(err, fault.Conflict) {
		return s.showUpdate(w, v, d, http.StatusConflict)
	}
	if err != nil {
		return err
	}
	s.Say(w, ui.OK, "scenario.updated", now.Name)
	return frame.GoTo(w, v, studio.ScenariosURL(d.project.ID, now.ID))
}

// present is the scenario with the moves that can still be made, and what comes
// of them.
func (s *Room) present(v *frame.Visit, d desk) (*procedure.Scenario, error) {
	sc := *d.kept.Data
	for {
		played, err := s.run(v, d, &sc)
		if err != nil {
			return nil, err
		}
		can := len(sc.Moves)
		for _, f := range played.Differences {
			if f.Spot.N > 0 && string(f.Spot.Kind) == "move" {
				can = min(can, f.Spot.N-1)
			}
		}
		if can < len(sc.Moves) {
			sc.Moves = sc.Moves[:can]
			continue
		}
		sc.Expect = played.Happened.ExpectedOf(sc.Expect)
		return &sc, nil
	}
}

// seenOf is a mark of what a person was shown.
func seenOf(sc *procedure.Scenario) string {
	b, err := json.Marshal(sc)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:12])
}

// fact is a thing a scenario says, under a name that tells which.
type fact struct{ key, name, value string }

// changes tells what one scenario has otherwise than another.
func (s *Room) changes(v *frame.Visit, d desk, before, after *procedure.Scenario) (lines []string) {
	was, is := s.facts(v, d, before), s.facts(v, d, after)
	find := func(list []fact, key string) (fact, bool) {
		i := slices.IndexFunc(list, func(f fact) bool { return f.key == key })
		if i < 0 {
			return fact{}, false
		}
		return list[i], true
	}
	for _, f := range was {
		switch now, there := find(is, f.key); {
		case !there:
			lines = append(lines, v.Words.T("scenario.change.removed", f.name, f.value))
		case now.value != f.value:
			lines = append(lines, v.Words.T("scenario.change.changed", f.name, f.value, now.value))
		}
	}
	for _, f := range is {
		if _, there := find(was, f.key); !there {
			lines = append(lines, v.Words.T("scenario.change.added", f.name, f.value))
		}
	}
	return lines
}

// facts are what a scenario says, one by one.
func (s *Room) facts(v *frame.Visit, d desk, sc *procedure.Scenario) (list []fact) {
	t, e := v.Words.T, sc.Expect
	put := func(key, name, value string) { list = append(list, fact{key, name, value}) }
	put("name", t("scenario.name"), sc.Name)
	for i, m := range sc.Moves {
		title, does := "", answerWords(m.Answer)
		if m.Step != "" {
			title = d.tell.Step(m.Step)
		}
		if m.Do != "" {
			does = t("scenario.do." + m.Do)
		}
		put(fmt.Sprint("move", i), t("differs.at.move", i+1), t("scenario.move_words", title, does))
	}
	if e.Outcome != "" {
		put("outcome", t("differs.at.outcome"), d.tell.Outcome(e.Outcome))
	}
	if e.Showing != "" {
		put("showing", t("differs.at.showing"), d.tell.Step(e.Showing))
	}
	if e.Steps != nil {
		put("steps", t("scenario.steps"), d.tell.Path(e.Steps))
	}
	for _, text := range e.Texts {
		put("text "+text, t("scenario.text"), text)
	}
	for _, name := range sortedNames(e.Variables) {
		put("variable "+name, t("differs.at.variable", name), studio.Value(e.Variables[name]))
	}
	if e.Effects != nil {
		put("effects", t("scenario.effects"), d.tell.Path(stepsOf(e.Effects)))
	}
	return list
}
