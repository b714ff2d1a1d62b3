package api

import (
	"net/http"
	"net/url"
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/store"
)

// apiRoot is where the API stands.
const apiRoot = "/api/v1"

const (
	apiBody   = 256 << 10
	mediaJSON = "application/json"
)

// apiCall says of a route of the API what its description needs: values of the
// types it takes and gives, never used as values.
type apiCall struct {
	id      string // of the operation
	summary string
	query   []apiParameter
	body    any // nil: takes none
	reply   any
	status  int  // 0: 200
	files   bool // it may come in parts, with files
}

// described is a route with what its description needs.
type described struct {
	frame.Route
	apiCall
}

// showAPI sends the reply of a call.
func showAPI(w http.ResponseWriter, reply any) error {
	return frame.ShowJSON(w, http.StatusOK, mediaJSON, reply)
}

// apiIndex is the reply of the API's root.
type apiIndex struct {
	Name    string            `json:"name"`
	Version string            `json:"version,omitempty"` // of the product, for its administrators
	Links   map[string]string `json:"links"`
	Calls   []apiListed       `json:"calls"`
}

// apiListed is a call as the root lists it.
type apiListed struct {
	Method  string `json:"method"`
	Address string `json:"address"`
	About   string `json:"about"`
}

// front leads from the API's door to its present version.
func (s *API) front(w http.ResponseWriter, v *frame.Visit) error {
	http.Redirect(w, v.Request, apiRoot, http.StatusTemporaryRedirect)
	return nil
}

func (s *API) index(w http.ResponseWriter, v *frame.Visit) error {
	index := apiIndex{Calls: []apiListed{}, Name: v.Words.T("product"), Links: map[string]string{
		"openapi": apiRoot + "/openapi.json", "schema": apiRoot + "/schema", "domains": apiRoot + "/domains",
		"projects": apiRoot + "/projects", "procedures": apiRoot + "/procedures", "executions": apiRoot + "/executions",
	}}
	for _, one := range s.table() {
		if method, address, _ := strings.Cut(one.Pattern, " "); one.Role&s.Role != 0 {
			index.Calls = append(index.Calls, apiListed{method, address, one.summary})
		}
	}
	if v.RulesServer() {
		index.Version = s.Build
	}
	return showAPI(w, index)
}

// schema gives the schema of procedures.
func (s *API) schema(w http.ResponseWriter, _ *frame.Visit) error {
	w.Header().Set("Content-Type", "application/schema+json")
	_, err := w.Write(procedure.JSONSchema())
	return err
}

// bearer is the secret of an execution that a request brings, and whether it
// brings any. One that brings a secret is not known by its cookies. A token is
// no such secret: the frame knew whose it is.
func bearer(v *frame.Visit) (secret string, has bool) {
	if v.ByToken() {
		return "", false
	}
	return frame.Bearer(v.Request), v.Header.Get("Authorization") != ""
}

// signBearer makes the secret with which its visitor goes on with an execution.
func (s *API) signBearer(execution, owner string) string {
	return s.Keys.Sign("bearer", execution+"|"+owner)
}

// bearerOf returns the visitor whose secret for an execution a request brings.
func (s *API) bearerOf(secret, execution string) (owner string, err error) {
	said, ok := s.Keys.Verify("bearer", secret)
	of, owner, _ := strings.Cut(said, "|")
	if !ok || of != execution || owner == "" {
		return "", fault.New(fault.Unauthenticated, "fault.api.token")
	}
	return owner, nil
}

// execution is the subject of the calls about one execution.
func (s *API) execution(v *frame.Visit) (access.Thing, error) {
	thing, _, err := s.provenExecution(v)
	return thing, err
}

// provenExecution reads the execution of the address; the thing has its owner
// where the request proves that it is the owner's.
func (s *API) provenExecution(v *frame.Visit) (access.Thing, store.Execution, error) {
	id := v.PathValue("execution")
	if len(id) > 64 {
		return access.Thing{}, store.Execution{}, frame.Unknown()
	}
	secret, has := bearer(v)
	if has {
		owner, err := s.bearerOf(secret, id)
		if err != nil {
			return access.Thing{}, store.Execution{}, err
		}
		v.Who, v.Groups, v.Token = access.Identity{Anonymous: true, ID: owner}, nil, ""
	}
	kept, err := s.KeptExecution(v, id)
	if err != nil {
		return access.Thing{}, kept, err
	}
	thing := access.Thing{Domain: v.Pass.Domain}
	switch {
	case has && kept.User == "" && s.Keys.IsMark("owner", v.Who.ID, kept.Owner):
		thing.Owner = v.Who.ID
	case !has && s.Holds(v, kept):
		s.NameHolder(v)
		thing.Owner = v.Who.ID
	}
	v.Pass.Owner = v.Who.ID
	return thing, kept, nil
}

// report is the subject of an execution's report: its owner may read it, and
// those to whom its project gives that right.
func (s *API) report(v *frame.Visit) (access.Thing, error) {
	thing, kept, err := s.provenExecution(v)
	if err != nil || thing.Owner != "" {
		return thing, err
	}
	p, err := s.Content.Project(v.Context(), kept.Project)
	if fault.Is(err, fault.NotFound) {
		return thing, nil // a presentation server knows no rights
	}
	if err != nil {
		return thing, err
	}
	return s.WrittenThing(v, p)
}

// entry is the subject of a procedure's calls: as that of its address.
func (s *API) entry(v *frame.Visit) (access.Thing, error) {
	q := v.URL.Query()
	v.Form = url.Values{"in": {q.Get("domain")}, "v": {q.Get("version")}}
	v.PostForm = url.Values{}
	return s.EntryPoint(v)
}
