package api

import (
	"encoding/json"
	"net/http"
	"path"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/web/frame"
)

// openAPI describes the API: made from the route table and the types that the
// handlers read and write, so that it cannot say anything else.
func (s *API) openAPI() []byte {
	d := describer{schemas: map[string]any{}, names: map[reflect.Type]string{}}
	paths := map[string]any{}
	for _, rt := range s.table() {
		if rt.Role&s.Role == 0 {
			continue
		}
		method, address, _ := strings.Cut(rt.Pattern, " ")
		at, _ := paths[address].(map[string]any)
		if at == nil {
			at = map[string]any{}
			paths[address] = at
		}
		at[strings.ToLower(method)] = d.operation(rt, address)
	}
	body, err := json.Marshal(map[string]any{
		"openapi": "3.1.0",
		"info":    map[string]any{"title": "Self Help", "version": path.Base(apiRoot), "description": apiAbout},
		"paths":   paths,
		"components": map[string]any{
			"schemas": d.schemas,
			"securitySchemes": map[string]any{
				"session":   map[string]any{"type": "apiKey", "in": "cookie", "name": s.CookieName(frame.SessionCookie), "description": "The session of a signed-in user. Calls that change something are refused from other sites."},
				"token":     map[string]any{"type": "http", "scheme": "bearer", "bearerFormat": frame.TokenPrefix + "…", "description": tokenAbout()},
				"execution": map[string]any{"type": "http", "scheme": "bearer", "description": "The secret of one execution, given when a visitor without an account starts it."},
			},
		},
	})
	if err != nil {
		panic("describe the API: " + err.Error()) // it is made of texts and maps, and a test makes it
	}
	return body
}

const apiAbout = "Start procedures and drive their executions, find what is published, and read reports. Bodies are single JSON objects; " +
	"names that are not described, or stand twice, are refused, in bodies and in addresses. Instants are RFC 3339 texts; " +
	"lengths of time are whole milliseconds, in names that are or end in ms. Failures are application/problem+json (RFC 9457)."

// describer gathers the schemas of types.
type describer struct {
	schemas map[string]any
	names   map[reflect.Type]string
}

var pathParameter = regexp.MustCompile(`\{([a-z]+)\}`)

// operation describes one call.
func (d *describer) operation(rt described, address string) map[string]any {
	call := rt.apiCall
	parameters := []any{}
	for _, found := range pathParameter.FindAllStringSubmatch(address, -1) {
		parameters = append(parameters, map[string]any{"name": found[1], "in": "path", "required": true, "schema": map[string]any{"type": "string"}})
	}
	for _, q := range call.query {
		parameters = append(parameters, map[string]any{"name": q.name, "in": "query", "description": q.about, "required": q.required, "schema": q.schema()})
	}
	status := call.status
	if status == 0 {
		status = http.StatusOK
	}
	op := map[string]any{
		"operationId": call.id, "summary": call.summary, "parameters": parameters, "security": securityOf(rt.Needs),
		"responses": map[string]any{
			strconv.Itoa(status): map[string]any{"description": call.summary, "content": d.content(mediaJSON, call.reply)},
			"default":            map[string]any{"description": "Refused or failed", "content": d.content(frame.MediaProblem, apiProblem{})},
		},
	}
	if call.body != nil {
		content := d.content(mediaJSON, call.body)
		if call.files {
			content[mediaParts] = map[string]any{"schema": map[string]any{
				"type": "object", "required": []string{answerPart}, "description": "Files, each under the name of its input",
				"properties":           map[string]any{answerPart: content[mediaJSON].(map[string]any)["schema"]},
				"additionalProperties": map[string]any{"type": "string", "format": "binary"},
			}}
		}
		op["requestBody"] = map[string]any{"required": true, "content": content}
	}
	return op
}

// securityOf says how a caller is known where a permission is asked.
func securityOf(needs access.Permission) []any {
	scopes := []any{}
	for _, s := range access.ScopesFor(needs) {
		scopes = append(scopes, s)
	}
	session, token, secret, nobody := map[string]any{"session": []any{}}, map[string]any{"token": scopes}, map[string]any{"execution": []any{}}, map[string]any{}
	switch needs {
	case access.Public, access.RunProcedure:
		return []any{nobody, token, session}
	case access.ContinueExecution, access.ReadExecution:
		return []any{token, session, secret}
	}
	return []any{token, session}
}

// tokenAbout says what a token is, and its scopes.
func tokenAbout() string {
	var scopes []string
	for _, s := range access.Scopes() {
		scopes = append(scopes, string(s))
	}
	return "A token of an account, made in its profile. It may what its owner may, as far as its scopes leave it: " + strings.Join(scopes, ", ") +
		". One of the scopes named at a call is enough. Cookies sent with it are not read."
}

func (d *describer) content(media string, of any) map[string]any {
	return map[string]any{media: map[string]any{"schema": d.schema(reflect.TypeOf(of))}}
}

var marshaler = reflect.TypeFor[json.Marshaler]()

// schema describes a type; a struct stands among the named ones.
func (d *describer) schema(t reflect.Type) map[string]any {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return map[string]any{"type": "string", "format": "date-time"}
	case t.Kind() == reflect.Pointer:
		return d.schema(t.Elem())
	case t.Implements(marshaler) || reflect.PointerTo(t).Implements(marshaler):
		return map[string]any{}
	}
	switch t.Kind() {
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Float32, reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return map[string]any{"type": "integer"}
	case reflect.Slice, reflect.Array:
		return map[string]any{"type": "array", "items": d.schema(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": d.schema(t.Elem())}
	case reflect.Struct:
		return map[string]any{"$ref": "#/components/schemas/" + d.named(t)}
	}
	return map[string]any{} // any value
}

// named describes a struct once, under a name of its own.
func (d *describer) named(t reflect.Type) string {
	if name, known := d.names[t]; known {
		return name
	}
	name := strings.TrimPrefix(t.Name(), "api")
	name = strings.ToUpper(name[:1]) + name[1:]
	if _, taken := d.schemas[name]; taken {
		owner := path.Base(t.PkgPath())
		name = strings.ToUpper(owner[:1]) + owner[1:] + name
	}
	d.names[t] = name
	d.schemas[name] = nil // taken while its fields, which may be of it, are described
	properties, required := map[string]any{}, []any{}
	d.fields(t, properties, &required)
	d.schemas[name] = map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
	return name
}

func (d *describer) fields(t reflect.Type, properties map[string]any, required *[]any) {
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct:
			d.fields(f.Type, properties, required)
			continue
		case !f.IsExported() || name == "-":
			continue
		case name == "":
			name = f.Name
		}
		properties[name] = d.schema(f.Type)
		if !strings.Contains(options, "omit") {
			*required = append(*required, name)
		}
	}
}
