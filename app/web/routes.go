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

		// The gallery of pages, in demonstrations.
		{pattern: "GET /gallery", needs: access.AdministerServer, role: Edition, do: s.gallery},
		{pattern: "GET /gallery/{sample}", needs: access.AdministerServer, role: Edition, do: s.gallerySample},
	}
}
