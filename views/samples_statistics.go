package views

import (
	"time"

	"selfhelp/app/procedure"
	"selfhelp/app/report"
	"selfhelp/views/ui"
)

func statisticsSamples(base ui.Chrome) []Sample {
	full := StudioStatistics{
		Desk: sampleDesk(base, "statistics", base.T("desk.statistics")), Period: report.Ending(sampleNow, 30),
		Procedures: []ui.Place{{Name: "Mon imprimante n’imprime pas", URL: "printer"}, {Name: "Le VPN ne se connecte pas", URL: "vpn"}},
	}
	none := full
	first := none
	first.Live, first.Portal = "", ""
	days := sampleDays(full.Period)
	full.Count, full.Chart = report.Sum(full.Period, days), report.Draw(report.Trend(full.Period, days))
	full.Figures = []Figure{
		{Name: base.T("statistics.started"), Value: base.Words.Number(full.Count.Started), Change: base.T("statistics.up", 12, 30)},
		{Name: base.T("statistics.reached"), Value: base.T("percent", 64), Change: base.N("statistics.points_up", 3, 30), Note: base.T("statistics.reached_note")},
		{Name: base.T("statistics.took"), Value: base.Words.Duration(3*time.Minute + 12*time.Second), Change: base.T("statistics.down", 8, 30), Note: base.T("statistics.took_note")},
		{Name: base.T("statistics.abandoned"), Value: base.T("percent", 14), Change: base.T("statistics.same", 30), Note: base.T("statistics.abandoned_note")},
	}
	full.Leaks = []LeakLine{
		{Step: "Quel message voyez-vous ?", Procedure: "Le VPN ne se connecte pas", URL: "/studio/p/helpdesk/d/vpn?step=ask", Left: 12, Seen: 80, Percent: 15},
		{Step: "serial", Procedure: base.T("notes.procedure_gone"), Left: 3, Seen: 3, Percent: 100},
	}
	full.Latest = 100_000
	full.Busiest = []BusyLine{
		{UID: "printer", Title: "Mon imprimante n’imprime pas", Started: 210, Reached: 140, Abandoned: 21},
		{UID: "vpn", Title: "Le VPN ne se connecte pas", Started: 94, Reached: 51, Abandoned: 12},
	}
	weeks := full
	weeks.Period = report.Ending(sampleNow, 365)
	days = sampleDays(weeks.Period)
	weeks.Count, weeks.Chart = report.Sum(weeks.Period, days), report.Draw(report.Trend(weeks.Period, days))
	weeks.Procedure, weeks.Busiest, weeks.Leaks = "vpn", nil, nil
	return []Sample{{"studio-statistics", full}, {"studio-statistics-weeks", weeks}, {"studio-statistics-none", none}, {"studio-statistics-first", first}}
}

// sampleDays are invented days: quiet at weekends.
func sampleDays(p report.Period) (days []report.Day) {
	for i := range p.Days {
		on := p.From.AddDate(0, 0, i)
		n := int64(8 + i*7%11)
		if on.Weekday() == time.Saturday || on.Weekday() == time.Sunday {
			n = int64(i % 3)
		}
		days = append(days, report.Day{On: on, Count: report.Count{Started: n, Outcomes: map[procedure.Outcome]int64{
			procedure.Solved: n / 2, procedure.Informed: n / 8, procedure.Escalated: n / 6, procedure.Unsolved: n / 9, procedure.Abandoned: n / 7, procedure.Failed: n / 20,
		}}})
	}
	return days
}
