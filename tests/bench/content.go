package main

import (
	"fmt"
	"math/big"

	"selfhelp/app/procedure"
)

// stepsEach is how many steps a generated procedure has.
const stepsEach = 20

// generated is a public project of many procedures of 20 steps: a Start, a
// chain of questions of three answers with a text each, an End.
func generated(procedures int) *procedure.Project {
	p := &procedure.Project{
		Schema: procedure.Schema, UID: uid(0), Alias: "bench", Name: procedure.T("Mesures", "Measures"), Languages: []string{"fr", "en"}, Public: true,
	}
	for i := 1; i <= procedures; i++ {
		p.Procedures = append(p.Procedures, generatedProcedure(i))
	}
	return p
}

func uid(n int) string {
	var random [16]byte
	big.NewInt(int64(n) + 1<<40).FillBytes(random[:])
	return procedure.NewUID(random)
}

func alias(i int) string { return fmt.Sprintf("procedure-%d", i) }

func generatedProcedure(i int) *procedure.Procedure {
	p := &procedure.Procedure{
		Schema: procedure.Schema, UID: uid(i), Alias: alias(i), Entry: true,
		Title:     procedure.T(fmt.Sprintf("L’appareil numéro %d ne répond plus", i), fmt.Sprintf("Device number %d no longer answers", i)),
		Variables: []procedure.Variable{{Name: "tries", Type: procedure.TypeNumber, Default: "0"}},
	}
	p.Steps = append(p.Steps, procedure.Step{ID: "start", Start: &procedure.Start{}, Next: "ask_1"})
	for n := 1; n <= stepsEach-2; n++ {
		next := fmt.Sprintf("ask_%d", n+1)
		if n == stepsEach-2 {
			next = "end"
		}
		p.Steps = append(p.Steps, procedure.Step{
			ID: fmt.Sprintf("ask_%d", n), Next: next,
			Title: procedure.T(fmt.Sprintf("Que montre le voyant %d ?", n), fmt.Sprintf("What does light %d show?", n)),
			Text:  procedure.T("Regardez **derrière** l’appareil. Essai n° {{ var.tries + 1 }}.", "Look at the **back** of the device. Try no. {{ var.tries + 1 }}."),
			Question: &procedure.Question{Answers: []procedure.Answer{
				{ID: "green", Text: procedure.T("Il est vert", "It is green")},
				{ID: "red", Text: procedure.T("Il est rouge", "It is red")},
				{ID: "off", Text: procedure.T("Il est éteint", "It is off")},
			}},
		})
	}
	p.Steps = append(p.Steps, procedure.Step{ID: "end", Title: procedure.T("C’est réparé", "It is mended"), End: &procedure.End{Outcome: procedure.Solved}})
	return p
}
