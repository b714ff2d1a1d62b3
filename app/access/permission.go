package access

// Permission is one thing that can be allowed. The list is closed: a door that
// asks for another gets a refusal.
type Permission string

// The permissions. Each route names one; Public is a value of its own, so that
// a forgotten permission is never mistaken for an open door.
const (
	Public   Permission = "public"    // everyone, signed in or not
	SignedIn Permission = "signed_in" // every account that may come in

	// The portal.
	SeeProject        Permission = "see_project"        // its pages, news and search results
	RunProcedure      Permission = "run_procedure"      // start it
	ContinueExecution Permission = "continue_execution" // answer, go back, pause, resume: its owner only
	ReadExecution     Permission = "read_execution"     // its report

	// The Studio.
	EnterStudio       Permission = "enter_studio"
	CreateProject     Permission = "create_project" // in a domain
	ReadProject       Permission = "read_project"
	TestProject       Permission = "test_project" // run what is being edited
	ModifyProject     Permission = "modify_project"
	DesignProject     Permission = "design_project"    // its look: colour, corners, logo
	DuplicateProject  Permission = "duplicate_project" // export included
	ApproveProject    Permission = "approve_project"
	PublishProject    Permission = "publish_project"
	ReadReports       Permission = "read_reports"       // everyone's executions of the project
	AdministerProject Permission = "administer_project" // its rights, its audience, its end
	GiveProject       Permission = "give_project"       // to another owner

	// The administration.
	AdministerDomain Permission = "administer_domain" // its users, groups and projects
	AdministerServer Permission = "administer_server" // domains, settings, backups
)

// Permissions returns every permission, from the open ones to the closed ones.
func Permissions() []Permission {
	return []Permission{
		Public, SignedIn,
		SeeProject, RunProcedure, ContinueExecution, ReadExecution,
		EnterStudio, CreateProject, ReadProject, TestProject, ModifyProject, DesignProject, DuplicateProject,
		ApproveProject, PublishProject, ReadReports, AdministerProject, GiveProject,
		AdministerDomain, AdministerServer,
	}
}

// opens lists, for each permission on a project in the Studio, the rights of
// which one is enough.
var opens = map[Permission]rights{
	ReadProject:       everyRight,
	TestProject:       setOf(Administration, Modification, Execution, Publication, Approval),
	ModifyProject:     setOf(Administration, Modification),
	DesignProject:     setOf(Administration, Modification),
	DuplicateProject:  setOf(Administration, Duplication),
	ApproveProject:    setOf(Administration, Approval),
	PublishProject:    setOf(Administration, Publication),
	ReadReports:       setOf(Administration, Modification, Approval),
	AdministerProject: setOf(Administration),
	GiveProject:       ownership,
}
