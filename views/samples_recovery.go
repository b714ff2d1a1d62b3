package views

import (
	"time"

	"selfhelp/views/ui"
)

func adminRecoverySamples(base ui.Chrome, office officeOf) []Sample {
	at := func(minute int) time.Time { return time.Date(2026, 11, 3, 14, minute, 0, 0, time.UTC) }
	calm := AdminRecovery{Office: office("recovery", base.T("plan.title")), Copy: &CopyFact{Target: "https://metz.example.org:443/replica", Epoch: "e0003-lyon", Well: true}, Mails: true, TextMost: 2000, Addresses: "dsi@example.org\nastreinte@example.org", Version: 2}
	bare := calm
	bare.Copy, bare.Mails, bare.Addresses, bare.Wrong = nil, false, "dsi", map[string]string{"addresses": base.T("fault.recovery.addresses")}
	going := calm
	going.Run = RecoveryRun{Reason: "Lyon ne répond plus, alerte de la supervision", Begun: at(2), Now: 3, Phases: plan(), Log: []RecoveryEvent{
		{at(2), "Camille Moreau (camille.moreau)", "begin", 0, "Lyon ne répond plus, alerte de la supervision"},
		{at(6), "Camille Moreau (camille.moreau)", "done", 1, "L'hébergeur confirme un incendie dans la salle 2."},
		{at(8), "root@metz", "note", 2, "Mme Roux est jointe par téléphone"},
		{at(11), "Zoé Lefèvre (zoe)", "done", 2, ""},
	}}
	going.Run.Phases[0].Done, going.Run.Phases[1].Done = at(6), at(11)
	for _, n := range []int{2, 4, 6} {
		going.Run.Phases[n].Letter = true
	}
	going.Wrong = map[string]string{"text": base.T("fault.recovery.text")}
	past := going.Run
	past.Drill, past.Ended, past.Away, past.Reason = true, at(50), 9*time.Minute, base.T("plan.drill")
	calm.Past = []RecoveryRun{past}
	return []Sample{{"admin-recovery", calm}, {"admin-recovery-going", going}, {"admin-recovery-bare", bare}}
}
