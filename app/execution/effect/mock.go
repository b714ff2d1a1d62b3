package effect

import (
	"strings"

	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/program"
	"selfhelp/app/procedure"
)

// Mock returns what an effect answers in a test: what the step's own formula
// says, or something plausible.
func Mock(scene *program.Scene, s *procedure.Step, e *Effect) (any, error) {
	if source := mockOf(s); source != "" {
		return scene.Eval(source)
	}
	return plausible(scene, s, e), nil
}

// MockList returns what the call that fetches a list answers in a test.
func MockList(scene *program.Scene, c *procedure.REST) (any, error) {
	if c.Mock != "" {
		return scene.Eval(c.Mock)
	}
	return mockList(), nil
}

func mockOf(s *procedure.Step) string {
	switch {
	case s.REST != nil:
		return s.REST.Mock
	case s.SOAP != nil:
		return s.SOAP.Mock
	case s.Ticket != nil:
		return s.Ticket.Mock
	case s.Mail != nil:
		return s.Mail.Mock
	case s.Directory != nil:
		return s.Directory.Mock
	case s.Search != nil:
		return s.Search.Mock
	}
	return ""
}

// plausible is a reply such as the real one could be.
func plausible(scene *program.Scene, s *procedure.Step, e *Effect) any {
	switch e.Kind {
	case Ticket:
		return map[string]any{"number": "T-" + strings.ToUpper(e.Key[:6]), "url": ""}
	case Mail:
		return map[string]any{"id": "mail-" + e.Key[:8]}
	case Directory:
		return map[string]any{"found": true, "attributes": mockPerson(s.Directory)}
	case Search:
		p := scene.Procedure
		title, _ := scene.Pick(p.Title)
		return []any{map[string]any{"title": title, "alias": p.Alias, "url": "/r/" + p.Alias, "score": 1.0}}
	}
	return map[string]any{"status": 200.0, "body": map[string]any{}, "headers": map[string]any{}}
}

// mockPerson gives each attribute a value of the right look.
func mockPerson(d *procedure.Directory) map[string]any {
	known := map[string]string{
		"mail": "camille.martin@example.org", "cn": "Camille Martin", "displayname": "Camille Martin", "name": "Camille Martin",
		"givenname": "Camille", "first_name": "Camille", "sn": "Martin", "last_name": "Martin", "uid": "cmartin", "login": "cmartin",
		"samaccountname": "cmartin", "telephonenumber": "+33123456789", "phone": "+33123456789", "department": "Finance",
		"manager": "Alex Dubois", "title": "Comptable", "l": "Lyon", "location": "Lyon", "employeenumber": "10432",
	}
	person := map[string]any{}
	for _, a := range d.Attributes {
		value, ok := known[strings.ToLower(a)]
		if !ok {
			value = a
		}
		person[a] = value
	}
	return person
}

// mockList is a list whose items have the properties formulas usually read.
func mockList() any {
	var items []any
	for _, n := range []string{"1", "2", "3"} {
		item := map[string]any{}
		for _, name := range []string{"text", "name", "label", "title"} {
			item[name] = "Test " + n
		}
		item["id"], item["value"], item["code"] = n, n, n
		items = append(items, item)
	}
	return items
}

// MockResult turns the mock answer of an effect into its result: for a REST or
// SOAP call, {status, body, headers} or the body alone.
func MockResult(e *Effect) Result {
	res := Result{Key: e.Key, Status: OK, Body: e.Mock}
	switch e.Kind {
	case REST, SOAP:
		mockReply(&res, e.Mock)
	case Directory:
		if m, ok := e.Mock.(map[string]any); !ok || m["found"] == false {
			res.Status = Missing
		} else if _, whole := m["attributes"]; !whole {
			res.Body = map[string]any{"found": true, "attributes": m}
		}
	}
	return res
}

func mockReply(res *Result, mock any) {
	res.Code = 200
	m, ok := mock.(map[string]any)
	if !ok {
		return
	}
	status, hasStatus := m["status"].(float64)
	body, hasBody := m["body"]
	if !hasBody && !hasStatus {
		return
	}
	res.Body = body
	if hasStatus {
		res.Code = int(status)
	}
	if res.Code >= 400 {
		res.Status = HTTP
	}
	if headers, ok := m["headers"].(map[string]any); ok {
		res.Headers = map[string]string{}
		for k, v := range headers {
			res.Headers[strings.ToLower(k)] = entry.MachineText(v)
		}
	}
}
