package web

import (
	"slices"

	"selfhelp/app/access"
)

// routes is the one table: every address the product answers, what it takes to
// be answered, and on which servers it stands.
func (s *Site) routes() []route {
	return slices.Concat(s.commonRoutes(), s.deskRoutes(), s.editorRoutes(), s.administrationRoutes(), s.apiRoutes())
}

// commonRoutes are those of people who look for an answer.
func (s *Site) commonRoutes() []route {
	return []route{
		// Everywhere.
		{pattern: "/", needs: access.Public, role: Both, do: s.notFound},
		{pattern: "GET /healthz", needs: access.Public, role: Both, do: s.health},
		{pattern: "POST /preferences", needs: access.Public, role: Both, do: s.setPreferences},

		// The portal.
		{pattern: "GET /{$}", needs: access.Public, role: Presentation, do: s.home},
		{pattern: "GET /p/{domain}/{project}", needs: access.SeeProject, role: Presentation, subject: publishedProject, do: s.projectHome},
		{pattern: "GET /p/{domain}/{project}/c/{category}", needs: access.SeeProject, role: Presentation, subject: publishedProject, do: s.category},
		{pattern: "GET /p/{domain}/{project}/search", needs: access.SeeProject, role: Presentation, subject: publishedProject, do: s.search, rate: s.limits.search},
		{pattern: "GET /p/{domain}/{project}/suggest", needs: access.SeeProject, role: Presentation, subject: publishedProject, do: s.suggest, rate: s.limits.search},
		{pattern: "GET /files/{hash}/{name}", needs: access.Public, role: Both, do: s.resourceFile},

		// Executions.
		{pattern: "GET /r/{alias}", needs: access.RunProcedure, role: Presentation, subject: entryPoint, do: s.startPage, rate: s.limits.starts},
		{pattern: "POST /r/{alias}", needs: access.RunProcedure, role: Presentation, subject: entryPoint, do: s.start, rate: s.limits.starts},
		{pattern: "GET /x/{execution}", needs: access.ContinueExecution, role: Presentation, subject: ownExecution, do: s.goOn},
		{pattern: "GET /x/{execution}/{step}", needs: access.ContinueExecution, role: Presentation, subject: ownExecution, do: s.showStep},
		{pattern: "POST /x/{execution}/{step}", needs: access.ContinueExecution, role: Presentation, subject: ownExecution, do: s.answer, body: uploadBody, slow: true},
		{pattern: "GET /x/{execution}/after-wait", needs: access.ContinueExecution, role: Presentation, subject: ownExecution, do: s.waited},
		{pattern: "GET /x/{execution}/report", needs: access.ContinueExecution, role: Presentation, subject: ownExecution, do: s.ownReport},
		{pattern: "GET /x/{execution}/find-people", needs: access.ContinueExecution, role: Presentation, subject: ownExecution, do: s.people, rate: s.limits.search},
		{pattern: "GET /x/{execution}/files/{hash}/{name}", needs: access.ContinueExecution, role: Presentation, subject: ownExecution, do: s.sentFile},
		{pattern: "GET /resume", needs: access.Public, role: Presentation, do: s.resumePage},
		{pattern: "GET /resume/{code}", needs: access.Public, role: Presentation, do: s.resumePage},
		{pattern: "POST /resume", needs: access.Public, role: Presentation, do: s.resume, body: formBody, rate: s.limits.signs},
		{pattern: "GET /me/executions", needs: access.SignedIn, role: Presentation, do: s.journeys},

		// Who one is.
		{pattern: "GET /login", needs: access.Public, role: Both, do: s.signInPage},
		{pattern: "POST /login", needs: access.Public, role: Both, do: s.signIn, body: formBody, rate: s.limits.signs},
		{pattern: "POST /logout", needs: access.Public, role: Both, do: s.signOut},
		{pattern: "GET /setup", needs: access.Public, role: Edition, do: s.setupPage},
		{pattern: "POST /setup", needs: access.Public, role: Edition, do: s.setup, body: formBody, rate: s.limits.signs},
		{pattern: "GET /me", needs: access.SignedIn, role: Both, do: s.profile, renewing: true},
		{pattern: "POST /me/password", needs: access.SignedIn, role: Edition, do: s.changePassword, renewing: true, body: formBody, rate: s.limits.signs},

		// The gallery of pages, in demonstrations.
		{pattern: "GET /gallery", needs: access.AdministerServer, role: Edition, do: s.gallery},
		{pattern: "GET /gallery/{sample}", needs: access.AdministerServer, role: Edition, do: s.gallerySample},
	}
}
