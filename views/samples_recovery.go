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
	guide := AdminGuide{
		Office: office("guide", base.T("guide.title")), Here: 1,
		Chapters: []ui.Place{{Name: "Ce qu’il y a à garder", URL: "/admin/guide/start"}, {Name: "La copie au second site", URL: "/admin/guide/copy"}, {Name: "Les sauvegardes", URL: "/admin/guide/backup"}},
		Text: `<p>Le serveur copie ses bases lui-même, voir <a href="backup">Les sauvegardes</a>.</p><h2>Un dossier monté</h2><pre><code>selfhelp replica init /mnt/second-site
selfhelp serve --config litestream.yml --data /var/lib/selfhelp --site lyon --new</code></pre><aside class="callout callout-warning"><p class="callout-title">Attention</p><p>Gardez le dossier <code>keys</code> ailleurs.</p></aside><table><thead><tr><th>Cible</th><th>Quand</th></tr></thead><tbody><tr><td>SFTP</td><td>vous avez un serveur avec SSH</td></tr></tbody></table>`,
	}
	return []Sample{{"admin-guide", guide}, {"admin-recovery", calm}, {"admin-recovery-going", going}, {"admin-recovery-bare", bare}}
}
