package access

import (
	"slices"
	"testing"
)

const (
	domain  = "production"
	group   = "support"
	theUser = "u1"
)

// cast lists the people of the tests. Each is theUser unless said otherwise.
func cast() map[string]Identity {
	account := func(role Role, domains []string, groups ...string) Identity {
		return Identity{ID: theUser, Login: "someone", Role: role, Domains: domains, Groups: GroupsOf(groups...)}
	}
	here, elsewhere := []string{domain}, []string{"sandbox"}
	return map[string]Identity{
		"nobody":              {},
		"visitor":             {ID: "visit", Anonymous: true},
		"visitor with claims": {ID: theUser, Anonymous: true, Role: Administrator, Domains: []string{EveryDomain}, Groups: GroupsOf(group)},
		"unknown role":        account("root", here, group),
		"user":                account(User, here),
		"user in group":       account(User, here, group),
		"user elsewhere":      account(User, elsewhere, group),
		"user of no domain":   account(User, nil, group),
		"writer":              account(Writer, here),
		"writer in group":     account(Writer, here, group),
		"writer elsewhere":    account(Writer, elsewhere, group),
		"manager":             account(Manager, here),
		"manager elsewhere":   account(Manager, elsewhere, group),
		"expert":              account(Expert, here),
		"designer":            account(Designer, here),
		"suspended":           {ID: theUser, Role: Administrator, Domains: []string{EveryDomain}, Groups: GroupsOf(group), Suspended: true},
		"admin":               account(Administrator, here),
		"admin elsewhere":     account(Administrator, elsewhere),
		"admin by a group":    {ID: theUser, Role: Administrator, Domains: []string{elsewhere[0], domain}, ByGroup: []string{domain}, Groups: GroupsOf(group)},
		"server admin":        account(Administrator, []string{EveryDomain}),
	}
}

func project(grants ...Grant) *Project {
	return &Project{Audience: Audience{group}, Grants: GrantsOf(grants...)}
}

// toUser and toGroup grant rights to theUser and to the group.
func toUser(rights ...Right) (all []Grant) {
	for _, r := range rights {
		all = append(all, Grant{Right: r, User: theUser})
	}
	return all
}

func toGroup(rights ...Right) (all []Grant) {
	for _, r := range rights {
		all = append(all, Grant{Right: r, Group: group})
	}
	return all
}

// TestMatrix holds every permission against people and things: what is not
// listed must be refused.
func TestMatrix(t *testing.T) {
	open := []Permission{Public}
	in := []Permission{Public, SignedIn}
	portal := []Permission{Public, SignedIn, SeeProject, RunProcedure}
	desk := []Permission{Public, SignedIn, EnterStudio, CreateProject}
	whole := []Permission{ReadExecution, ReadProject, TestProject, ModifyProject, DesignProject, DuplicateProject, ApproveProject, PublishProject, ReadReports, AdministerProject}
	inside := []Permission{Public, SignedIn, EnterStudio}
	reads := []Permission{ReadExecution, ReadProject, TestProject, ApproveProject, ReadReports}
	owned := Thing{Domain: domain, Project: &Project{Owner: theUser, Audience: Audience{group}}}
	mine := []Permission{ContinueExecution, ReadExecution}
	plain := Thing{Domain: domain, Project: project()}
	granting := func(grants []Grant) Thing { return Thing{Domain: domain, Project: project(grants...)} }

	for _, c := range []struct {
		name string
		who  string
		on   Thing
		may  []Permission
	}{
		{"nobody", "nobody", plain, open},
		{"nobody, nothing", "nobody", Thing{}, open},
		{"visitor", "visitor", plain, open},
		{"claims of a visitor are nothing", "visitor with claims", granting(toUser(Rights()...)), open},
		{"a role nobody knows is nothing", "unknown role", granting(toUser(Rights()...)), open},
		{"public project", "visitor", Thing{Domain: domain, Project: &Project{Public: true}}, []Permission{Public, SeeProject, RunProcedure}},
		{"public project, narrow procedure", "visitor", Thing{Domain: domain, Project: &Project{Public: true}, Procedure: Audience{group}}, []Permission{Public, SeeProject}},
		{"public project, narrow procedure, namesake group", "user elsewhere", Thing{Domain: domain, Project: &Project{Public: true}, Procedure: Audience{group}}, []Permission{Public, SignedIn, SeeProject}},
		{"public project, another domain", "user elsewhere", Thing{Domain: domain, Project: &Project{Public: true}}, portal},
		{"visitor's own execution", "visitor", Thing{Domain: domain, Project: project(), Owner: "visit"}, append(mine, open...)},
		{"someone's execution", "visitor", Thing{Domain: domain, Project: project(), Owner: theUser}, open},
		{"an execution of nobody", "nobody", Thing{Domain: domain, Project: project()}, open},

		{"user, not of the audience", "user", plain, in},
		{"user, audience", "user in group", plain, portal},
		{"user, no audience set", "user", Thing{Domain: domain, Project: &Project{}}, portal},
		{"user, narrow procedure", "user in group", Thing{Domain: domain, Project: project(), Procedure: Audience{"finance"}}, []Permission{Public, SignedIn, SeeProject}},
		{"user, another domain", "user elsewhere", plain, in},
		{"user of no domain", "user of no domain", plain, open},
		{"user, rights do not make a writer", "user in group", granting(toUser(Rights()...)), portal},
		{"user's own execution", "user", Thing{Domain: domain, Project: project(), Owner: theUser}, append(mine, in...)},

		{"writer, no right", "writer", plain, desk},
		{"writer elsewhere", "writer elsewhere", granting(toUser(Rights()...)), []Permission{Public, SignedIn, EnterStudio}},
		{"writer, a right for someone else", "writer", Thing{Domain: domain, Project: project(Grant{Right: Administration, User: "u2"})}, desk},
		{"writer, a right for nobody", "writer", Thing{Domain: domain, Project: project(Grant{Right: Administration})}, desk},
		{"writer, a right no one knows", "writer", granting(toUser("everything")), desk},
		{"writer, administration", "writer", granting(toUser(Administration)), append(whole, desk...)},
		{"writer, modification", "writer", granting(toUser(Modification)), append(desk, ReadProject, TestProject, ModifyProject, DesignProject, ReadReports, ReadExecution)},
		{"writer, duplication", "writer", granting(toUser(Duplication)), append(desk, ReadProject, DuplicateProject)},
		{"writer, execution", "writer", granting(toUser(Execution)), append(desk, ReadProject, TestProject)},
		{"writer, publication", "writer", granting(toUser(Publication)), append(desk, ReadProject, TestProject, PublishProject)},
		{"writer, approval", "writer", granting(toUser(Approval)), append(desk, ReadProject, TestProject, ApproveProject, ReadReports, ReadExecution)},
		{"writer, owner", "writer", owned, slices.Concat(whole, desk, []Permission{GiveProject})},
		{"writer elsewhere, owner", "writer elsewhere", owned, inside},
		{"user, owner", "user", owned, in},
		{"a project of nobody", "writer", Thing{Domain: domain, Project: &Project{}}, append(desk, SeeProject, RunProcedure)},

		{"manager", "manager", plain, append(reads, inside...)},
		{"manager elsewhere", "manager elsewhere", granting(toUser(Rights()...)), inside},
		{"manager, publication", "manager", granting(toUser(Publication)), slices.Concat(reads, inside, []Permission{PublishProject})},
		{"manager, modification", "manager", granting(toUser(Modification)), slices.Concat(reads, inside, []Permission{ModifyProject, DesignProject})},
		{"manager, owner", "manager", owned, slices.Concat(whole, inside, []Permission{GiveProject})},

		{"expert", "expert", plain, inside},
		{"expert, modification", "expert", granting(toUser(Modification)), inside},
		{"expert, every right but those of experts", "expert", granting(toUser(Administration, Modification, Duplication, Publication)), inside},
		{"expert, execution", "expert", granting(toUser(Execution)), append(inside, ReadProject, TestProject)},
		{"expert, approval", "expert", granting(toUser(Approval)), append(reads, inside...)},
		{"expert, owner", "expert", owned, inside},

		{"designer", "designer", plain, append(inside, ReadProject, TestProject, DesignProject)},
		{"designer, modification", "designer", granting(toUser(Modification)), append(inside, ReadProject, TestProject, ModifyProject, DesignProject, ReadReports, ReadExecution)},

		{"suspended", "suspended", owned, open},
		{"category", "user in group", Thing{Domain: domain, Project: project(), Categories: []Audience{nil, {"finance"}}}, []Permission{Public, SignedIn, SeeProject}},
		{"category one is in", "user in group", Thing{Domain: domain, Project: project(), Categories: []Audience{{"finance", group}, {group}}}, portal},
		{"category of a public project", "visitor", Thing{Domain: domain, Project: &Project{Public: true}, Categories: []Audience{{group}}}, []Permission{Public, SeeProject}},
		{"category, then procedure", "user in group", Thing{Domain: domain, Project: project(), Categories: []Audience{{group}}, Procedure: Audience{"finance"}}, []Permission{Public, SignedIn, SeeProject}},

		{"version on trial with others", "user in group", Thing{Domain: domain, Project: project(), Version: Version{"2.0", Audience{"lyon"}}}, []Permission{Public, SignedIn}},
		{"version on trial with one's group", "user in group", Thing{Domain: domain, Project: project(), Version: Version{"2.0", Audience{"lyon", group}}}, portal},
		{"version on trial of a public project", "visitor", Thing{Domain: domain, Project: &Project{Public: true}, Version: Version{"2.0", Audience{group}}}, []Permission{Public}},
		{"version on trial with a group of the same name elsewhere", "user elsewhere", Thing{Domain: domain, Project: &Project{Public: true}, Version: Version{"2.0", Audience{group}}}, []Permission{Public, SignedIn}},
		{"version on trial with a group that is gone", "user", Thing{Domain: domain, Project: &Project{}, Version: Version{"2.0", Audience{"gone"}}}, []Permission{Public, SignedIn}},

		{"writer, through a group", "writer in group", granting(toGroup(Duplication)), append(portal, EnterStudio, CreateProject, ReadProject, DuplicateProject)},
		{"writer, through a group one left", "writer", granting(toGroup(Administration)), desk},

		{"admin", "admin", plain, slices.Concat(whole, desk, []Permission{GiveProject, AdministerDomain})},
		{"admin, someone's execution", "admin", Thing{Domain: domain, Project: project(), Owner: "u2"}, slices.Concat(whole, desk, []Permission{GiveProject, AdministerDomain})},
		{"admin elsewhere", "admin elsewhere", granting(toUser(Rights()...)), []Permission{Public, SignedIn, EnterStudio}},
		{"admin by a group", "admin by a group", plain, append(desk, SeeProject, RunProcedure)},
		{"admin by a group, what the project gives", "admin by a group", granting(toGroup(Modification)), append(desk, SeeProject, RunProcedure, ReadProject, TestProject, ModifyProject, DesignProject, ReadExecution, ReadReports)},
		{"admin, no project", "admin", Thing{Domain: domain}, append(desk, AdministerDomain)},
		{"admin, nothing", "admin", Thing{}, []Permission{Public, SignedIn, EnterStudio}},
		{"server admin", "server admin", plain, slices.Concat(whole, desk, []Permission{GiveProject, AdministerDomain, AdministerServer, Provision})},
		{"server admin, nothing", "server admin", Thing{}, []Permission{Public, SignedIn, EnterStudio, AdministerServer, Provision}},
	} {
		who, ok := cast()[c.who]
		if !ok {
			t.Fatalf("%s: no %q in the cast", c.name, c.who)
		}
		for _, p := range Permissions() {
			got := Can(who, p, c.on)
			if want := slices.Contains(c.may, p); got.Allowed != want {
				t.Errorf("%s: %s: got %v (%s), want %v", c.name, p, got.Allowed, got.Because, want)
			}
			if got.Because == "" {
				t.Errorf("%s: %s: no reason given", c.name, p)
			}
		}
	}
}

func TestRefusalsSayWhy(t *testing.T) {
	on := Thing{Domain: domain, Project: project(), Owner: "u2"}
	for _, c := range []struct {
		who string
		do  Permission
		why Reason
	}{
		{"server admin", "fly", NotKnown},
		{"server admin", "", NotKnown},
		{"visitor", SeeProject, NotSignedIn},
		{"visitor", EnterStudio, NotSignedIn},
		{"visitor", ModifyProject, NotSignedIn},
		{"user elsewhere", RunProcedure, NotOfDomain},
		{"user", RunProcedure, NotOfAudience},
		{"user", ModifyProject, NotOfRole},
		{"writer", ModifyProject, NotGranted},
		{"writer", AdministerDomain, NotOfRole},
		{"admin", AdministerServer, NotOfDomain},
		{"admin by a group", AdministerDomain, NotAttached},
		{"server admin", ContinueExecution, NotOwner},
	} {
		if d := Can(cast()[c.who], c.do, on); d.Allowed || d.Because != c.why {
			t.Errorf("%s, %s: got %+v, want %s", c.who, c.do, d, c.why)
		}
	}
}

func TestEveryStudioPermissionHasRights(t *testing.T) {
	for p, enough := range opens {
		if !slices.Contains(Permissions(), p) {
			t.Errorf("%s is not in the list of permissions", p)
		}
		if enough&(setOf(Administration)|ownership) == 0 {
			t.Errorf("%s: administration of a project must open it", p)
		}
	}
}
