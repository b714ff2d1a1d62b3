package views

import (
	"strconv"
	"time"

	"selfhelp/views/ui"
)

func adminPastSamples(base ui.Chrome, office officeOf) []Sample {
	at := time.Date(2026, 11, 28, 14, 5, 0, 0, time.UTC)
	page := AdminPast{Office: office("past", base.T("past.title")), Kept: true, Day: "2026-11-28", Hour: "14:05", Zone: "Europe/Paris"}
	unset, refused, going, failed, open := page, page, page, page, page
	unset.Kept = false
	refused.Refused = base.T("fault.past.future", at.AddDate(1, 0, 0))
	going.At, going.Going, going.Step, going.Bytes = at, true, "bring", 734_003_200
	failed.Failed = base.T("fault.past.none", at)
	open.At, open.Open, open.Look, open.From, open.Reached, open.Until = at, true, "k3v9", "e0003-lyon", at.Add(-7*time.Minute), at.Add(24*time.Hour)
	open.Brought = &PastBrought{Name: "Mon imprimante n’imprime pas", URL: "/studio/p/x/d/y", Owned: "a.berthet", Groups: []string{"Support N2", "Agences du Rhône"}}
	for i, standing := range []string{"here", "binned", "gone"} {
		open.Projects = append(open.Projects, PastProject{ID: "p" + strconv.Itoa(i), Name: "Centre de services", Alias: "office-" + strconv.Itoa(i), Domain: "Production", Procedures: 12 + i, Standing: standing})
	}
	backed := open
	backed.Backup, backed.From, backed.Brought, backed.Projects = true, "20261128T010000Z-full", nil, nil
	project := AdminPastProject{Office: office("past", "Centre de services"), Look: "k3v9", At: at, Project: open.Projects[0], Owned: "a.berthet"}
	for i, standing := range []string{"same", "changed", "binned", "gone"} {
		project.Procedures = append(project.Procedures, PastProcedure{UID: "u" + strconv.Itoa(i), Title: "Mon imprimante n’imprime pas", Alias: "paper-jam-" + strconv.Itoa(i), Folder: "Bureau", Steps: 14, Standing: standing})
	}
	gone := project
	gone.Project, gone.Procedures = open.Projects[2], nil
	bring := AdminPastBring{AdminPastProject: project, Procedure: &project.Procedures[1]}
	bring.Title = base.T("past.bring.named", project.Procedures[1].Title)
	whole := AdminPastBring{AdminPastProject: gone}
	whole.Title = base.T("past.bring.named", project.Project.Name)
	return []Sample{
		{"admin-past", page}, {"admin-past-unset", unset}, {"admin-past-refused", refused}, {"admin-past-going", going}, {"admin-past-failed", failed},
		{"admin-past-open", open}, {"admin-past-backup", backed}, {"admin-past-project", project}, {"admin-past-project-gone", gone}, {"admin-past-bring", bring}, {"admin-past-bring-project", whole},
	}
}
