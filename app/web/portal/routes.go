package portal

import (
	"selfhelp/app/access"
	"selfhelp/app/web/drive"
	"selfhelp/app/web/frame"
)

// Routes are those of people who look for an answer.
func (s *Portal) Routes() []frame.Route {
	return []frame.Route{
		// The portal.
		{Pattern: "GET /{$}", Needs: access.Public, Role: frame.Presentation, Do: s.home},
		{Pattern: "GET /search", Needs: access.Public, Role: frame.Presentation, Do: s.searchAll, Rate: s.Limits.Search},
		{Pattern: "GET /suggest", Needs: access.Public, Role: frame.Presentation, Do: s.suggestAll, Rate: s.Limits.Search},
		{Pattern: "GET /p/{domain}/{project}", Needs: access.SeeProject, Role: frame.Presentation, Subject: s.PublishedProject, Do: s.projectHome},
		{Pattern: "GET /p/{domain}/{project}/c/{category}", Needs: access.SeeProject, Role: frame.Presentation, Subject: s.PublishedProject, Do: s.category},
		{Pattern: "GET /p/{domain}/{project}/search", Needs: access.SeeProject, Role: frame.Presentation, Subject: s.PublishedProject, Do: s.search, Rate: s.Limits.Search},
		{Pattern: "GET /p/{domain}/{project}/suggest", Needs: access.SeeProject, Role: frame.Presentation, Subject: s.PublishedProject, Do: s.suggest, Rate: s.Limits.Search},

		// Executions.
		{Pattern: "GET /r/{alias}", Needs: access.RunProcedure, Role: frame.Presentation, Subject: s.EntryPoint, Do: s.startPage, Rate: s.Limits.Starts},
		{Pattern: "POST /r/{alias}", Needs: access.RunProcedure, Role: frame.Presentation, Subject: s.EntryPoint, Do: s.start, Rate: s.Limits.Starts},
		{Pattern: "GET /x/{execution}", Needs: access.ContinueExecution, Role: frame.Presentation, Subject: s.OwnExecution, Do: s.goOn},
		{Pattern: "GET /x/{execution}/{step}", Needs: access.ContinueExecution, Role: frame.Presentation, Subject: s.OwnExecution, Do: s.showStep},
		{Pattern: "POST /x/{execution}/{step}", Needs: access.ContinueExecution, Role: frame.Presentation, Subject: s.OwnExecution, Do: s.answer, Body: frame.UploadBody, Slow: true, Keep: drive.KeepAnswer},
		{Pattern: "GET /x/{execution}/after-wait", Needs: access.ContinueExecution, Role: frame.Presentation, Subject: s.OwnExecution, Do: s.waited},
		{Pattern: "GET /x/{execution}/report", Needs: access.ContinueExecution, Role: frame.Presentation, Subject: s.OwnExecution, Do: s.ownReport},
		{Pattern: "GET /x/{execution}/find-people", Needs: access.ContinueExecution, Role: frame.Presentation, Subject: s.OwnExecution, Do: s.people, Rate: s.Limits.Search},
		{Pattern: "GET /x/{execution}/files/{hash}/{name}", Needs: access.ContinueExecution, Role: frame.Presentation, Subject: s.OwnExecution, Do: s.sentFile},
		{Pattern: "GET /resume", Needs: access.Public, Role: frame.Presentation, Do: s.resumePage},
		{Pattern: "GET /resume/{code}", Needs: access.Public, Role: frame.Presentation, Do: s.resumePage},
		{Pattern: "POST /resume", Needs: access.Public, Role: frame.Presentation, Do: s.resume, Body: frame.FormBody, Rate: s.Limits.Signs},
		{Pattern: "GET /me/executions", Needs: access.SignedIn, Role: frame.Presentation, Do: s.journeys},
	}
}
