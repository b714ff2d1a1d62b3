package access

// Thing is what a permission is asked on. Fill in what the permission is
// about; what is missing never opens anything.
type Thing struct {
	Domain     string     // id; that of the project, when there is one
	Project    *Project   // nil: the domain or the server itself
	Version    Version    // of the project; the zero value: whatever is for everyone
	Categories []Audience // of the procedure's category and of those above it
	Procedure  Audience   // of the procedure; none: as the project
	Owner      string     // whose execution it is: an identity's ID
}

// Project is what access needs to know of a project.
type Project struct {
	Owner    string   // an identity's ID: whoever made it, or was given it
	Public   bool     // visitors need not sign in, and the audience is everyone
	Audience Audience // who it is for, once published
	Grants   Grants   // who may do what with it in the Studio
}

// Version is what access needs to know of a version of a project: one that is on
// trial is for some of those whom the project is for.
type Version struct {
	Number   string   // as people write it: 2.0
	Audience Audience // none: whoever the project is for
}

// Audience is the list of groups that something published is for; none:
// everyone who reaches what it stands in.
type Audience []string
