package editor

import (
	"selfhelp/app/access"
	"selfhelp/app/web/frame"
)

// Routes are those of the page of a procedure.
func (s *Editor) Routes() []frame.Route {
	return []frame.Route{
		{Pattern: "GET /studio/p/{project}/d/{procedure}", Needs: access.ReadProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.show},
		{Pattern: "POST /studio/p/{project}/d/{procedure}/operations", Needs: access.ModifyProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.editProcedure, Body: frame.UploadBody, Slow: true, Keep: keepEdit},
		{Pattern: "GET /studio/p/{project}/d/{procedure}/translate", Needs: access.ReadProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.translate},
		{Pattern: "POST /studio/p/{project}/d/{procedure}/translate", Needs: access.ModifyProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.saveTranslation, Body: frame.PlainBody, Keep: keepTranslation},
		{Pattern: "GET /studio/p/{project}/d/{procedure}/test", Needs: access.TestProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.tryProcedure},
		{Pattern: "GET /studio/p/{project}/d/{procedure}/test/{step}", Needs: access.TestProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.tryAgain},
		{Pattern: "POST /studio/p/{project}/d/{procedure}/test/{step}", Needs: access.TestProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.tryAnswer, Body: frame.UploadBody, Slow: true},
	}
}
