package web

import "selfhelp/app/access"

// deskRoutes are those of the Studio around the page of a procedure.
func (s *Site) deskRoutes() []route {
	return []route{
		{pattern: "GET /studio", needs: access.EnterStudio, role: Edition, do: s.studioHome},
		{pattern: "GET /studio/new", needs: access.EnterStudio, role: Edition, do: s.newProjectPage},
		{pattern: "POST /studio/new", needs: access.EnterStudio, role: Edition, do: s.createProject, body: formBody},
		{pattern: "GET /studio/import", needs: access.EnterStudio, role: Edition, do: s.importPage},
		{pattern: "POST /studio/import", needs: access.EnterStudio, role: Edition, do: s.importArchive, body: uploadBody, slow: true},
		{pattern: "GET /studio/p/{project}", needs: access.ReadProject, role: Edition, subject: projectOf, do: s.studioProject},
		{pattern: "GET /studio/p/{project}/archive.zip", needs: access.DuplicateProject, role: Edition, subject: projectOf, do: s.exportArchive, slow: true},
		{pattern: "POST /studio/p/{project}/procedures", needs: access.ModifyProject, role: Edition, subject: projectOf, do: s.createProcedure, body: formBody},
		{pattern: "POST /studio/p/{project}/d/{procedure}/copy", needs: access.ModifyProject, role: Edition, subject: projectOf, do: s.copyProcedure, body: formBody},
		{pattern: "POST /studio/p/{project}/d/{procedure}/delete", needs: access.ModifyProject, role: Edition, subject: projectOf, do: s.deleteProcedure, body: formBody},
		{pattern: "POST /studio/p/{project}/d/{procedure}/restore", needs: access.ModifyProject, role: Edition, subject: projectOf, do: s.restoreProcedure, body: formBody},
		{pattern: "GET /studio/p/{project}/resources", needs: access.ReadProject, role: Edition, subject: projectOf, do: s.studioResources},
		{pattern: "POST /studio/p/{project}/resources", needs: access.ModifyProject, role: Edition, subject: projectOf, do: s.addResource, body: uploadBody, slow: true},
		{pattern: "POST /studio/p/{project}/resources/{resource}", needs: access.ModifyProject, role: Edition, subject: projectOf, do: s.saveResource, body: formBody},
		{pattern: "POST /studio/p/{project}/resources/{resource}/delete", needs: access.ModifyProject, role: Edition, subject: projectOf, do: s.deleteResource, body: formBody},
		{pattern: "GET /studio/p/{project}/scenarios", needs: access.ReadProject, role: Edition, subject: projectOf, do: s.studioScenarios},
		{pattern: "POST /studio/p/{project}/scenarios/{scenario}/delete", needs: access.ModifyProject, role: Edition, subject: projectOf, do: s.deleteScenario, body: formBody},
		{pattern: "GET /studio/p/{project}/publish", needs: access.PublishProject, role: Edition, subject: projectOf, do: s.publishPage},
		{pattern: "POST /studio/p/{project}/publish", needs: access.PublishProject, role: Edition, subject: projectOf, do: s.publish, body: formBody, slow: true},
		{pattern: "GET /studio/p/{project}/versions", needs: access.ReadProject, role: Edition, subject: projectOf, do: s.studioVersions},
		{pattern: "POST /studio/p/{project}/versions/{number}/{do}", needs: access.PublishProject, role: Edition, subject: projectOf, do: s.changeVersion, body: formBody, slow: true},
		{pattern: "GET /studio/p/{project}/executions", needs: access.ReadReports, role: Edition, subject: projectOf, do: s.studioExecutions},
		{pattern: "GET /studio/p/{project}/executions/{execution}", needs: access.ReadReports, role: Edition, subject: projectOf, do: s.studioReport},
		{pattern: "GET /studio/p/{project}/executions/{execution}/report.json", needs: access.ReadReports, role: Edition, subject: projectOf, do: s.studioReportJSON},
		{pattern: "GET /studio/p/{project}/settings", needs: access.ReadProject, role: Edition, subject: projectOf, do: s.studioSettings},
		{pattern: "POST /studio/p/{project}/settings", needs: access.ModifyProject, role: Edition, subject: projectOf, do: s.saveSettings, body: formBody},
		{pattern: "POST /studio/p/{project}/settings/categories", needs: access.ModifyProject, role: Edition, subject: projectOf, do: s.saveCategories, body: formBody},
		{pattern: "POST /studio/p/{project}/settings/news", needs: access.ModifyProject, role: Edition, subject: projectOf, do: s.saveNews, body: formBody},
		{pattern: "POST /studio/p/{project}/settings/rights", needs: access.AdministerProject, role: Edition, subject: projectOf, do: s.saveRights, body: formBody},
	}
}
