package web

import (
	"slices"

	"selfhelp/app/access"
	"selfhelp/app/execution"
)

// apiRoutes are those of programs. Each says what it takes and gives: the
// description of the API is made from it.
func (s *Site) apiRoutes() []route {
	return slices.Concat(s.apiContentRoutes(), s.apiExecutionRoutes())
}

func (s *Site) apiContentRoutes() []route {
	domain := apiParameter{name: "domain", about: "Domain, where the same stands in several"}
	lang := apiParameter{name: "lang", about: "Language of the content"}
	return []route{
		{pattern: "GET /api/v1", needs: access.Public, role: Both, do: s.apiIndex,
			api: &apiCall{id: "index", summary: "What there is", reply: apiIndex{}}},
		{pattern: "GET /api/v1/openapi.json", needs: access.Public, role: Both, do: s.apiOpen,
			api: &apiCall{id: "describe", summary: "This description", reply: map[string]any{}}},
		{pattern: "GET /api/v1/schema", needs: access.Public, role: Both, do: s.apiSchema,
			api: &apiCall{id: "schema", summary: "JSON Schema of projects, procedures and scenarios", reply: map[string]any{}}},
		{pattern: "GET /api/v1/domains", needs: access.Public, role: Both, do: s.apiDomains,
			api: &apiCall{id: "listDomains", summary: "Domains in which the caller has something to see", reply: apiDomainList{}}},
		{pattern: "GET /api/v1/projects", needs: access.Public, role: Both, do: s.apiProjects,
			api: &apiCall{id: "listProjects", summary: "Projects that the caller may see", query: []apiParameter{domain}, reply: apiProjectList{}}},
		{pattern: "GET /api/v1/projects/{project}", needs: access.Public, role: Both, do: s.apiProject,
			api: &apiCall{id: "getProject", summary: "One project, by its UID", query: []apiParameter{domain}, reply: apiProject{}}},
		{pattern: "GET /api/v1/projects/{project}/versions", needs: access.ReadProject, role: Edition, subject: writtenProject, do: s.apiVersions,
			api: &apiCall{id: "listVersions", summary: "Versions of a project", query: []apiParameter{domain}, reply: apiVersionList{}}},
		{pattern: "GET /api/v1/procedures", needs: access.Public, role: Presentation, do: s.apiProcedures, rate: s.limits.search,
			api: &apiCall{id: "findProcedures", summary: "Procedures that the caller may start: found by words, or all", reply: apiProcedureList{}, query: []apiParameter{
				{name: "query", about: "Words to find"}, lang, {name: "project", about: "UID of a project"}, {name: "category", about: "Category of a project"}, domain,
				{name: "limit", about: "Most procedures of a search in a domain"}}}},
		{pattern: "GET /api/v1/procedures/{alias}", needs: access.RunProcedure, role: Presentation, subject: apiEntry, do: s.apiProcedure,
			api: &apiCall{id: "getProcedure", summary: "One procedure, by its alias", query: entryParameters, reply: apiProcedure{}}},
	}
}

// entryParameters say which of the procedures of an alias is meant.
var entryParameters = []apiParameter{
	{name: "domain", about: "Domain, where the same alias stands in several"},
	{name: "version", about: "Number of a version in force; the highest otherwise"},
	{name: "lang", about: "Language of the content"},
}

func (s *Site) apiExecutionRoutes() []route {
	own := func(pattern, id, summary string, body any, do handler) route {
		return route{pattern: "POST /api/v1/executions/{execution}/" + pattern, needs: access.ContinueExecution, role: Presentation, subject: apiExecution, do: do, body: apiBody,
			api: &apiCall{id: id, summary: summary, body: body, reply: apiState{}}}
	}
	return []route{
		{pattern: "POST /api/v1/procedures/{alias}/executions", needs: access.RunProcedure, role: Presentation, subject: apiEntry, do: s.apiBegin, rate: s.limits.starts, body: apiBody,
			api: &apiCall{id: "startExecution", summary: "Start a procedure; a visitor without an account gets the execution's secret", query: entryParameters[:2], body: apiStart{}, reply: apiState{}, status: 201}},
		{pattern: "GET /api/v1/executions/{execution}", needs: access.ContinueExecution, role: Presentation, subject: apiExecution, do: s.apiNow,
			api: &apiCall{id: "getExecution", summary: "Where an execution stands", reply: apiState{}}},
		own("answers", "answer", "Answer the page of a turn; the same answer to the same turn, sent again, is one", apiAnswer{}, s.apiAnswers),
		own("back", "goBack", "Go back to the page before", apiTurn{}, s.apiTool(execution.DoBack)),
		own("restart", "restart", "Begin again", apiTurn{}, s.apiTool(execution.DoRestart)),
		own("pause", "pause", "Keep the execution aside; the code resumes it on the portal", apiTurn{}, s.apiTool(execution.DoPause)),
		own("resume", "resume", "Take it up again, or go on after a wait", apiTurn{}, s.apiTool(execution.DoResume)),
		own("feedback", "giveFeedback", "Say whether it helped", apiFeedback{}, s.apiOpinion),
		own("comments", "comment", "Tell the writers something about the page", apiComment{}, s.apiPostit),
		{pattern: "GET /api/v1/executions/{execution}/report.json", needs: access.ReadExecution, role: Presentation, subject: apiReport, do: s.apiReportOf,
			api: &apiCall{id: "getReport", summary: "Report of an execution, personal values masked", reply: execution.ExecutionReport{}}},
		{pattern: "GET /api/v1/executions", needs: access.ReadReports, role: Edition, subject: writtenProject, do: s.apiExecutions,
			api: &apiCall{id: "listExecutions", summary: "Executions of a project, the oldest first", reply: apiRows{}, query: []apiParameter{
				{name: "project", about: "UID of the project", required: true}, {name: "domain", about: "Domain, where the project stands in several"},
				{name: "procedure", about: "UID of the entry point"}, {name: "version", about: "Number of the version"}, {name: "channel", about: "portal, embed, agent or api"},
				{name: "outcome", about: "How it ended"}, {name: "from", about: "Started at or after (RFC 3339)"}, {name: "to", about: "Started before (RFC 3339)"},
				{name: "cursor", about: "The field next of the page before"}, {name: "limit", about: "Most executions of a page, 1000 at most"}}}},
	}
}
