package procedure

import (
	"embed"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// typeFiles are the files that declare the language: their comments are the
// descriptions of the schema, so that there is one text to keep right.
//
//go:embed date.go form.go procedure.go project.go scenario.go step.go step_automatic.go step_flow.go step_interactive.go text.go operation.go
var typeFiles embed.FS

// JSONSchema returns the schema (JSON Schema 2020-12) of projects, procedures,
// scenarios and operations, made from the Go types: in JSON as the API speaks
// it, and in YAML as archives hold it.
var JSONSchema = sync.OnceValue(func() []byte {
	s := schemaMaker{defs: map[string]any{}, comments: readComments()}
	var roots []any
	for _, t := range []reflect.Type{reflect.TypeFor[Project](), reflect.TypeFor[Procedure](), reflect.TypeFor[Scenario](), reflect.TypeFor[Operation]()} {
		roots = append(roots, s.of(t))
	}
	body, err := json.MarshalIndent(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"$id":     fmt.Sprintf("urn:selfhelp:schema:%d", Schema),
		"title":   "Self Help: projects, procedures, scenarios and operations",
		"anyOf":   roots,
		"$defs":   s.defs,
	}, "", "  ")
	if err != nil {
		panic(fmt.Sprintf("write the JSON Schema: %v", err)) // made of maps and texts: a test makes it
	}
	return append(body, '\n')
})

type schemaMaker struct {
	defs     map[string]any
	comments map[string]string // of "Step" and "Step.Next"
}

// of returns the schema of a type; that of a struct or closed list stands
// among the definitions.
func (s *schemaMaker) of(t reflect.Type) map[string]any {
	switch {
	case t == textType:
		return s.define("Text", s.textSchema)
	case t == dateType:
		return map[string]any{"type": "string", "format": "date"}
	case closedLists[t] != nil:
		return s.define(t.Name(), func() map[string]any { return map[string]any{"type": "string", "enum": closedLists[t]} })
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.of(t.Elem())
	case reflect.Struct:
		return s.define(t.Name(), func() map[string]any { return s.object(t) })
	case reflect.Slice:
		return map[string]any{"type": "array", "items": s.of(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": s.of(t.Elem())}
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer"}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	}
	return map[string]any{}
}

// define makes a definition once and returns a reference to it.
func (s *schemaMaker) define(name string, schema func() map[string]any) map[string]any {
	if _, known := s.defs[name]; !known {
		s.defs[name] = nil // types may hold themselves
		def := schema()
		if words := s.comments[name]; words != "" {
			def["description"] = words
		}
		s.defs[name] = def
	}
	return map[string]any{"$ref": "#/$defs/" + name}
}

func (s *schemaMaker) object(t reflect.Type) map[string]any {
	all := map[string]any{}
	var required, parts []string
	for _, p := range properties(t) {
		f := t.FieldByIndex(p.index)
		all[p.Name] = s.property(t, &p, f)
		if !p.omit {
			required = append(required, p.Name)
		}
		if t == stepType && f.Type.Kind() == reflect.Pointer {
			parts = append(parts, p.Name)
		}
	}
	object := map[string]any{"type": "object", "properties": all, "additionalProperties": false}
	if required != nil {
		object["required"] = required
	}
	if parts != nil {
		var one []any
		for _, part := range parts {
			one = append(one, map[string]any{"required": []string{part}})
		}
		object["oneOf"] = one
	}
	return object
}

func (s *schemaMaker) property(t reflect.Type, p *Property, f reflect.StructField) map[string]any {
	schema := s.of(f.Type)
	words := s.comments[t.Name()+"."+f.Name]
	if len(p.index) > 1 {
		words = s.comments[t.FieldByIndex(p.index[:1]).Name+"."+f.Name]
	}
	if words != "" {
		schema["description"] = words
	}
	if p.Role != "" && p.Role != "apart" {
		schema["x-is"] = strings.Join(append([]string{p.Role}, p.more...), " ")
	}
	if p.Name == "schema" {
		schema["const"] = Schema
	}
	if p.One != nil && closedLists[f.Type] == nil {
		schema["enum"] = append([]string{""}, p.One...)
	}
	if p.Min != 0 || p.Max != 0 {
		schema["minimum"], schema["maximum"] = p.Min, p.Max
	}
	if pattern := spellings[p.Role]; pattern != nil && f.Type.Kind() == reflect.String {
		schema["pattern"] = pattern.String()
	}
	if p.Role == "alias" {
		schema["maxLength"] = maxAlias
	}
	return schema
}

// textSchema describes both forms of a text.
func (s *schemaMaker) textSchema() map[string]any {
	words := map[string]any{
		"type": "object", "propertyNames": map[string]any{"pattern": languagePattern.String()},
		"additionalProperties": map[string]any{"type": "string"},
	}
	long := map[string]any{
		"type": "object", "additionalProperties": false, "minProperties": 1,
		"properties": map[string]any{"in": words, "dated": map[string]any{"type": "array", "items": s.of(reflect.TypeFor[DatedText]())}},
	}
	return map[string]any{"anyOf": []any{words, long}}
}

// readComments reads the comments of the types and their fields from the
// source, by name.
func readComments() map[string]string {
	comments := map[string]string{}
	files, err := typeFiles.ReadDir(".")
	if err != nil {
		panic(fmt.Sprintf("read the embedded types: %v", err))
	}
	for _, file := range files {
		source, err := typeFiles.ReadFile(file.Name())
		if err != nil {
			panic(fmt.Sprintf("read the embedded types: %v", err))
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file.Name(), source, parser.ParseComments)
		if err != nil {
			panic(fmt.Sprintf("parse the embedded types: %v", err))
		}
		for _, decl := range tree.Decls {
			if d, ok := decl.(*ast.GenDecl); ok && d.Tok == token.TYPE {
				commentsOf(d, comments)
			}
		}
	}
	return comments
}

func commentsOf(d *ast.GenDecl, comments map[string]string) {
	for _, spec := range d.Specs {
		t, ok := spec.(*ast.TypeSpec)
		if !ok {
			continue
		}
		comments[t.Name.Name] = flat(d.Doc.Text())
		fields, ok := t.Type.(*ast.StructType)
		if !ok {
			continue
		}
		for _, f := range fields.Fields.List {
			words := strings.TrimSpace(f.Doc.Text() + " " + f.Comment.Text())
			for _, name := range f.Names {
				comments[t.Name.Name+"."+name.Name] = flat(words)
			}
		}
	}
}

// flat writes a comment on one line.
func flat(words string) string { return strings.Join(slices.Collect(strings.FieldsSeq(words)), " ") }
