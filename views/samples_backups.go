package views

import (
	"time"

	"selfhelp/views/ui"
)

// backupSamples are the calendar of a server with a replica and backups, of one whose
// disks and target do not answer, of one without a replica, and of one with nothing.
func backupSamples(base ui.Chrome, office officeOf) []Sample {
	today := time.Date(2026, 11, 27, 14, 5, 0, 0, time.UTC)
	line := "selfhelp restore --config /etc/selfhelp/litestream.yml --data /var/lib/selfhelp --backup /mnt/backups"
	page := AdminBackups{
		Office: office("backups", base.T("calendar.title")), Month: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Today: today, Begins: time.Monday,
		Previous: "/admin/backups?month=2026-10", Made: true, Copied: true, Target: "https://metz.example.org:443/replica", Fine: 5 * time.Minute, Coarse: 30 * time.Second,
		Periods: []BackupPeriod{{"e0002-metz", today.AddDate(0, 0, -6), today.AddDate(0, 0, -3), false}, {"e0003-lyon", today.AddDate(0, 0, -3), today, true}},
		Asked:   BackupAsked{At: "2026-11-27T14:05"},
	}
	for day := range 30 {
		date := page.Month.AddDate(0, 0, day)
		d := BackupDay{Date: date}
		switch {
		case day == 1:
			d.Fulls, d.Copies = 1, 1
		case day > 20 && day < 27:
			d.Fulls, d.Hourly, d.Replica = 1, 23, true
		case day == 20:
			d.Fulls, d.Hourly, d.Broken = 1, 21, 2
		}
		if d.Fulls > 0 {
			d.URL = "/admin/backups?month=2026-11&day=" + date.Format(time.DateOnly) + "#day"
		}
		page.Days = append(page.Days, d)
	}
	page.Days[26].Hourly = 12
	chosen := page
	chosen.Days = append([]BackupDay{}, page.Days...)
	chosen.Days[26].Chosen = true
	day := chosen.Days[26]
	day.From, day.Until, day.Line = day.Date, today, line+" --from replica --at 2026-11-27T14:05:00Z"
	at := func(hour int) time.Time { return time.Date(2026, 11, 27, hour, 0, 4, 0, time.UTC) }
	day.States = []BackupState{
		{Name: "20261127T140000Z-increment", At: at(14), Bytes: 1_400_000, Verified: at(14), Restored: true, Line: line + " --from backup --at 2026-11-27T14:00:04.12Z"},
		{Name: "20261127T130000Z-increment", At: at(13), Bytes: 1_200_000, Verified: at(13), Wrong: "/mnt/backups/20261127T130000Z-increment/content.ltx is damaged"},
		{Name: "20261127T020000Z-full", At: at(2), Full: true, Bytes: 221_000_000, Verified: at(2), Encrypted: true, Delivered: at(3), To: "sftp://copies@files.example.org:22/selfhelp", Line: line + " --from backup --at 2026-11-27T02:00:04.7Z --identity FILE"},
	}
	chosen.Day = &day
	chosen.Answer = &BackupAnswer{At: today.Add(-3 * time.Hour), Replica: today.Add(-3 * time.Hour), Backup: at(11), Name: "20261127T110000Z-increment", Line: line + " --at 2026-11-27T11:05:00Z"}
	away := page
	away.BackupsWrong, away.ReplicaWrong = base.T("fault.backup.away", "/mnt/backups"), base.T("calendar.replica.wrong.do")
	away.Periods, away.Days = nil, make([]BackupDay, 30)
	for i := range away.Days {
		away.Days[i] = BackupDay{Date: page.Month.AddDate(0, 0, i)}
	}
	away.Answer = &BackupAnswer{At: today}
	away.Asked.Wrong = base.T("fault.restorable.moment")
	alone := page
	alone.Copied, alone.Next = false, "/admin/backups?month=2026-12"
	alone.Answer = &BackupAnswer{At: today, Backup: at(13), Name: "20261127T130000Z-increment", Line: line + " --from backup --at 2026-11-27T14:05:00Z"}
	mirrored := page
	mirrored.Made = false
	mirrored.Answer = &BackupAnswer{At: today.AddDate(0, -1, 0), Missing: base.T("calendar.answer.no_replica")}
	return []Sample{
		{"admin-backups", page}, {"admin-backups-day", chosen}, {"admin-backups-away", away}, {"admin-backups-alone", alone}, {"admin-backups-replica", mirrored},
		{"admin-backups-none", AdminBackups{Office: page.Office}},
	}
}
