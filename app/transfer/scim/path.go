package scim

import (
	"encoding/json"
	"strings"

	filter "github.com/scim2/filter-parser/v2"
)

// target is what a path leads to, its names in small letters.
type target struct {
	schema, name, sub string
	filter            *among // which of several; nil: all
}

// among says which of several values are meant: by one comparison, as programs
// really write it.
type among struct{ name, value string }

// isOurs reports whether the value kept here is meant: the one for work, the
// primary one, or that which stands there.
func (a among) isOurs(now string) bool {
	switch a.name {
	case "type":
		return strings.EqualFold(a.value, "work")
	case "primary":
		return a.value == "true"
	case "value":
		return strings.EqualFold(a.value, now)
	}
	return false
}

// tooLong refuses what is not worth parsing: the parser bounds neither length nor
// depth.
func tooLong(written string) bool {
	return len(written) > maxFilter || strings.Count(written, "(") > maxNested || strings.Count(written, "[") > 1
}

// parsePath reads the path of an operation.
func parsePath(path string) (target, error) {
	if tooLong(path) {
		return target{}, wrong(InvalidPath, "the path is too long")
	}
	read, err := filter.ParsePath([]byte(path))
	if err != nil {
		return target{}, wrong(InvalidPath, "the path is not one of RFC 7644")
	}
	at := target{name: strings.ToLower(read.AttributePath.AttributeName), sub: strings.ToLower(read.AttributePath.SubAttributeName())}
	if uri := read.AttributePath.URI(); uri != "" {
		at.schema = strings.ToLower(uri)
	}
	if read.SubAttribute != nil {
		at.sub = strings.ToLower(*read.SubAttribute)
	}
	if read.ValueExpression != nil {
		one, is := read.ValueExpression.(*filter.AttributeExpression)
		if !is || one.Operator != filter.EQ {
			return at, wrong(InvalidFilter, "a value is chosen by one comparison with eq")
		}
		at.filter = &among{strings.ToLower(one.AttributePath.AttributeName), written(one.CompareValue)}
	}
	return at, nil
}

// unquoted is a compared string as it is meant: the parser leaves its escapes, which
// are those of JSON (RFC 7644, section 3.4.2.2).
func unquoted(written string) (string, bool) {
	var value string
	err := json.Unmarshal([]byte(`"`+written+`"`), &value)
	return value, err == nil
}

// written is a compared value as a text.
func written(value any) string {
	switch value := value.(type) {
	case string:
		text, _ := unquoted(value)
		return text
	case bool:
		if value {
			return "true"
		}
		return "false"
	}
	return ""
}

// Filter says which accounts or groups a list shows. What is empty filters
// nothing.
type Filter struct{ ID, UserName, ExternalID, Mail, DisplayName string }

// ParseFilter reads the filter of a list: comparisons with eq of what identifies
// somebody, with and between them.
func ParseFilter(text string) (f Filter, err error) {
	if text == "" {
		return f, nil
	}
	if tooLong(text) {
		return f, wrong(InvalidFilter, "the filter is too long")
	}
	read, err := filter.ParseFilter([]byte(text))
	if err != nil {
		return f, wrong(InvalidFilter, "the filter is not one of RFC 7644")
	}
	return f, f.add(read)
}

func (f *Filter) add(e filter.Expression) error {
	switch e := e.(type) {
	case *filter.LogicalExpression:
		if e.Operator != filter.AND {
			return wrong(InvalidFilter, "only and stands between comparisons here")
		}
		if err := f.add(e.Left); err != nil {
			return err
		}
		return f.add(e.Right)
	case *filter.ValuePath:
		if one, is := e.ValueFilter.(*filter.AttributeExpression); is && strings.EqualFold(e.AttributePath.AttributeName, "emails") && strings.EqualFold(one.AttributePath.AttributeName, "value") {
			return f.compare("emails.value", one)
		}
	case *filter.AttributeExpression:
		name := e.AttributePath.AttributeName
		if e.AttributePath.SubAttributeName() != "" {
			name += "." + e.AttributePath.SubAttributeName()
		}
		return f.compare(strings.ToLower(name), e)
	}
	return wrong(InvalidFilter, "this kind of filter is not taken here")
}

// compare adds one comparison; two different ones of the same attribute are of
// nobody.
func (f *Filter) compare(name string, e *filter.AttributeExpression) error {
	into := map[string]*string{"id": &f.ID, "username": &f.UserName, "externalid": &f.ExternalID, "emails.value": &f.Mail, "emails": &f.Mail, "displayname": &f.DisplayName}[name]
	value, is := e.CompareValue.(string)
	if is {
		value, is = unquoted(value)
	}
	switch {
	case into == nil || e.Operator != filter.EQ:
		return wrong(InvalidFilter, "lists are filtered by id, userName, externalId, emails.value or displayName, with eq")
	case !is || value == "":
		return wrong(InvalidFilter, "%s is compared with a string", name)
	case *into != "" && *into != value:
		return wrong(InvalidFilter, "%s is compared twice", name)
	}
	*into = value
	return nil
}
