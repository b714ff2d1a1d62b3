package web

import "selfhelp/app/access"

// editorRoutes are those of the page of a procedure.
func (s *Site) editorRoutes() []route {
	return []route{
		{pattern: "GET /studio/p/{project}/d/{procedure}", needs: access.ReadProject, role: Edition, subject: projectOf, do: s.studioEditor},
		{pattern: "POST /studio/p/{project}/d/{procedure}/operations", needs: access.ModifyProject, role: Edition, subject: projectOf, do: s.editProcedure, body: uploadBody, slow: true},
		{pattern: "GET /studio/p/{project}/d/{procedure}/test", needs: access.ReadProject, role: Edition, subject: projectOf, do: s.tryProcedure},
		{pattern: "GET /studio/p/{project}/d/{procedure}/test/{step}", needs: access.ReadProject, role: Edition, subject: projectOf, do: s.tryAgain},
		{pattern: "POST /studio/p/{project}/d/{procedure}/test/{step}", needs: access.ReadProject, role: Edition, subject: projectOf, do: s.tryAnswer, body: uploadBody, slow: true},
	}
}
