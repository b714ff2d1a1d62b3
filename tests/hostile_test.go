package tests

import (
	"go/ast"
	"strings"
	"testing"
)

// threat is something a hostile or unlucky person does, and the tests that
// hold the product to its answer, each as folder.Name; a folder stands for
// those below it too. What no test holds has its reason.
type threat struct {
	name, does string
	held       []string
	not        string
}

// threats is what we defend against. A row without a test says why.
var threats = []threat{
	// What writers, imports and answers put into texts.
	{name: "scripts in texts", does: "writes elements that run or change how a page is parsed into the text of a step", held: []string{"app/richtext.TestAttacks", "app/richtext.FuzzHTML", "app/web/studio/editor.TestEditorEscapes"}},
	{name: "addresses that run", does: "writes links whose address runs code, hidden behind tabs, entities and capitals", held: []string{"app/richtext.TestAttacks", "app/execution.TestRedirects"}},
	{name: "frames and forms in texts", does: "brings a frame, a form, a base or a refresh into a text", held: []string{"app/richtext.TestAttacks"}},
	{name: "styles in texts", does: "covers the page or fetches something by a style", held: []string{"app/richtext.TestAttacks", "app/web/frame.TestEveryAnswerHasItsHeaders"}},
	{name: "pictures elsewhere", does: "follows readers by a picture on another server", held: []string{"app/richtext.TestAttacks", "app/web/frame.TestEveryAnswerHasItsHeaders"}},
	{name: "markup as an answer", does: "answers with HTML that the next page, the report or the Studio shows", held: []string{"app/web/portal.TestAnswersAreOnlyEverText", "app/execution.TestAnswersAreNeverReadAsTemplates", "app/terminal.TestTextsDoNotDriveTheTerminal"}},
	{name: "formulas as an answer", does: "answers with a placeholder, in the hope that it is evaluated", held: []string{"app/formula.TestAnswersAreNeverReadAgain", "app/execution.TestAnswersAreNeverReadAsTemplates", "app/web/portal.TestAnswersAreOnlyEverText"}},
	{name: "answers in requests", does: "answers with what means something in an address, a header, JSON or XML", held: []string{"app/execution.TestRequests", "app/execution.TestForbiddenRequests"}},

	// What writers write into formulas and trees.
	{name: "formulas without end", does: "writes formulas and scripts that never end, grow or nest without bound", held: []string{"app/formula.TestHostileFormulas", "app/formula.TestHostileScripts", "app/formula.TestHostileTemplates", "app/formula.TestBudgetIsShared", "app/execution.TestEndlessProcedures"}},
	{name: "formulas that look around", does: "reaches for files, the environment or the inside of Go values", held: []string{"app/formula.TestFormulasReachNothing", "app/formula.TestFormulasChangeNothing"}},
	{name: "numbers and dates at their edges", does: "computes with infinities, minus nought, overflows, leap seconds and hours that do not exist", held: []string{"app/formula.TestEveryResultIsAValue", "app/web/portal.TestOnlyWhatIsOfferedIsTaken"}},
	{name: "patterns that explode", does: "gives a field a pattern that backtracks and answers at length", held: []string{"app/execution.TestLongPatternsAreHarmless", "app/formula.TestPattern"}},
	{name: "unseen circles", does: "draws a circle of steps that show nothing", held: []string{"app/check.TestEndlessRounds", "app/execution.TestEndlessProcedures"}},
	{name: "giants", does: "writes ten thousand steps, five thousand answers on one page, calls within calls", held: []string{"app/check.TestLargeProjectsAreCheckedInTime", "app/check.TestHostileProjects", "app/execution.TestLargeProcedures", "app/execution.TestCallsAreBounded", "app/drawing.TestLargeTreesAreDrawnInTime"}},
	{name: "calls in a circle", does: "lets procedures of several projects call one another for ever", held: []string{"app/execution.TestCallsAreBounded", "app/check.TestEndlessRounds", "app/publication.TestWhatIsCalledMustBeShared"}},

	// What people do with executions.
	{name: "jumping ahead", does: "opens or posts to a later step by its address", held: []string{"app/web/portal.TestNoStepCanBeJumpedTo", "app/execution.TestShow", "app/execution.TestStaleAnswers"}},
	{name: "answers not offered", does: "sends a choice that is not there, hidden or for others", held: []string{"app/web/portal.TestOnlyWhatIsOfferedIsTaken", "app/execution.TestConditions"}},
	{name: "the same answer again", does: "clicks twice, resends, or sends eight at once, in the hope of two tickets", held: []string{"app/web/portal.TestDoubleClickIsOneAnswer", "app/web/portal.TestOneTicketForManyClicks", "store.TestTheSameAnswerInParallel", "store.TestOneEffect", "app/execution.TestEffectKeys"}},
	{name: "back and elsewhere", does: "goes back and takes another branch", held: []string{"app/web/portal.TestBackAndAnotherBranch", "app/execution.TestAnotherBranchAfterBack"}},
	{name: "a version withdrawn on the way", does: "goes on with an execution whose version was replaced or withdrawn", held: []string{"app/web/portal.TestExecutionsEndOnTheirVersion", "app/publication.TestExecutionsGoOnOnTheirVersion"}},
	{name: "executions of others", does: "guesses or copies the id, code, secret or state of someone else's execution", held: []string{"app/web/portal.TestAnotherPersonsExecutionDoesNotExist", "app/web/portal.TestTokensOfOthersAreRefused", "app/web/api.TestSecretsOpenOneExecution", "app/web/portal.TestPauseAndResumeElsewhere", "app/execution/journey.TestForeignTokensAreRefused"}},
	{name: "swarms", does: "begins executions by the thousand without an account", held: []string{"app/web/portal.TestSwarmsAreSlowedDown", "app/web/frame.TestLimiterForgets", "store.TestAbandon", "store.TestPurge"}},
	{name: "a clock that jumps", does: "sets the server's clock back an hour or forward a year", held: []string{"app/execution.TestTheClockMayJump", "store.TestTheClockMayJump"}},

	// What is sent in forms and to the API.
	{name: "forms of another shape", does: "sends fields that are missing, of another type, twice or unknown", held: []string{"app/web/api.TestBodiesAreStrict", "app/web/api.FuzzCheckJSON", "app/web/portal.TestOnlyWhatIsOfferedIsTaken", "app/execution.TestWrongValuesAreRefused", "app/procedure/edit.FuzzRead"}},
	{name: "forms without end", does: "sends a gigabyte, a million fields, ten thousand parts, or a byte a second", held: []string{"tests.TestEveryFormIsBounded", "app/web/portal.TestFormsAreBounded", "app/web/frame.TestASlowBodyMustKeepComing", "tests.TestSlowClients"}},
	{name: "letters that deceive", does: "sends noughts, marks of direction, broken UTF-8, and logins that look the same", held: []string{"app/execution.TestUnicodeIsCleaned", "store.TestLoginTwins", "store.TestLoginsThatCannotBe", "store.TestNamesThatCannotBe", "app/web.TestSignIn"}},

	// What is uploaded.
	{name: "drawings that run", does: "uploads an SVG with a script, a foreign object or a way out", held: []string{"app/transfer.TestExamine", "app/web/portal.TestUploads", "app/web/portal.TestResourceFiles"}},
	{name: "files that lie", does: "uploads a page, a script or a program under another name", held: []string{"app/transfer.TestExamine", "app/web/portal.TestUploads", "app/web/portal.TestSentFilesAreOnlyGivenToKeep"}},
	{name: "floods of pixels", does: "uploads a picture of a few bytes and billions of pixels", held: []string{"app/transfer.TestExamine", "app/web/portal.TestUploads"}},
	{name: "names that lead elsewhere", does: "uploads under a name with a path, a line end, a device or four thousand letters", held: []string{"app/web/portal.TestSentFilesAreOnlyGivenToKeep", "app/web/portal.TestResourceFiles", "store.TestFilesRefused"}},
	{name: "the same file again and again", does: "uploads one file a thousand times", held: []string{"app/web/portal.TestSameFileIsKeptOnce", "store.TestTheSameFileAtOnce", "app/web/portal.TestStrangersFilesAreNotKept", "app/web/portal.TestAPersonSendsSoMuch"}},
	{name: "viruses", does: "uploads a file that a scanner knows", held: []string{"app/web/portal.TestScannedFiles", "app/web/portal.TestSentFilesAreOnlyGivenToKeep", "app/connect.TestScanner"}},

	// What is imported.
	{name: "archives that climb out", does: "imports entries with paths, links or devices", held: []string{"app/transfer.TestHostileNames", "app/transfer.TestHostileEntries"}},
	{name: "archives that swell", does: "imports bombs, overlapping entries, sizes that lie, endless tables", held: []string{"app/transfer.TestBombs", "app/transfer.TestLyingSizes", "app/transfer.TestOverlappingEntries", "app/transfer.TestHugeTableOfContents"}},
	{name: "archives of other people's things", does: "imports a project that names the ids of another", held: []string{"app/transfer.TestForeignUIDsAreRenewed", "app/edition.TestImportLeavesOthersAlone"}},
	{name: "archives cut short", does: "imports half an archive, or one with a changed byte", held: []string{"app/transfer.TestDamagedZips", "app/edition.TestImportRefusals", "store.TestReplaceProject", "tests.TestKilledAtWork"}},
	{name: "office files with entities", does: "imports Word or Excel files that fetch or run something", not: "Word and Excel are not read yet; as resources they are only given to download"},
	{name: "broken dictionaries", does: "imports a dictionary with wrong separators, encodings or circles of synonyms", not: "the agent has no dictionary yet"},
	{name: "archives of the future", does: "imports what a newer product wrote", held: []string{"app/transfer.TestRefusals", "app/procedure.TestReadRefuses"}},

	// Signing in.
	{name: "two first administrators", does: "opens the setup form twice at once, or again later", held: []string{"app/web.TestSetupIsRunOnce", "app/web.TestSetup", "store.TestSetupToken"}},
	{name: "forged words of others", does: "signs in with a token or an assertion that is unsigned, of another key, expired, for another server, or used before", held: []string{"app/login/oidc.TestHostileTokens", "app/login/oidc.TestHostileAnswers", "app/login/trusted.TestRefusedClaims", "app/login/trusted.TestRefusedSignatures", "app/login/trusted.TestReplayedAssertions"}},
	{name: "providers that turn", does: "answers as a provider without end, never, or with addresses of scripts", held: []string{"app/login/oidc.TestProvidersThatAreAway", "app/login/oidc.TestHostileDescriptions"}},
	{name: "wrapped assertions", does: "moves a signed assertion aside and puts another where it is read, or two of one id", held: []string{"app/login/saml.TestWrapped", "app/login/saml.TestWrappedInDisguise", "app/login/saml.TestAnotherAssertion", "app/login/saml.TestDuplicateIDs", "app/login/saml.TestUnsigned"}},
	{name: "comments in names", does: "splits a name in an assertion by a comment, to be read as somebody else", held: []string{"app/login/saml.TestCommentInName"}},
	{name: "answers brought again", does: "brings an assertion a second time, late, early, for another server or by another browser", held: []string{"app/login/saml.TestReplayed", "app/login/saml.TestNotForUs", "app/web.TestAnswersThatAreNot"}},
	{name: "weak and borrowed keys", does: "signs with HMAC, SHA-1, a key in the message, a transform of their own", held: []string{"app/login/saml.TestAlgorithmsArePinned", "app/login/saml.TestEncryptionIsPinned"}},
	{name: "XML that unfolds", does: "sends entities, document types and messages that inflate or nest without end", held: []string{"app/login/saml.TestBomb", "app/login/saml.TestNotXMLAsWeReadIt", "app/login/saml.TestEncryptedDocumentType"}},
	{name: "ways back that lead elsewhere", does: "signs somebody in and sends them to another site", held: []string{"app/web.TestComingBackStaysHere", "app/login/saml.TestRelayStateIsOnlyCarried"}},
	{name: "the same name elsewhere", does: "has the login, name or mail of somebody here at another provider", held: []string{"app/web.TestTheSameNameElsewhere", "app/login/saml.TestSameNameFromAnotherProvider", "app/admission.TestAccountsThatWereThereBefore"}},
	{name: "logins that are filters", does: "writes signs of filters and names into a login, or leaves the password empty", held: []string{"app/login/ldap.TestAuthenticate", "app/login/ldap.TestDirectBind", "app/admission.TestPeopleOfADirectoryComeIn"}},
	{name: "directories that are others", does: "stands in for a directory, strips StartTLS, refers elsewhere", held: []string{"app/login/ldap.TestConnections"}},
	{name: "directories that hang or lie", does: "never answers, answers without end, or has lost everybody", held: []string{"app/login/ldap.TestStuckDirectory", "app/login/ldap.TestEverybody", "app/admission.TestADirectoryThatLostEverybody"}},
	{name: "a cut network", does: "cuts a server off its directory to come in by an old password", held: []string{"app/admission.TestWithoutTheDirectory", "app/web/admin/signin.TestSessionsWithoutADirectory"}},
	{name: "half a sign-in", does: "goes on with a password alone, or shows a code twice or late", held: []string{"app/web.TestCodesOfAnApp", "app/web.TestStaffMustShowMore"}},
	{name: "copied passkeys and codes", does: "shows a passkey of another site, of somebody else or a copy, or a code a second time", held: []string{"app/login/factor.TestHostilePasskeys", "app/login/factor.TestReplayedAndMixedUpCeremonies", "app/login/factor.TestCodes", "app/login/factor.TestRecovery"}},
	{name: "floods of guesses", does: "tries a million passwords at one account, or one at a million accounts, from one address or from many, or keeps somebody out that way", held: []string{"app/login.TestGuessesAreFew", "app/login.TestOneOutsiderLocksNobodyOut", "app/login.TestTheLineGoesByRank", "app/web.TestGuessingIsSlowedDown", "app/web.TestAFloodShutsNobodyOut"}},
	{name: "passwords everybody tries", does: "guesses words, runs along the keyboard and stolen lists", held: []string{"app/login.TestEasyPasswords", "app/login.TestListsOfHashes"}},
	{name: "sessions planted or stolen", does: "plants a session before signing in, or puts one in an address", held: []string{"app/web.TestSessionsAreGuarded"}},
	{name: "sessions after the end", does: "goes back after signing out", held: []string{"app/web.TestSignOut"}, not: "with presentation servers of their own, sessions end there too: those servers come later"},
	{name: "a stolen database", does: "reads sessions out of a copy", held: []string{"store.TestSessionTokensAreNotKept", "store.TestKeysStay"}},
	{name: "requests of other sites", does: "lets a browser post from another site, sign it in, or change something by a link", held: []string{"tests.TestOtherSitesSendNothing", "app/web/frame.TestFailures", "app/web/api.TestBodiesAreStrict", "app/web/portal.TestLinksDoNothingInTheWorld", "app/web.TestRoutesAreWhole", "tests.TestOtherMethods"}},
	{name: "framing", does: "frames our pages, or sends them messages", held: []string{"app/web/frame.TestEveryAnswerHasItsHeaders", "tests.TestNoMessageIsListenedTo"}, not: "embedding is not built: nobody may frame a page"},
	{name: "foreign origins", does: "reads our answers from another origin, or from none", held: []string{"app/web/frame.TestForeignOriginsAreNotReflected"}},

	// Rights.
	{name: "other people's projects", does: "names a project, procedure, file or report of others by its id", held: []string{"tests.TestOtherPeoplesProjects", "app/web.TestEveryRouteForEveryone", "app/web.TestMatrixOfRoutes", "app/access.TestExplainIsCan", "app/web/portal.TestCategoryOfAGroup", "app/web/studio/editor.TestEditorIsForWriters", "app/web/admin.TestAdministrationByRole", "app/web/admin.TestDomainAdministratorsStayInTheirDomain", "app/web/api.TestProgramsReadProjects", "app/access.TestMatrix", "app/web/studio.TestPeopleOfOtherDomainsAreNotNamed"}},
	{name: "rights that were taken away", does: "goes on in an open page after being demoted or suspended", held: []string{"app/web.TestDemotionIsSeenAtOnce", "app/web.TestMatrixOfRoutes", "app/web/admin.TestDemotedAdministratorsAreRefusedAtOnce"}, not: "there are no keys of programs yet"},
	{name: "fields nobody asked for", does: "adds a role, an owner or a state to what a form sends", held: []string{"app/web/api.TestBodiesAreStrict", "app/web/admin.TestAccountsAreMadeFromNamedFields", "app/procedure.TestReadJSONRefuses"}},

	// Searching and listing.
	{name: "the search's own language", does: "searches for operators, a hundred kilobytes, only small words, or pictures", held: []string{"app/web/portal.TestSearch", "app/publication/index.FuzzSearch", "app/publication.TestSearchIsBounded"}},
	{name: "suggestions that tell", does: "learns titles of what is for others from suggestions, counts or ranks", held: []string{"app/publication.TestSearchFollowsAudiences", "app/publication.TestWhatOnlySomeAreOfferedIsNotSearched", "app/publication/index.TestForbiddenDocumentsAreNotRanked", "app/web/portal.TestPortalOfAGroup"}},
	{name: "SQL in addresses", does: "puts columns, orders, wildcards or cursors of their own into an address", held: []string{"store.TestHostileLists", "store.FuzzCursor", "store.TestNoSQLElsewhere", "app/web/admin.TestUsersList", "app/web/admin.TestAuditIsShown"}},

	// What goes out.
	{name: "formulas in tables", does: "has a name or answer that a spreadsheet would run", held: []string{"app/web/admin.TestExportsAreTame", "tests.TestTablesLeaveThroughOneDoor"}},
	{name: "tables without end", does: "exports a million executions, and leaves in the middle", held: []string{"tests.TestLongExports"}},
	{name: "mails to everyone", does: "answers with line ends or thousands of recipients in a mail", held: []string{"app/execution.TestForbiddenRequests"}, not: "nothing sends mail yet: what would be sent is built and refused by the engine"},
	{name: "line ends in headers", does: "puts a line end into a redirect, a file name or a cookie", held: []string{"app/web/frame.TestPreferences", "app/web/portal.TestSentFilesAreOnlyGivenToKeep", "app/web/portal.TestResourceFiles", "app/execution.TestRedirects", "tests.TestOddTargets"}},
	{name: "forged lines in logs", does: "answers with a line end and what looks like a log", held: []string{"app/web/portal.TestNoLineIsForged", "store.TestNamesThatCannotBe"}},

	// Power, disks and other processes.
	{name: "power cuts", does: "kills the server while people answer, publish, import, or while it migrates", held: []string{"tests.TestKilledAtWork", "store.TestKilled", "store.TestMigrationCutByPower", "store.TestHalfAPublication", "store.TestHalfAFile"}, not: "nothing makes backups yet, so that none can be cut short"},
	{name: "disks that fail", does: "fills the disk, makes it read-only, lets writing or syncing fail", held: []string{"tests.TestDiskWithoutRoom", "tests.TestDiskThatFails", "tests.TestReadOnlyFolder", "store.TestDiskFull", "store.TestReadOnlyDisk", "store.TestWriteErrors"}},
	{name: "other hands on the database", does: "opens the folder twice, puts it on a network, exchanges the file under the server", held: []string{"tests.TestFoldersThatCannotBeUsed", "tests.TestDatabaseExchanged", "store.TestASecondProcessIsRefused", "store.TestKindsOfFileSystem", "store.TestAReplacedDatabase", "app/web/frame.TestHealthSaysWhatIsWrong"}},
	{name: "other versions of the product", does: "starts an old product on a new database, a new one on an old, or cuts the power between", held: []string{"tests.TestFoldersThatCannotBeUsed", "store.TestANewerDatabaseIsRefused", "store.TestMigrationKeepsACopy", "store.TestMigrationCutByPower", "store.TestAFailedMigrationLeavesTheShapeBefore"}},
	{name: "requests in disguise", does: "smuggles a request in another, sends huge headers, odd paths and odd methods", held: []string{"tests.TestRequestsThatTwoReadersReadDifferently", "tests.TestOddTargets", "tests.TestOtherMethods", "app/web/frame.TestFailures", "app/web/frame.TestAddressIsBelievedFromProxiesOnly"}, not: "the second protocol's resets are bounded by Go's own server"},

	// Several people, several languages, several abilities.
	{name: "two writers at once", does: "saves what someone else saved meanwhile, or links to what they deleted", held: []string{"store.TestTwoWritersOfTheSameVersion", "app/web/studio/editor.TestEditorKeepsWhatOthersWrote", "app/procedure/edit.TestConflicts", "app/procedure/edit.TestOvertaken", "app/web/studio/editor.TestEditorTakesNothingAwayUnseen", "app/web/studio.TestTwoWritersOfTheSettings", "app/web/studio.TestTwoWritersOfAResource", "app/web/studio.TestSettingsKeepWhatWasTyped", "app/web/studio.TestUploadsBesideOtherWriters", "app/web/studio.TestNotesAreReadAnsweredAndClosed", "app/web/admin.TestConflictsKeepWhatWasTyped", "app/web/admin.TestConflictsShowMemberships"}},
	{name: "languages half there", does: "runs a procedure in a language that lacks texts", held: []string{"app/execution.TestDatedTextsAndLanguages", "app/check.TestTexts", "views/ui.TestWords", "views/ui.TestSameSentences"}, not: "there is no language written from the right yet: sheets use logical properties only"},
	{name: "people without a mouse, a script or sharp eyes", does: "uses the product by keyboard, without script, enlarged, or by ear", held: []string{"tests/browser.TestAccessibility", "tests/browser.TestNoPageIsWiderThanTheScreen", "app/web/portal.TestJourney", "tests.TestSoak"}, not: "no test listens to a screen reader: the accessibility rules stand for it"},
}

// TestEveryThreatIsHeld looks for every test that the table names.
func TestEveryThreatIsHeld(t *testing.T) {
	tests := testsByFolder(t)
	seen := map[string]bool{}
	for _, row := range threats {
		if seen[row.name] {
			t.Errorf("%s stands twice", row.name)
		}
		seen[row.name] = true
		if row.does == "" || len(row.held) == 0 && row.not == "" {
			t.Errorf("%s: neither a test nor a reason", row.name)
		}
		for _, held := range row.held {
			folder, name, _ := strings.Cut(held, ".")
			if !anyBelow(tests[name], folder) {
				t.Errorf("%s: there is no test %s in %s", row.name, name, folder)
			}
		}
	}
}

// testsByFolder lists the folders of each test function of the module.
func testsByFolder(t *testing.T) map[string][]string {
	found := map[string][]string{}
	for _, src := range sources(t) {
		if !src.test {
			continue
		}
		for _, decl := range src.file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil && (strings.HasPrefix(fn.Name.Name, "Test") || strings.HasPrefix(fn.Name.Name, "Fuzz")) {
				found[fn.Name.Name] = append(found[fn.Name.Name], src.pkg)
			}
		}
	}
	return found
}

// anyBelow reports whether one of the folders is another, or below it.
func anyBelow(folders []string, top string) bool {
	for _, f := range folders {
		if f == top || strings.HasPrefix(f, top+"/") {
			return true
		}
	}
	return false
}
