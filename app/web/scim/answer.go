package scim

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"selfhelp/app/admission"
	"selfhelp/app/fault"
	"selfhelp/app/transfer/scim"
	"selfhelp/app/web/frame"
)

// media is the type of what is said here.
const media = "application/scim+json"

// The lengths of lists.
const (
	usualCount = 100
	mostCount  = 200
)

// handler answers a call about what a method keeps.
type handler func(http.ResponseWriter, *frame.Visit, admission.Method) error

// method finds the method by which programs keep accounts.
func (s *Door) method(do handler) frame.Handler {
	return func(w http.ResponseWriter, v *frame.Visit) error {
		m, err := s.Desk.Provisioning(v.Context())
		if err != nil {
			return err
		}
		return misread(do(w, v, m))
	}
}

// misread makes what SCIM calls wrong a failure of ours.
func misread(err error) error {
	if e, is := errors.AsType[*scim.Error](err); is && fault.KindOf(err) == fault.Internal {
		kind := fault.Invalid
		switch e.Type {
		case scim.Uniqueness:
			kind = fault.Conflict
		case scim.TooMany:
			kind = fault.TooLarge
		}
		return fault.Because(kind, err, "fault.provision.request")
	}
	return err
}

// refuse says a failure as RFC 7644 §3.12 writes it.
func refuse(w http.ResponseWriter, v *frame.Visit, kind fault.Kind, err error) error {
	key, args := fault.TextOf(err)
	status, detail := frame.Statuses[kind], v.Sentence(key, args)
	said := map[string]any{"schemas": []string{scim.ErrorSchema}}
	switch e, is := errors.AsType[*scim.Error](err); {
	case is:
		said["scimType"], detail = e.Type, e.Detail
	case key == "fault.stale":
		status = http.StatusPreconditionFailed
	case key == "fault.provision.protected" || key == "fault.provision.own":
		said["scimType"] = scim.Mutability
	case kind == fault.Conflict:
		said["scimType"] = scim.Uniqueness
	case kind == fault.Invalid:
		said["scimType"] = scim.InvalidValue
	}
	for _, words := range v.FieldTexts(err) {
		detail = words
	}
	if kind == fault.Invalid {
		status = http.StatusBadRequest
	}
	said["status"], said["detail"] = strconv.Itoa(status), detail
	return frame.ShowJSON(w, status, media, said)
}

// show sends a resource, or that it is as the program has it.
func (s *Door) show(w http.ResponseWriter, v *frame.Visit, status int, r resource) error {
	w.Header().Set("ETag", r.etag)
	if v.Method == http.MethodGet && names(v.Header.Get("If-None-Match"), r.etag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	if status == http.StatusCreated {
		w.Header().Set("Location", s.whole(v, r.kind, r.id))
	}
	return frame.ShowJSON(w, status, media, s.bodyOf(v, r))
}

// resource is an account or a group as SCIM has it.
type resource struct {
	kind, id, etag   string // kind is User or Group
	body             map[string]any
	created, changed time.Time
}

func (s *Door) bodyOf(v *frame.Visit, r resource) map[string]any {
	meta := map[string]any{"resourceType": r.kind, "location": s.whole(v, r.kind, r.id), "version": r.etag}
	if !r.created.IsZero() {
		meta["created"], meta["lastModified"] = r.created.Format(time.RFC3339), r.changed.Format(time.RFC3339)
	}
	r.body["id"], r.body["meta"] = r.id, meta
	return r.body
}

// whole is the address of a resource.
func (s *Door) whole(v *frame.Visit, kind, id string) string {
	origin := s.Origin
	if origin == "" {
		origin = (&url.URL{Scheme: map[bool]string{true: "https", false: "http"}[v.Secure], Host: v.Host}).String()
	}
	return origin + root + "/" + kind + "s/" + url.PathEscape(id)
}

// names reports whether a header of versions names one.
func names(header, etag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		if part = strings.TrimSpace(part); part == "*" || part == etag && etag != "" {
			return true
		}
	}
	return false
}

// unchanged refuses a change of what is not as the program has it.
func unchanged(v *frame.Visit, etag string) error {
	if wanted := v.Header.Get("If-Match"); wanted != "" && !names(wanted, etag) {
		return fault.New(fault.Conflict, "fault.stale")
	}
	return nil
}

// page is the part of a list that a program asks for.
func page(v *frame.Visit) (start, count int, err error) {
	q := v.URL.Query()
	start, count = 1, usualCount
	for name, into := range map[string]*int{"startIndex": &start, "count": &count} {
		if text := q.Get(name); text != "" {
			if *into, err = strconv.Atoi(text); err != nil {
				return 0, 0, &scim.Error{Type: scim.InvalidValue, Detail: name + " is not a number"}
			}
		}
	}
	return max(1, start), min(max(0, count), mostCount), nil
}

// showList sends a part of a list.
func (s *Door) showList(w http.ResponseWriter, v *frame.Visit, total int64, start int, list []resource) error {
	all := make([]any, len(list))
	for i, r := range list {
		all[i] = s.bodyOf(v, r)
	}
	return frame.ShowJSON(w, http.StatusOK, media, map[string]any{
		"schemas": []string{scim.ListSchema}, "totalResults": total, "startIndex": start, "itemsPerPage": len(all), "Resources": all,
	})
}

// read reads the body of a call.
func read(v *frame.Visit) ([]byte, error) {
	kind, _, err := mime.ParseMediaType(v.Header.Get("Content-Type"))
	if err != nil || kind != media && kind != "application/json" {
		return nil, fault.Because(fault.Unsupported, err, "fault.provision.media")
	}
	content, err := io.ReadAll(v.Body)
	if err != nil {
		return nil, frame.Unreadable(err)
	}
	return content, nil
}
