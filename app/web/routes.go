package web

import "selfhelp/app/access"

// routes is the one table: every address the product answers, what it takes to
// be answered, and on which servers it stands.
func (s *Site) routes() []route {
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

		// Who one is.
		{pattern: "GET /login", needs: access.Public, role: Both, do: s.signInPage},
		{pattern: "POST /login", needs: access.Public, role: Both, do: s.signIn, body: formBody, rate: s.limits.signs},
		{pattern: "POST /logout", needs: access.Public, role: Both, do: s.signOut},
		{pattern: "GET /setup", needs: access.Public, role: Edition, do: s.setupPage},
		{pattern: "POST /setup", needs: access.Public, role: Edition, do: s.setup, body: formBody, rate: s.limits.signs},
		{pattern: "GET /me", needs: access.SignedIn, role: Both, do: s.profile},
		{pattern: "POST /me/password", needs: access.SignedIn, role: Edition, do: s.changePassword, body: formBody, rate: s.limits.signs},

		// The gallery of pages, in demonstrations.
		{pattern: "GET /gallery", needs: access.AdministerServer, role: Edition, do: s.gallery},
		{pattern: "GET /gallery/{sample}", needs: access.AdministerServer, role: Edition, do: s.gallerySample},
	}
}
