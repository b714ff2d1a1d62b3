package api_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/procedure"
	"selfhelp/app/web/drive"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
)

// program calls the API as programs do: no cookies but those given to it.
type program struct {
	t      *testing.T
	site   *frame.Site
	secret string
	as     func(*http.Request)
}

func (p *program) call(method, path, body string, change ...func(*http.Request)) (int, map[string]any) {
	p.t.Helper()
	all := []func(*http.Request){func(r *http.Request) {
		if p.as != nil {
			p.as(r)
		}
		if p.secret != "" {
			r.Header.Set("Authorization", "Bearer "+p.secret)
		}
		if body != "" {
			r.Header.Set("Content-Type", "application/json")
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
		}
	}}
	r := webtest.Ask(p.site, method, "/api/v1"+path, append(all, change...)...)
	content := webtest.Text(p.t, r)
	var reply map[string]any
	if err := json.Unmarshal([]byte(content), &reply); err != nil {
		p.t.Fatalf("%s %s: %d is no JSON object: %.200s", method, path, r.StatusCode, content)
	}
	if want := frame.MediaProblem; r.StatusCode >= 400 && (r.Header.Get("Content-Type") != want || reply["type"] == "" || reply["detail"] == "") {
		p.t.Errorf("%s %s: %d is no problem: %s", method, path, r.StatusCode, content)
	}
	return r.StatusCode, reply
}

// begin starts the lamp and keeps the secret.
func (p *program) begin() (id string) {
	p.t.Helper()
	status, reply := p.call("POST", "/procedures/lamp/executions", `{"lang":"en","params":{"room":"12"}}`)
	if status != 201 {
		p.t.Fatalf("start: %d %v", status, reply)
	}
	p.secret, _ = reply["secret"].(string)
	return reply["id"].(string)
}

func pageOf(reply map[string]any) map[string]any {
	page, _ := reply["page"].(map[string]any)
	return page
}

// TestProgramJourney drives an execution from its start to its outcome.
func TestProgramJourney(t *testing.T) {
	p := &program{t: t, site: webtest.DeskSite(t)}
	id := p.begin()
	at := "/executions/" + id
	status, now := p.call("GET", at, "")
	if status != 200 || pageOf(now)["step"] != "colour" || !strings.Contains(pageOf(now)["body"].(string), "Room 12.") || now["secret"] != nil {
		t.Fatalf("%d %v", status, now)
	}
	status, wrong := p.call("POST", at+"/answers", `{"turn":1,"step":"colour","data":"purple"}`)
	if status != 422 || wrong["fields"] == nil || wrong["execution"] == nil {
		t.Errorf("a wrong answer: %d %v", status, wrong)
	}
	_, first := p.call("POST", at+"/answers", `{"turn":1,"step":"colour","data":"red"}`)
	_, again := p.call("POST", at+"/answers", `{"turn":1,"step":"colour","data":"red"}`)
	if pageOf(first)["step"] != "name" || first["turn"] != again["turn"] || pageOf(again)["step"] != "name" {
		t.Errorf("sent twice: %v then %v", first["turn"], again["turn"])
	}
	if turns, err := p.site.Activity.Turns(t.Context(), id); err != nil || len(turns) < 2 || len(turns) > 3 { // a refused answer is kept too
		t.Errorf("%d turns, %v", len(turns), err)
	}
	body := func(format map[string]any) string { b, _ := json.Marshal(format); return string(b) }
	_, echo := p.call("POST", at+"/answers", body(map[string]any{"turn": first["turn"], "step": "name", "values": map[string]any{"f.who": []string{"Camille"}, "f.age": []string{"7"}}}))
	if pageOf(echo)["step"] != "echo" {
		t.Fatalf("a form: %v", echo)
	}
	_, back := p.call("POST", at+"/back", body(map[string]any{"turn": echo["turn"]}))
	if pageOf(back)["step"] != "name" {
		t.Errorf("back: %v", back)
	}
	_, echo = p.call("POST", at+"/answers", body(map[string]any{"turn": back["turn"], "step": "name", "data": map[string]any{"who": "Dominique", "age": 8}}))
	_, noted := p.call("POST", at+"/comments", body(map[string]any{"turn": echo["turn"], "text": "The link is old."}))
	_, done := p.call("POST", at+"/answers", body(map[string]any{"turn": noted["turn"], "step": "echo", "data": "next"}))
	if done["ended"] != true || done["outcome"] != "solved" {
		t.Fatalf("the end: %v", done)
	}
	if status, reply := p.call("POST", at+"/feedback", body(map[string]any{"turn": done["turn"], "score": 1, "comment": "Thanks"})); status != 200 {
		t.Errorf("feedback: %d %v", status, reply)
	}
	status, report := p.call("GET", at+"/report.json", "")
	if status != 200 || report["outcome"] != "solved" || report["channel"] != "api" || report["execution"] != id {
		t.Errorf("report: %d %v", status, report)
	}
}

// TestProgramPauses keeps an execution aside, and takes it up with its code on
// the portal.
func TestProgramPauses(t *testing.T) {
	p := &program{t: t, site: webtest.DeskSite(t)}
	at := "/executions/" + p.begin()
	status, paused := p.call("POST", at+"/pause", `{"turn":1}`)
	code, _ := paused["code"].(string)
	if status != 200 || drive.ReadCode(code) == "" || pageOf(paused)["paused"] != true {
		t.Fatalf("%d %v", status, paused)
	}
	if r := webtest.Ask(p.site, "POST", "/resume", webtest.Form("code="+code)); r.StatusCode != 303 || !strings.HasPrefix(r.Header.Get("Location"), "/x/") {
		t.Errorf("the portal does not take the code: %d", r.StatusCode)
	}
	status, resumed := p.call("POST", at+"/resume", `{"turn":`+jsonOf(paused["turn"])+`}`)
	if status != 200 || pageOf(resumed)["paused"] == true {
		t.Errorf("resume: %d %v", status, resumed)
	}
	if status, reply := p.call("POST", at+"/restart", `{"turn":`+jsonOf(resumed["turn"])+`}`); status != 200 || pageOf(reply)["step"] != "colour" {
		t.Errorf("restart: %d %v", status, reply)
	}
}

func jsonOf(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

// TestSecretsOpenOneExecution tries other secrets, no secret and cookies.
func TestSecretsOpenOneExecution(t *testing.T) {
	s := webtest.DeskSite(t)
	one, other := &program{t: t, site: s}, &program{t: t, site: s}
	id, otherID := one.begin(), other.begin()
	webtest.AddUser(t, s, "writer", access.Writer, "production")
	for name, c := range map[string]struct {
		who    program
		status int
	}{
		"its own":         {program{secret: one.secret}, 200},
		"another's":       {program{secret: other.secret}, 401},
		"none":            {program{}, 404},
		"nonsense":        {program{secret: "x"}, 401},
		"changed":         {program{secret: strings.Replace(one.secret, id, otherID, 1)}, 401},
		"a visitor proof": {program{secret: s.Keys.Sign("visitor", id+"|x")}, 401},
		"a stranger's":    {program{secret: s.Keys.Sign("bearer", id+"|visitor-stranger")}, 404},
		"an account":      {program{as: webtest.SignedIn(t, s, "writer")}, 404},
	} {
		c.who.t, c.who.site = t, s
		for _, path := range []string{"", "/report.json"} {
			status, _ := c.who.call("GET", "/executions/"+id+path, "")
			if signIn := path != "" && c.who.as == nil && c.status == 404 && status == 401; status != c.status && !signIn { // a report may be for those who sign in
				t.Errorf("%s %s: %d, want %d", name, path, status, c.status)
			}
		}
		if status, _ := c.who.call("POST", "/executions/"+id+"/comments", `{"turn":1,"text":"Hello"}`); (status == 200) != (c.status == 200) {
			t.Errorf("%s comments: %d", name, status)
		}
	}
	mine := &program{t: t, site: s, as: webtest.SignedIn(t, s, "writer")}
	at := "/executions/" + mine.begin()
	if mine.secret != "" {
		t.Error("an account was given a secret")
	}
	if status, _ := mine.call("GET", at, ""); status != 200 {
		t.Errorf("one's own with a session: %d", status)
	}
	if status, _ := mine.call("POST", at+"/answers", `{"turn":1,"step":"colour","data":"red"}`, webtest.Header("Origin", "https://evil.example"), webtest.Header("Sec-Fetch-Site", "cross-site")); status != 403 {
		t.Errorf("a session's call from another site: %d", status)
	}
}

// TestBodiesAreStrict sends what readers could disagree about.
func TestBodiesAreStrict(t *testing.T) {
	p := &program{t: t, site: webtest.DeskSite(t)}
	for body, status := range map[string]int{
		`{"lang":"en"}`: 201, `{}`: 201, ` {"lang":"fr"} `: 201,
		`{"lang":"en","lang":"fr"}`: 422, `{"lang":"en","Lang":"fr"}`: 422, `{"Lang":"en"}`: 422, `{"user":"root"}`: 422, `{"test":true}`: 422,
		`{"lang":1}`: 422, `{"params":[]}`: 422, `{"params":{"a":1,"A":2}}`: 422, `[]`: 422, `null`: 422, `{} {}`: 422, `{"lang":`: 422, `x`: 422,
		"{\"lang\":\"e\xffn\"}": 422, `{"channel":"portal"}`: 422, `{"lang":"xx"}`: 422,
		`{"params":{"a":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}}`: 422,
		`{"params":{"a":"` + strings.Repeat("x", 300<<10) + `"}}`:                        413,
	} {
		if got, reply := p.call("POST", "/procedures/lamp/executions", body); got != status {
			t.Errorf("%.60q: %d, want %d: %v", body, got, status, reply)
		}
	}
	if got, _ := p.call("POST", "/procedures/lamp/executions", `{}`, webtest.Header("Content-Type", "application/json; charset=UTF-8")); got != 201 {
		t.Errorf("in UTF-8, as it says: %d", got)
	}
	for _, media := range []string{"text/plain", "application/x-www-form-urlencoded", "", "application/json; x", "application/json; charset=utf-16"} {
		if got, _ := p.call("POST", "/procedures/lamp/executions", `{}`, webtest.Header("Content-Type", media)); got != 415 {
			t.Errorf("as %q: %d", media, got)
		}
	}
}

// TestEveryCallSaysItTakesJSON sends each call that takes a body one of another
// kind: the caller is told so, whatever it holds.
func TestEveryCallSaysItTakesJSON(t *testing.T) {
	p := &program{t: t, site: webtest.DeskSite(t)}
	id := p.begin()
	_, described := p.call("GET", "/openapi.json", "")
	calls := 0
	for address, one := range described["paths"].(map[string]any) {
		call, _ := one.(map[string]any)["post"].(map[string]any)
		if call == nil {
			continue
		}
		calls++
		address = strings.NewReplacer("/api/v1", "", "{alias}", "lamp", "{execution}", id).Replace(address)
		for _, media := range []string{"text/plain", "application/x-www-form-urlencoded", "application/xml", "multipart/mixed; boundary=x", "nonsense", ""} {
			status, reply := p.call("POST", address, `{"turn":1,"step":"colour","data":"red"}`, webtest.Header("Content-Type", media))
			if status != 415 || reply["type"] != "urn:selfhelp:unsupported" || !strings.Contains(reply["detail"].(string), "application/json") {
				t.Errorf("%s as %q: %d %v", address, media, status, reply)
			}
		}
	}
	if calls < 8 {
		t.Errorf("only %d calls take a body", calls)
	}
}

// TestProgramsFindProcedures searches and lists as who may and may not.
func TestProgramsFindProcedures(t *testing.T) {
	s := webtest.DeskSite(t)
	p := &program{t: t, site: s}
	for query, want := range map[string][]string{
		"query=bulb&lang=en": {"lamp"}, "query=%22%20NEAR%20*": {}, "query=ampoule&lang=fr": {"lamp"}, "query=bulb&domain=sandbox": {},
	} {
		status, reply := p.call("GET", "/procedures?"+query, "")
		if got := aliases(reply); status != 200 || !slices.Equal(got, want) {
			t.Errorf("%s: %d %v, want %v", query, status, got, want)
		}
	}
	if _, reply := p.call("GET", "/procedures/lamp?lang=fr", ""); reply["title"] != "La lampe est en panne" {
		t.Errorf("in French: %v", reply["title"])
	}
	_, all := p.call("GET", "/procedures", "")
	if got := aliases(all); !slices.Contains(got, "lamp") || slices.Contains(got, "staff-only") || slices.Contains(got, "part") {
		t.Errorf("a visitor finds %v", got)
	}
	for path, want := range map[string]int{"/procedures/lamp": 200, "/procedures/lamp?version=9.9": 404, "/procedures/staff-only": 401, "/procedures/part": 404, "/procedures/none": 404} {
		if status, _ := p.call("GET", path, ""); status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
}

func aliases(reply map[string]any) []string {
	found := []string{}
	list, _ := reply["procedures"].([]any)
	for _, one := range list {
		found = append(found, one.(map[string]any)["alias"].(string))
	}
	return found
}

// TestProgramsReadProjects lists projects, versions and executions by role.
func TestProgramsReadProjects(t *testing.T) {
	s := webtest.DeskSite(t)
	for _, name := range []string{"boss", "writer"} {
		webtest.AddUser(t, s, name, map[string]access.Role{"boss": access.Administrator, "writer": access.Writer}[name], "production")
	}
	data := webtest.Desk(t)
	if _, err := s.Content.CreateProject(t.Context(), "production", data, "test"); err != nil {
		t.Fatal(err)
	}
	hidden := *data
	hidden.UID, hidden.Alias, hidden.Procedures = strings.Repeat("b", 26), "hidden", nil
	if _, err := s.Content.CreateProject(t.Context(), "production", &hidden, "test"); err != nil {
		t.Fatal(err)
	}
	visitor := &program{t: t, site: s}
	visitor.begin()
	for _, c := range []struct {
		path                  string
		visitor, writer, boss int
	}{
		{"/projects/" + data.UID, 200, 200, 200},
		{"/projects/" + hidden.UID, 404, 404, 200},
		{"/projects/" + data.UID + "/versions", 401, 403, 200},
		{"/executions?project=" + data.UID, 401, 403, 200},
		{"/executions?project=" + data.UID + "&limit=1&outcome=solved&from=2020-01-01T00:00:00Z", 401, 403, 200},
		{"/executions?project=" + data.UID + "&from=yesterday", 401, 403, 400},
		{"/executions?project=" + data.UID + "&cursor=x", 401, 403, 422},
		{"/executions", 401, 404, 404},
		{"/domains", 200, 200, 200},
		{"", 200, 200, 200},
		{"/schema", 200, 200, 200},
	} {
		for who, want := range map[string]int{"": c.visitor, "writer": c.writer, "boss": c.boss} {
			p := &program{t: t, site: s}
			if who != "" {
				p.as = webtest.SignedIn(t, s, who)
			}
			status, reply := p.call("GET", c.path, "")
			if (status == 403 || status == 404) && (want == 403 || want == 404) {
				continue
			}
			if status != want {
				t.Errorf("%s as %q: %d, want %d: %v", c.path, who, status, want, reply)
			}
		}
	}
	boss := &program{t: t, site: s, as: webtest.SignedIn(t, s, "boss")}
	_, reply := boss.call("GET", "/executions?project="+data.UID, "")
	rows, _ := reply["executions"].([]any)
	if len(rows) != 1 || rows[0].(map[string]any)["alias"] != "lamp" || rows[0].(map[string]any)["user"] != nil {
		t.Errorf("executions: %v", reply)
	}
}

// TestDescriptionIsTheRoutes holds the description against the route table.
func TestDescriptionIsTheRoutes(t *testing.T) {
	s := webtest.DeskSite(t)
	p := &program{t: t, site: s}
	_, open := p.call("GET", "/openapi.json", "")
	paths := open["paths"].(map[string]any)
	described, ids := map[string]bool{}, map[string]bool{}
	for path, at := range paths {
		for method, op := range at.(map[string]any) {
			described[strings.ToUpper(method)+" "+path] = true
			id := op.(map[string]any)["operationId"].(string)
			if ids[id] {
				t.Errorf("two operations are called %s", id)
			}
			ids[id] = true
		}
	}
	routes := map[string]bool{}
	for _, rt := range s.Table() {
		if _, path, _ := strings.Cut(rt.Pattern, " "); strings.HasPrefix(path, "/api/v1") {
			routes[rt.Pattern] = true
		}
	}
	if !maps.Equal(described, routes) {
		t.Errorf("described %v, routes %v", described, routes)
	}
	whole, _ := json.Marshal(open)
	schemas := open["components"].(map[string]any)["schemas"].(map[string]any)
	for _, part := range strings.Split(string(whole), `"#/components/schemas/`)[1:] {
		if name, _, _ := strings.Cut(part, `"`); schemas[name] == nil {
			t.Errorf("nothing describes %s", name)
		}
	}
}

// TestRepliesAreAsDescribed holds what is sent against the schema of its type.
func TestRepliesAreAsDescribed(t *testing.T) {
	p := &program{t: t, site: webtest.DeskSite(t)}
	id := p.begin()
	_, open := p.call("GET", "/openapi.json", "")
	schemas := open["components"].(map[string]any)["schemas"].(map[string]any)
	for path, of := range map[string]string{
		"/executions/" + id: "State", "/executions/" + id + "/report.json": "ExecutionReport", "/procedures": "ProcedureList", "/projects": "ProjectList",
	} {
		_, reply := p.call("GET", path, "")
		fits(t, path, map[string]any{"$ref": "#/components/schemas/" + of}, schemas, reply)
	}
	if len(procedure.JSONSchema()) == 0 {
		t.Error("no schema of procedures")
	}
}

// fits checks a value against a schema: required and unknown names, all the
// way down.
func fits(t *testing.T, where string, schema, schemas map[string]any, value any) {
	t.Helper()
	if ref, ok := schema["$ref"].(string); ok {
		schema = schemas[strings.TrimPrefix(ref, "#/components/schemas/")].(map[string]any)
	}
	switch v := value.(type) {
	case map[string]any:
		properties, closed := schema["properties"].(map[string]any)
		for name, inner := range v {
			property, known := properties[name].(map[string]any)
			if closed && !known {
				t.Errorf("%s: %s is not described", where, name)
			}
			if known {
				fits(t, where+"."+name, property, schemas, inner)
			}
		}
		required, _ := schema["required"].([]any)
		for _, name := range required {
			if _, there := v[name.(string)]; !there {
				t.Errorf("%s: %s is missing", where, name)
			}
		}
	case []any:
		items, _ := schema["items"].(map[string]any)
		for _, inner := range v {
			fits(t, where+"[]", items, schemas, inner)
		}
	}
}

// TestQueriesAreStrict gives parameters that are unknown, stand twice or make
// no sense: each is named, with what may stand there.
func TestQueriesAreStrict(t *testing.T) {
	site := webtest.DeskSite(t)
	p := &program{t: t, site: site}
	for query, want := range map[string]string{
		"/procedures?domian=sandbox":                    "domain",
		"/procedures?limit=ten":                         "from 1 to 100",
		"/procedures?limit=0":                           "from 1 to 100",
		"/procedures?lang=klingon;":                     "",
		"/procedures?lang=not+a+language":               "fr, en",
		"/procedures?project=abc":                       "UID",
		"/procedures?category=A%20B":                    "short name",
		"/procedures?lang=fr&lang=en":                   "twice",
		"/procedures?query=%zz":                         "cannot be read",
		"/procedures?query=" + strings.Repeat("a", 301): "300",
		"/domains?all=1":                                "no parameter",
		"?" + strings.Repeat("a", 500) + "=1":           "no parameter",
	} {
		status, reply := p.call("GET", query, "", func(r *http.Request) { r.Header.Set("Accept-Language", "en") })
		if detail, _ := reply["detail"].(string); status != 400 || !strings.Contains(detail, want) || len(detail) > 400 {
			t.Errorf("%.60s: %d %s", query, status, detail)
		}
	}
	for _, query := range []string{"/procedures?limit=5&lang=fr&query=", "/procedures?query=lampe", "/procedures/lamp?version=active&lang=en"} {
		if status, reply := p.call("GET", query, ""); status != 200 {
			t.Errorf("%s: %d %v", query, status, reply)
		}
	}
	r := webtest.Ask(site, "GET", "/api")
	if r.StatusCode != http.StatusTemporaryRedirect || r.Header.Get("Location") != "/api/v1" {
		t.Errorf("the door: %d %s", r.StatusCode, r.Header.Get("Location"))
	}
	_, index := p.call("GET", "", "")
	if calls, _ := index["calls"].([]any); len(calls) < 15 || index["links"].(map[string]any)["schema"] != "/api/v1/schema" {
		t.Errorf("the index: %v", index)
	}
}

// TestLengthsOfTimeSayTheirUnit looks for lengths of time in all that the API
// gives: none goes out without the unit in its name.
func TestLengthsOfTimeSayTheirUnit(t *testing.T) {
	p := &program{t: t, site: webtest.DeskSite(t)}
	_, described := p.call("GET", "/openapi.json", "")
	names := 0
	for schema, one := range described["components"].(map[string]any)["schemas"].(map[string]any) {
		properties, _ := one.(map[string]any)["properties"].(map[string]any)
		for name := range properties {
			switch name {
			case "duration_ms", "ms":
				names++
			case "duration", "took", "millis", "nanos":
				t.Errorf("%s.%s has no unit", schema, name)
			}
		}
	}
	if names < 3 {
		t.Errorf("%d lengths of time are described", names)
	}
}

// TestTokensAreDescribed names the token and the scope that each call takes.
func TestTokensAreDescribed(t *testing.T) {
	p := &program{t: t, site: webtest.NewSite(t)}
	_, described := p.call("GET", "/openapi.json", "")
	text, err := json.Marshal(described)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`"bearerFormat":"sh_…"`, `{"token":["read_reports"]}`, `{"token":["studio"]}`, `{"token":["run"]}`} {
		if !strings.Contains(string(text), part) {
			t.Errorf("no %s", part)
		}
	}
}
