package scim

import "strings"

// Operation is one change that a PATCH asks for.
type Operation struct {
	Op    string // add, replace or remove
	Path  string // "": the value is an object of attributes
	Value any
}

// ReadPatch reads the body of a PATCH. Operations may be written with capitals,
// as Entra ID does.
func ReadPatch(body []byte) ([]Operation, error) {
	object, err := readObject(body)
	if err != nil {
		return nil, err
	}
	list, is := under(object, "Operations").([]any)
	if !is || len(list) == 0 {
		return nil, wrong(InvalidSyntax, "Operations is not a list of operations")
	}
	if len(list) > maxOperations {
		return nil, wrong(TooMany, "there are more than %d operations", maxOperations)
	}
	all := make([]Operation, len(list))
	for i, one := range list {
		object, is := one.(map[string]any)
		if !is {
			return nil, wrong(InvalidSyntax, "operation %d is not an object", i+1)
		}
		op, _ := under(object, "op").(string)
		path, given := under(object, "path").(string)
		all[i] = Operation{strings.ToLower(op), strings.TrimSpace(path), under(object, "value")}
		switch {
		case under(object, "path") != nil && !given:
			return nil, wrong(InvalidPath, "the path of operation %d is not a string", i+1)
		case all[i].Op != "add" && all[i].Op != "replace" && all[i].Op != "remove":
			return nil, wrong(InvalidSyntax, "operation %d is none of add, replace and remove", i+1)
		case all[i].Op == "remove" && all[i].Path == "":
			return nil, wrong(NoTarget, "operation %d removes without a path", i+1)
		}
	}
	return all, nil
}

// Patch returns the account as the operations leave it. To add to what has one
// value is to replace it.
func (u User) Patch(operations []Operation) (User, error) {
	for _, o := range operations {
		if err := u.apply(o); err != nil {
			return u, err
		}
	}
	if u.UserName == "" {
		return u, wrong(Mutability, "userName cannot be removed")
	}
	return u, nil
}

func (u *User) apply(o Operation) error {
	object, isObject := o.Value.(map[string]any)
	switch {
	case o.Path == "" && !isObject:
		return wrong(InvalidValue, "without a path the value is an object")
	case o.Path == "":
		return u.merge(object)
	case strings.EqualFold(o.Path, EnterpriseSchema) && o.Op == "remove":
		u.Department = ""
		return nil
	case strings.EqualFold(o.Path, EnterpriseSchema) || strings.EqualFold(o.Path, UserSchema) && isObject:
		return u.merge(map[string]any{o.Path: o.Value})
	}
	at, err := parsePath(o.Path)
	switch {
	case err != nil:
		return err
	case at.name == "id" || at.name == "meta" || at.name == "schemas":
		return wrong(Mutability, "%s is given by the server", at.name)
	case o.Op == "remove":
		return u.set(at, nil)
	}
	return u.set(at, o.Value)
}
