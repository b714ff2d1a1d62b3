package studio

import (
	"selfhelp/app/access"
	"selfhelp/app/web/frame"
)

// Routes are those of the Studio around the page of a procedure.
func (s *Studio) Routes() []frame.Route {
	return append(s.noteRoutes(), []frame.Route{
		{Pattern: "GET /studio", Needs: access.EnterStudio, Role: frame.Edition, Do: s.home},
		{Pattern: "GET /studio/new", Needs: access.EnterStudio, Role: frame.Edition, Do: s.newProjectPage},
		{Pattern: "POST /studio/new", Needs: access.EnterStudio, Role: frame.Edition, Do: s.createProject, Body: frame.FormBody, Keep: frame.KeepAt("")},
		{Pattern: "GET /studio/import", Needs: access.EnterStudio, Role: frame.Edition, Do: s.importPage},
		{Pattern: "POST /studio/import", Needs: access.EnterStudio, Role: frame.Edition, Do: s.importArchive, Body: frame.UploadBody, Slow: true},
		{Pattern: "GET /studio/p/{project}", Needs: access.ReadProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.project},
		{Pattern: "GET /studio/p/{project}/archive.zip", Needs: access.DuplicateProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.exportArchive, Slow: true},
		{Pattern: "POST /studio/p/{project}/procedures", Needs: access.ModifyProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.createProcedure, Body: frame.FormBody, Keep: frame.KeepAt("/procedures")},
		{Pattern: "POST /studio/p/{project}/d/{procedure}/copy", Needs: access.ModifyProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.copyProcedure, Body: frame.FormBody},
		{Pattern: "POST /studio/p/{project}/d/{procedure}/delete", Needs: access.ModifyProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.deleteProcedure, Body: frame.FormBody},
		{Pattern: "POST /studio/p/{project}/d/{procedure}/restore", Needs: access.ModifyProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.restoreProcedure, Body: frame.FormBody},
		{Pattern: "GET /studio/p/{project}/resources", Needs: access.ReadProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.resources},
		{Pattern: "POST /studio/p/{project}/resources", Needs: access.ModifyProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.addResource, Body: frame.UploadBody, Slow: true},
		{Pattern: "POST /studio/p/{project}/resources/{resource}", Needs: access.ModifyProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.saveResource, Body: frame.FormBody, Keep: keepAlt},
		{Pattern: "POST /studio/p/{project}/resources/{resource}/delete", Needs: access.ModifyProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.deleteResource, Body: frame.FormBody},
		{Pattern: "GET /studio/p/{project}/publish", Needs: access.PublishProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.publishPage},
		{Pattern: "POST /studio/p/{project}/publish", Needs: access.PublishProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.publish, Body: frame.FormBody, Slow: true},
		{Pattern: "GET /studio/p/{project}/versions", Needs: access.ReadProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.versions},
		{Pattern: "POST /studio/p/{project}/versions/{number}/{do}", Needs: access.PublishProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.changeVersion, Body: frame.FormBody, Slow: true},
		{Pattern: "GET /studio/p/{project}/executions", Needs: access.ReadReports, Role: frame.Edition, Subject: s.ProjectOf, Do: s.executions},
		{Pattern: "GET /studio/p/{project}/statistics", Needs: access.ReadReports, Role: frame.Edition, Subject: s.ProjectOf, Do: s.statistics},
		{Pattern: "GET /studio/p/{project}/executions.csv", Needs: access.ReadReports, Role: frame.Edition, Subject: s.ProjectOf, Do: s.executionsTable, Slow: true},
		{Pattern: "GET /studio/p/{project}/executions.xlsx", Needs: access.ReadReports, Role: frame.Edition, Subject: s.ProjectOf, Do: s.executionsTable, Slow: true},
		{Pattern: "GET /studio/p/{project}/executions/{execution}", Needs: access.ReadReports, Role: frame.Edition, Subject: s.ProjectOf, Do: s.report},
		{Pattern: "GET /studio/p/{project}/executions/{execution}/report.json", Needs: access.ReadReports, Role: frame.Edition, Subject: s.ProjectOf, Do: s.reportJSON},
		{Pattern: "GET /studio/p/{project}/settings", Needs: access.ReadProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.settings},
		{Pattern: "POST /studio/p/{project}/settings", Needs: access.ModifyProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.saveSettings, Body: frame.FormBody, Keep: frame.KeepAt("", "version")},
		{Pattern: "POST /studio/p/{project}/settings/reach", Needs: access.AdministerProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.saveReach, Body: frame.FormBody},
		{Pattern: "POST /studio/p/{project}/settings/look", Needs: access.DesignProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.saveLook, Body: frame.FormBody, Keep: frame.KeepAt("/look", "version", "id")},
		{Pattern: "POST /studio/p/{project}/settings/owner", Needs: access.GiveProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.saveOwner, Body: frame.FormBody},
		{Pattern: "POST /studio/p/{project}/settings/categories", Needs: access.ModifyProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.saveCategories, Body: frame.FormBody, Keep: frame.KeepAt("/categories", "version", "id")},
		{Pattern: "POST /studio/p/{project}/settings/connectors", Needs: access.ModifyProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.saveConnectors, Body: frame.FormBody, Keep: frame.KeepAt("/connectors", "version", "id")},
		{Pattern: "POST /studio/p/{project}/settings/news", Needs: access.ModifyProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.saveNews, Body: frame.FormBody, Keep: frame.KeepAt("/news", "version", "id")},
		{Pattern: "POST /studio/p/{project}/settings/rights", Needs: access.AdministerProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.saveRights, Body: frame.FormBody},
	}...)
}
