package api

import (
	"slices"

	"selfhelp/app/access"
	"selfhelp/app/execution"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
)

// Routes are those of programs. Each says what it takes and gives: the
// description of the API is made from it.
func (s *API) Routes() (routes []frame.Route) {
	for _, one := range s.table() {
		one.Do, one.Callers = s.strict(one.query, one.Do), frame.Programs
		routes = append(routes, one.Route)
	}
	front := frame.Route{Pattern: "GET /api", Needs: access.Public, Role: frame.Both, Do: s.front, Callers: frame.Programs}
	return append(routes, front)
}

func (s *API) table() []described {
	return slices.Concat(s.contentRoutes(), s.executionRoutes())
}

func (s *API) contentRoutes() []described {
	domain := apiParameter{name: "domain", about: "Domain, where the same stands in several", is: saysID}
	lang := apiParameter{name: "lang", about: "Language of the content", is: saysLanguage}
	return []described{
		{frame.Route{Pattern: "GET /api/v1", Needs: access.Public, Role: frame.Both, Do: s.index},
			apiCall{id: "index", summary: "What there is", reply: apiIndex{}}},
		{frame.Route{Pattern: "GET /api/v1/openapi.json", Needs: access.Public, Role: frame.Both, Do: s.open},
			apiCall{id: "describe", summary: "This description", reply: map[string]any{}}},
		{frame.Route{Pattern: "GET /api/v1/schema", Needs: access.Public, Role: frame.Both, Do: s.schema},
			apiCall{id: "schema", summary: "JSON Schema of projects, procedures and scenarios", reply: map[string]any{}}},
		{frame.Route{Pattern: "GET /api/v1/domains", Needs: access.Public, Role: frame.Both, Do: s.domains},
			apiCall{id: "listDomains", summary: "Domains in which the caller has something to see", reply: apiDomainList{}}},
		{frame.Route{Pattern: "GET /api/v1/projects", Needs: access.Public, Role: frame.Both, Do: s.projects},
			apiCall{id: "listProjects", summary: "Projects that the caller may see", query: []apiParameter{domain}, reply: apiProjectList{}}},
		{frame.Route{Pattern: "GET /api/v1/projects/{project}", Needs: access.Public, Role: frame.Both, Do: s.project},
			apiCall{id: "getProject", summary: "One project, by its UID", query: []apiParameter{domain}, reply: apiProject{}}},
		{frame.Route{Pattern: "GET /api/v1/projects/{project}/versions", Needs: access.ReadProject, Role: frame.Edition, Subject: s.writtenProject, Do: s.versions},
			apiCall{id: "listVersions", summary: "Versions of a project", query: []apiParameter{domain}, reply: apiVersionList{}}},
		{frame.Route{Pattern: "GET /api/v1/procedures", Needs: access.Public, Role: frame.Presentation, Do: s.procedures, Rate: s.Limits.Search},
			apiCall{id: "findProcedures", summary: "Procedures that the caller may start: found by words, or all", reply: apiProcedureList{}, query: []apiParameter{
				{name: "query", about: "Words to find", is: saysWords}, lang, {name: "project", about: "UID of a project", is: saysUID}, {name: "category", about: "Category of a project", is: saysID}, domain,
				{name: "limit", about: "Most procedures of a search in a domain", is: saysNumber, min: 1, max: 100}}}},
		{frame.Route{Pattern: "GET /api/v1/procedures/{alias}", Needs: access.RunProcedure, Role: frame.Presentation, Subject: s.entry, Do: s.procedure},
			apiCall{id: "getProcedure", summary: "One procedure, by its alias", query: entryParameters, reply: apiProcedure{}}},
	}
}

// outcomes are how an execution may have ended, or that a problem stopped it.
var outcomes = []string{string(procedure.Solved), string(procedure.Unsolved), string(procedure.Escalated), string(procedure.Informed), string(procedure.Abandoned), string(procedure.Failed)}

// entryParameters say which of the procedures of an alias is meant.
var entryParameters = []apiParameter{
	{name: "domain", about: "Domain, where the same alias stands in several", is: saysID},
	{name: "version", about: "Number of a version in force; the highest otherwise", is: saysVersion},
	{name: "lang", about: "Language of the content", is: saysLanguage},
}

func (s *API) executionRoutes() []described {
	own := func(pattern, id, summary string, body any, do frame.Handler) described {
		return described{frame.Route{Pattern: "POST /api/v1/executions/{execution}/" + pattern, Needs: access.ContinueExecution, Role: frame.Presentation, Subject: s.execution, Do: do, Body: apiBody},
			apiCall{id: id, summary: summary, body: body, reply: apiState{}}}
	}
	answers := own("answers", "answer", "Answer the page of a turn; the same answer to the same turn, sent again, is one", apiAnswer{}, s.answers)
	answers.Body, answers.Slow, answers.files = frame.UploadBody, true, true
	return []described{
		{frame.Route{Pattern: "POST /api/v1/procedures/{alias}/executions", Needs: access.RunProcedure, Role: frame.Presentation, Subject: s.entry, Do: s.begin, Rate: s.Limits.Starts, Body: apiBody},
			apiCall{id: "startExecution", summary: "Start a procedure; a visitor without an account gets the execution's secret", query: entryParameters[:2], body: apiStart{}, reply: apiState{}, status: 201}},
		{frame.Route{Pattern: "GET /api/v1/executions/{execution}", Needs: access.ContinueExecution, Role: frame.Presentation, Subject: s.execution, Do: s.now},
			apiCall{id: "getExecution", summary: "Where an execution stands", reply: apiState{}}},
		answers,
		own("back", "goBack", "Go back to the page before", apiTurn{}, s.tool(execution.DoBack)),
		own("restart", "restart", "Begin again", apiTurn{}, s.tool(execution.DoRestart)),
		own("pause", "pause", "Keep the execution aside; the code resumes it on the portal", apiTurn{}, s.tool(execution.DoPause)),
		own("resume", "resume", "Take it up again, or go on after a wait", apiTurn{}, s.tool(execution.DoResume)),
		own("feedback", "giveFeedback", "Say whether it helped", apiFeedback{}, s.opinion),
		own("comments", "comment", "Tell the writers something about the page", apiComment{}, s.postit),
		{frame.Route{Pattern: "GET /api/v1/executions/{execution}/report.json", Needs: access.ReadExecution, Role: frame.Presentation, Subject: s.report, Do: s.reportOf},
			apiCall{id: "getReport", summary: "Report of an execution, personal values masked", reply: execution.ExecutionReport{}}},
		{frame.Route{Pattern: "GET /api/v1/executions", Needs: access.ReadReports, Role: frame.Edition, Subject: s.writtenProject, Do: s.executions},
			apiCall{id: "listExecutions", summary: "Executions of a project, the oldest first", reply: apiRows{}, query: []apiParameter{
				{name: "project", about: "UID of the project", required: true, is: saysUID}, {name: "domain", about: "Domain, where the project stands in several", is: saysID},
				{name: "procedure", about: "UID of the entry point", is: saysUID}, {name: "version", about: "Number of the version", is: saysVersion}, {name: "channel", about: "Where the person was", one: append([]string{"portal"}, channels...)},
				{name: "outcome", about: "How it ended", one: outcomes}, {name: "from", about: "Started at or after (RFC 3339)", is: saysTime}, {name: "to", about: "Started before (RFC 3339)", is: saysTime},
				{name: "cursor", about: "The field next of the page before", is: saysCursor}, {name: "limit", about: "Most executions of a page; 100 when it is not given", is: saysNumber, min: 1, max: 1000}}}},
	}
}
