package scim

import (
	"net/http"

	"selfhelp/app/fault"
	"selfhelp/app/transfer/scim"
	"selfhelp/app/web/frame"
)

// config says what of SCIM there is.
func (s *Door) config(w http.ResponseWriter, v *frame.Visit) error {
	yes, no := map[string]any{"supported": true}, map[string]any{"supported": false}
	return frame.ShowJSON(w, http.StatusOK, media, map[string]any{
		"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"},
		"patch":   yes, "etag": yes, "changePassword": no, "sort": no,
		"bulk":   map[string]any{"supported": false, "maxOperations": 0, "maxPayloadSize": body},
		"filter": map[string]any{"supported": true, "maxResults": mostCount},
		"authenticationSchemes": []any{map[string]any{
			"type": "oauthbearertoken", "name": "Bearer token", "description": "A token with the scope provision, of an administrator of the server", "primary": true,
		}},
	})
}

// types lists the kinds of resources, or says one.
func (s *Door) types(w http.ResponseWriter, v *frame.Visit) error {
	kind := func(name, schema string, more ...any) map[string]any {
		return map[string]any{
			"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:ResourceType"}, "id": name, "name": name,
			"endpoint": "/" + name + "s", "schema": schema, "schemaExtensions": append([]any{}, more...),
		}
	}
	return showOneOf(w, v.PathValue("type"), []map[string]any{
		kind("User", scim.UserSchema, map[string]any{"schema": scim.EnterpriseSchema, "required": false}), kind("Group", scim.GroupSchema),
	})
}

// schemas lists what resources are made of, or says it of one.
func (s *Door) schemas(w http.ResponseWriter, v *frame.Visit) error {
	schema := func(id, name string, attributes ...any) map[string]any {
		return map[string]any{"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:Schema"}, "id": id, "name": name, "attributes": attributes}
	}
	return showOneOf(w, v.PathValue("schema"), []map[string]any{
		schema(scim.UserSchema, "User",
			attribute("userName", "string", "unique", "required"), attribute("externalId", "string"),
			attribute("name", "complex", attribute("givenName", "string"), attribute("familyName", "string"), attribute("honorificPrefix", "string"), attribute("formatted", "string")),
			attribute("displayName", "string"), attribute("title", "string"), attribute("preferredLanguage", "string"), attribute("locale", "string"), attribute("active", "boolean"),
			attribute("emails", "complex", "several", attribute("value", "string"), attribute("type", "string"), attribute("primary", "boolean")),
			attribute("addresses", "complex", "several", attribute("locality", "string"), attribute("type", "string"), attribute("primary", "boolean"))),
		schema(scim.EnterpriseSchema, "EnterpriseUser", attribute("department", "string")),
		schema(scim.GroupSchema, "Group", attribute("displayName", "string", "unique", "required"),
			attribute("members", "complex", "several", attribute("value", "string"), attribute("type", "string"))),
	})
}

// attribute describes one attribute; more are marks, and attributes below it.
func attribute(name, kind string, more ...any) map[string]any {
	a := map[string]any{
		"name": name, "type": kind, "multiValued": false, "required": false, "caseExact": false,
		"mutability": "readWrite", "returned": "default", "uniqueness": "none",
	}
	var parts []any
	for _, m := range more {
		mark, _ := m.(string)
		switch mark {
		case "unique":
			a["uniqueness"] = "server"
		case "required":
			a["required"] = true
		case "several":
			a["multiValued"] = true
		default:
			parts = append(parts, m)
		}
	}
	if parts != nil {
		a["subAttributes"] = parts
	}
	return a
}

// showOneOf sends the one of an id, or all without one.
func showOneOf(w http.ResponseWriter, id string, all []map[string]any) error {
	if id == "" {
		return frame.ShowJSON(w, http.StatusOK, media, map[string]any{
			"schemas": []string{scim.ListSchema}, "totalResults": len(all), "startIndex": 1, "itemsPerPage": len(all), "Resources": all,
		})
	}
	for _, one := range all {
		if one["id"] == id {
			return frame.ShowJSON(w, http.StatusOK, media, one)
		}
	}
	return fault.New(fault.NotFound, "fault.not_found")
}
