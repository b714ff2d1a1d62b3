// Package app wires the product: it reads the configuration, knows the table
// of commands, builds the parts, starts and stops them. It refuses to know
// anything of procedures, pages or SQL: that is the business of the packages
// below it.
//
// # The tour
//
// The house has five floors; an import goes to a lower one, and inside a floor
// only along the arrows of tests/imports_test.go.
//
//	4  entry     main.go
//	3  wiring    app, app/command, app/config, app/doctor, app/demo, app/standby
//	2  doors     app/web and its rooms, app/edition, app/platform,
//	             app/presentation, app/peer, app/certificate, app/login, app/connect,
//	             app/transfer, app/watch, app/load
//	1  keepers   store, views, assets
//	0  words     app/procedure, app/check, app/drawing, app/reference,
//	             app/formula, app/richtext, app/execution, app/publication,
//	             app/access, app/fault
//
// Start with app/procedure/step.go: it is the language writers speak. Then
// app/execution/advance.go runs it (the folders below it hold what it is made
// of, one noun each: journey, program, form, effect, entry, extract, message;
// rehearsal runs scenarios through it), app/publication freezes it, store keeps it
// and app/web shows it to people. app/decisions.md says why things are so.
//
// # The words
//
// One word each, the same in Go, SQL, addresses, screens and help.
//
//	Domain        closed space on a server: its users, groups, projects.
//	              Avoid: tenant, org.
//	Project       procedures and resources written together, in one domain.
//	              Avoid: package, app.
//	Procedure     one decision tree; an entry point if people may start it; a
//	              sub-procedure if not. Avoid: flow, guide.
//	Step          a node; interactive (a page) or automatic (unseen).
//	              Avoid: node, block, task.
//	Answer        what a person chose or filled in; an edge to the next step.
//	              Avoid: choice, option.
//	Variable      a named value. Formula: an expression over values.
//	              Placeholder: {{ formula }} inside a text.
//	Resource      image, audio, video, PDF, file, form or text used by steps.
//	              Avoid: asset (that is ours: css, js).
//	Revision      an immutable saved state of a procedure in the Studio.
//	Version       a frozen, numbered (major.minor) state of a project.
//	              Avoid: release.
//	Publication   a version compiled into a bundle and made available.
//	              Avoid: deployment.
//	Bundle        the signed read-only file of one publication.
//	Archive       a project exported for people and Git.
//	Scenario      a journey that must keep working, with what is expected.
//	Execution     one journey through a procedure, with its report.
//	              Avoid: run (verb only), session (browser only). On the
//	              portal's screens: journey, "parcours".
//	Turn          what one answer caused in an execution, appended as one.
//	Outcome       how it ended: solved, unsolved, escalated, informed, abandoned.
//	              In French "issue"; "résultat" is what a step or a scenario gives.
//	              An execution that a problem stopped failed, until its person
//	              goes on; that is no outcome.
//	Effect        what an execution asks of the outside world, as data.
//	Connector     a configured way to call a third party.
//	              Avoid: integration.
//	User, Group, Right, Role
//	              who; with whom; what on which project; server or domain duty.
//	Attribute     what an account says of its person: entity, location, skill.
//	Rule          which attributes put somebody in a group.
//	Letter        what the server writes to somebody by mail. On screens:
//	              message.
//	Roster        a list of people as a table, to be brought in.
//	Replica       the databases and files at a target, copied while the server
//	              works. Avoid: copy (what publishes or duplicates makes).
//	Epoch         a term of office: one server writes to a target from its
//	              beginning until the next one begins, in folders of its own.
//	              Avoid: generation, term.
//	Barrier       the wait until what was committed is in the replica.
//	Backup        the databases and files of one moment on another volume: a
//	              full one, or an increment on it. Avoid: snapshot, dump.
//	Edition server, Presentation server
//	              the two roles of the binary. Avoid: master, slave.
//	Platform      an edition server and the presentation servers that joined it.
//	              Avoid: cluster, farm, fleet.
//	Target        a group of presentation servers that are given the same
//	              publications. On screens: group of servers.
//	Rollout       the way of a target to another catalogue.
//	Wish          what somebody changed of their account at a presentation server,
//	              until the edition server has it.
//	Extract       the accounts, groups, rights and settings as presentation
//	              servers take them.
package app
