package tests

import (
	"go/ast"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// row says what one package may import: packages of ours by folder, modules
// of others by path, and whether it may use the machine (files, network,
// clock), which floor 0 never does.
type row struct {
	ours    []string
	outside []string
	machine bool     // may use files, processes, sockets and the clock
	never   []string // standard packages it must not use even so
}

const (
	sqliteDriver = "modernc.org/sqlite"
	scs          = "github.com/alexedwards/scs/v2"
	templ        = "github.com/a-h/templ"
	text         = "golang.org/x/text"
	crypto       = "golang.org/x/crypto"
)

// words are the packages of floor 0, which the floors above may all use.
var words = []string{
	"app/fault", "app/formula", "app/richtext", "app/procedure", "app/procedure/edit", "app/check", "app/drawing", "app/reference",
	"app/execution", "app/execution/rehearsal", "app/publication", "app/report", "app/access", "app/recovery",
}

// rows is the architecture: an import goes to a lower floor, and inside a
// floor only along what is written here. A package without a row fails.
var rows = map[string]row{
	// 4, entry. main takes the driver only to lock files safely before any is opened.
	".": {ours: []string{"app"}, outside: []string{sqliteDriver}, machine: true},

	// 3, wiring.
	"app":         {ours: with(words, "app/admission", "app/command", "app/config", "app/certificate", "app/demo", "app/web", "app/web/frame", "app/web/seal", "app/edition", "app/connect", "app/job", "app/login", "app/past", "app/peer", "app/platform", "app/post", "app/presentation", "app/standby", "app/watch", "app/watch/measure", "app/watch/systemd", "store", "store/backup", "store/disk", "store/replica", "store/replica/chain"), machine: true},
	"app/command": {ours: with(words, "app/admission", "app/certificate", "app/config", "app/connect/delivery", "app/doctor", "app/edition", "app/job", "app/load", "app/login", "app/past", "app/presentation", "app/terminal", "app/transfer", "app/watch", "store", "store/backup", "store/disk", "store/keys", "store/replica", "views/ui", "assets"), outside: []string{crypto}, machine: true, never: []string{"net/http", "database/sql"}},
	"app/standby": {ours: []string{"app/certificate", "app/command", "app/config", "app/peer", "store", "store/replica"}, machine: true, never: []string{"database/sql"}},
	"app/config":  {outside: []string{"go.yaml.in/yaml/v3"}, machine: true, never: []string{"net/http", "database/sql"}},
	"app/demo":    {ours: with(words, "app/edition", "app/login", "app/transfer", "store", "assets"), machine: true, never: []string{"net/http"}},
	// Looks at everything a server stands on, and asks it whether it is well.
	"app/doctor": {ours: []string{"app/certificate", "app/config", "app/fault", "app/login", "app/post", "store", "store/backup", "store/disk", "store/keys", "store/replica"}, machine: true, never: []string{"database/sql"}},

	// 2, doors.
	// The frame that every request goes through, the rooms that stand in it, and
	// app/web, which puts them together. Rooms do not know each other; the editor
	// is a part of the Studio.
	"app/web": {ours: with(words, "app/admission", "app/login", "app/login/factor", "app/login/oidc", "app/login/saml", "app/login/trusted", "app/post", "store", "store/people", "views", "views/ui", "app/web/frame", "app/web/legend", "app/web/drive", "app/web/portal", "app/web/studio", "app/web/studio/editor", "app/web/studio/scenario", "app/web/admin", "app/web/admin/backups", "app/web/admin/certificates", "app/web/admin/explain", "app/web/admin/intake", "app/web/admin/past", "app/web/admin/recovery", "app/web/admin/servers", "app/web/admin/signin", "app/web/api", "app/web/scim"), machine: true, never: []string{"database/sql"}},
	// It knows a disk that takes nothing, so that reading goes on.
	"app/web/frame":              {ours: with(words, "app/admission", "app/edition", "app/publication/index", "app/login", "app/past", "app/platform", "app/post", "app/transfer", "app/watch", "store", "store/trouble", "views", "views/ui", "assets", "app/web/legend", "app/web/seal"), outside: []string{templ, scs, crypto, text, "golang.org/x/time", "github.com/xuri/excelize/v2"}, machine: true, never: []string{"database/sql"}},
	"app/web/seal":               {ours: []string{"app/execution", "store"}, outside: []string{crypto}, machine: true, never: []string{"database/sql", "net/http"}},
	"app/web/legend":             {outside: []string{"golang.org/x/net/html"}, machine: true, never: []string{"database/sql"}},
	"app/web/drive":              {ours: with(words, "app/execution/entry", "app/connect", "app/transfer", "store", "views", "views/ui", "app/web/frame", "app/web/seal"), outside: []string{text, "golang.org/x/image"}, machine: true, never: []string{"database/sql"}},
	"app/web/portal":             {ours: with(words, "app/publication/index", "store", "views", "views/ui", "assets", "app/web/frame", "app/web/seal", "app/web/drive"), machine: true, never: []string{"database/sql"}},
	"app/web/studio":             {ours: with(words, "app/edition", "app/transfer", "store", "views", "views/ui", "assets", "app/web/frame", "app/web/drive"), outside: []string{text}, machine: true, never: []string{"database/sql"}},
	"app/web/studio/editor":      {ours: with(words, "app/edition", "app/transfer", "store", "views", "views/ui", "app/web/frame", "app/web/drive", "app/web/studio"), machine: true, never: []string{"database/sql"}},
	"app/web/studio/scenario":    {ours: with(words, "app/edition", "store", "views", "views/ui", "app/web/frame", "app/web/studio"), machine: true, never: []string{"database/sql"}},
	"app/web/admin":              {ours: with(words, "assets", "app/admission", "app/login/saml", "app/connect/mail", "app/platform", "app/transfer/roster", "app/job", "app/login", "app/watch", "store", "store/people", "views", "views/ui", "app/web/frame"), machine: true, never: []string{"database/sql"}},
	"app/web/admin/explain":      {ours: with(words, "app/admission", "store", "views", "views/ui", "app/web/frame", "app/web/admin"), machine: true, never: []string{"database/sql"}},
	"app/web/admin/backups":      {ours: with(words, "app/watch", "store/backup", "views", "views/ui", "app/web/frame", "app/web/admin"), machine: true, never: []string{"database/sql"}},
	"app/web/admin/recovery":     {ours: with(words, "app/post", "app/watch", "store", "views", "views/ui", "app/web/frame", "app/web/admin"), machine: true, never: []string{"database/sql"}},
	"app/web/admin/certificates": {ours: with(words, "app/certificate", "app/watch", "store", "views", "views/ui", "app/web/frame", "app/web/admin"), machine: true, never: []string{"database/sql"}},
	"app/web/admin/servers":      {ours: with(words, "app/capacity", "app/execution/entry", "app/platform", "store", "views", "views/ui", "app/web/frame", "app/web/admin"), machine: true, never: []string{"database/sql"}},
	"app/web/admin/past":         {ours: with(words, "app/past", "store", "views", "views/ui", "app/web/frame", "app/web/admin"), machine: true, never: []string{"database/sql"}},
	"app/web/admin/intake":       {ours: with(words, "app/transfer/roster", "app/login", "store", "views", "views/ui", "app/web/frame", "app/web/admin"), machine: true, never: []string{"database/sql"}},
	"app/web/admin/signin":       {ours: with(words, "app/admission", "app/login", "app/login/ldap", "app/login/oidc", "app/login/saml", "app/login/trusted", "store", "store/people", "views", "views/ui", "app/web/admin", "app/web/frame"), machine: true, never: []string{"database/sql"}},
	"app/web/api":                {ours: with(words, "app/publication/index", "store", "app/web/frame", "app/web/drive"), machine: true, never: []string{"database/sql"}},
	"app/web/scim":               {ours: with(words, "app/admission", "app/login", "app/transfer/scim", "store", "store/people", "app/web/frame"), machine: true, never: []string{"database/sql"}},
	// What the tests of the rooms share; nothing of the product imports it.
	"app/web/webtest": {ours: with(words, "app/admission", "app/login", "store", "store/storetest", "views/ui", "app/web", "app/web/frame", "app/web/seal"), machine: true, never: []string{"database/sql"}},
	"app/login":       {ours: []string{"app/access", "app/fault"}, outside: []string{crypto, scs, text, "golang.org/x/time"}, machine: true, never: []string{"database/sql"}},
	"app/login/ldap":  {ours: []string{"app/access", "app/fault", "app/login"}, outside: []string{"github.com/go-ldap/ldap/v3"}, machine: true, never: []string{"database/sql", "net/http"}},
	// Who is let in, as which account.
	"app/admission": {ours: []string{"app/access", "app/fault", "app/login", "app/login/factor", "app/login/ldap", "app/login/oidc", "app/login/saml", "app/login/trusted", "store", "store/keys", "store/people", "views/ui"}, machine: true, never: []string{"database/sql"}},
	// Starts a real directory for tests; nothing of the product imports it.
	"store/clocktest":         {machine: true},
	"store/disktest":          {machine: true},
	"store/storetest":         {machine: true},
	"app/login/ldap/ldaptest": {ours: []string{"app/login/ldap"}, outside: []string{"github.com/go-ldap/ldap/v3"}, machine: true},
	// Pure protocol: it opens nothing and takes the time as `now`.
	"app/login/saml": {ours: []string{"app/fault", "app/login"}, outside: []string{"github.com/russellhaering/gosaml2", "github.com/russellhaering/goxmldsig", "github.com/beevik/etree", "github.com/mattermost/xml-roundtrip-validator"}, never: []string{"net/http"}},
	// An identity provider for tests; nothing of the product imports it.
	"app/login/saml/samltest": {ours: []string{"app/login/saml"}, outside: []string{"github.com/russellhaering/goxmldsig", "github.com/beevik/etree"}},
	// Starts SimpleSAMLphp for tests; nothing of the product imports it.
	"app/login/saml/phptest": {ours: []string{"app/login/saml"}, machine: true, never: []string{"database/sql"}},
	// The ways to prove who one is, each by itself; app/web puts them together.
	"app/login/factor":  {ours: []string{"app/fault", "app/login"}, outside: []string{"github.com/boombuler/barcode", "github.com/go-webauthn/webauthn"}, machine: true, never: []string{"database/sql", "net/http"}},
	"app/login/oidc":    {ours: []string{"app/fault", "app/login"}, outside: []string{"github.com/coreos/go-oidc/v3", "golang.org/x/oauth2"}, machine: true, never: []string{"database/sql"}},
	"app/login/trusted": {ours: []string{"app/fault", "app/login"}, outside: []string{"github.com/go-jose/go-jose/v4"}, machine: true, never: []string{"database/sql", "net/http"}},
	// Starts HAProxy for tests; nothing of the product imports it.
	"app/login/trusted/haproxytest": {ours: []string{"app/login/trusted"}, machine: true, never: []string{"database/sql"}},
	"app/login/oidc/oidctest":       {ours: []string{"app/login/oidc"}, machine: true, never: []string{"database/sql"}},
	// Which certificate is shown to whom, and how a new one is taken.
	"app/certificate": {ours: []string{"app/fault", "store"}, outside: []string{crypto}, machine: true, never: []string{"database/sql"}},
	"app/connect":     {ours: []string{"app/fault", "app/formula", "app/procedure", "app/execution"}, machine: true, never: []string{"database/sql"}},
	// Gives one letter to a mail server; whom is written to stands in app/post.
	"app/connect/mail": {ours: []string{"app/fault", "app/login"}, outside: []string{"github.com/wneessen/go-mail"}, machine: true, never: []string{"database/sql", "net/http"}},
	// Gives one file to a file server of somebody else.
	"app/connect/delivery": {ours: []string{"app/fault"}, outside: []string{"github.com/jlaffaye/ftp", "github.com/pkg/sftp", crypto}, machine: true, never: []string{"database/sql", "net/http"}},
	// Starts real file servers for tests; nothing of the product imports it.
	"app/connect/delivery/deliverytest": {machine: true, never: []string{"database/sql"}},
	// Starts a real mail server for tests; nothing of the product imports it.
	"app/connect/mail/mailtest": {ours: []string{"app/connect/mail"}, machine: true},
	// Writes to people, in their words: the only letters are those of the catalogues.
	"app/post": {ours: []string{"app/fault", "app/recovery", "app/connect/mail", "app/job", "app/login", "store", "views/ui"}, machine: true, never: []string{"net/http", "database/sql"}},
	// What happens on a clock; the administration shows and changes its rule.
	// It joins what is kept of before with how an archive comes in.
	"app/past": {ours: []string{"app/fault", "app/procedure", "app/edition", "app/transfer", "store", "store/backup", "store/disk", "store/replica", "store/trouble", "views/ui"}, machine: true, never: []string{"net/http", "database/sql"}},
	"app/job":  {ours: []string{"app/connect/delivery", "app/fault", "store", "store/backup"}, machine: true, never: []string{"net/http", "database/sql"}},
	// How the server is, gathered and judged in one place for all who ask.
	"app/watch": {ours: []string{"app/fault", "store", "store/backup", "store/keys"}, machine: true, never: []string{"net/http", "database/sql"}},
	// The same figures as Prometheus reads them.
	"app/watch/systemd": {machine: true, never: []string{"net/http", "database/sql"}},
	"app/watch/measure": {ours: []string{"app/procedure", "app/watch", "store", "store/db"}, outside: []string{"github.com/prometheus"}, machine: true, never: []string{"database/sql"}},
	// What servers of ours say to each other.
	"app/peer": {ours: []string{"app/fault", "store/replica"}, outside: []string{"golang.org/x/net/webdav", "github.com/klauspost/compress"}, machine: true, never: []string{"database/sql"}},
	// The two ends of a platform: what a presentation server takes, and what the edition
	// server brings to each.
	"app/presentation": {ours: []string{"app/fault", "app/peer", "app/publication", "store", "store/disk", "store/extract", "store/journal", "store/keys", "store/trouble"}, machine: true, never: []string{"net/http", "database/sql"}},
	"app/platform":     {ours: []string{"app/edition", "app/fault", "app/login", "app/peer", "app/presentation", "app/publication", "store", "store/disk", "store/extract", "store/journal", "store/people", "store/trial"}, machine: true, never: []string{"net/http", "database/sql"}},
	"app/transfer":     {ours: []string{"app/fault", "app/procedure"}, outside: []string{text, "go.yaml.in/yaml/v3"}, machine: true, never: []string{"net/http", "database/sql"}},
	// SCIM as it is spelt: pure.
	"app/transfer/scim": {outside: []string{"github.com/scim2/filter-parser/v2"}},
	// People at a portal, as many as one likes: it asks by HTTP only, and reads pages.
	"app/load": {ours: []string{"app/execution/entry", "app/execution/program", "app/procedure"}, outside: []string{"golang.org/x/net/html"}, machine: true, never: []string{"database/sql"}},
	// A person at a terminal is a door too; it asks only the engine.
	"app/terminal": {ours: []string{"app/execution", "app/procedure"}, machine: true, never: []string{"net/http", "database/sql"}},
	"app/edition":  {ours: with(words, "app/transfer", "store"), machine: true, never: []string{"net/http", "database/sql"}},

	// 1, keepers. They never import each other.
	"store/trouble":  {ours: []string{"app/fault"}, outside: []string{sqliteDriver}, machine: true, never: []string{"net/http"}},
	"store/disk":     {ours: []string{"app/fault", "store/trouble"}, machine: true, never: []string{"net/http", "database/sql"}},
	"store/files":    {ours: []string{"app/fault", "store/trouble"}, machine: true, never: []string{"net/http", "database/sql"}},
	"store/shape":    {ours: []string{"app/fault", "store/disk", "store/trouble"}, machine: true, never: []string{"net/http"}},
	"store/keys":     {ours: []string{"app/fault", "store/trouble"}, outside: []string{crypto}, machine: true, never: []string{"net/http", "database/sql"}},
	"store/db":       {ours: []string{"app/fault", "store/disk", "store/shape", "store/trouble"}, outside: []string{sqliteDriver}, machine: true, never: []string{"net/http"}},
	"store/audit":    {ours: []string{"app/fault", "store/db"}, machine: true, never: []string{"net/http", "database/sql"}},
	"store/browsers": {ours: []string{"app/fault", "store/db"}, outside: []string{scs}, machine: true, never: []string{"net/http", "database/sql"}},
	"store/since":    {ours: []string{"store/db"}, never: []string{"net/http", "database/sql"}},
	"store/trial":    {ours: []string{"store/db"}, never: []string{"net/http", "database/sql"}},
	"store/people":   {ours: []string{"app/access", "app/fault", "app/procedure", "store/audit", "store/db", "store/trouble"}, machine: true, never: []string{"net/http", "database/sql"}},
	// What of the content presentation servers have.
	"store/extract": {ours: []string{"app/fault", "store/db", "store/shape"}, machine: true, never: []string{"net/http", "database/sql"}},
	// How what happened on one server comes to another.
	"store/journal": {ours: []string{"app/fault", "app/procedure", "store/audit", "store/db"}, machine: true, never: []string{"net/http", "database/sql"}},
	"store":         {ours: with(words, "store/browsers", "store/db", "store/audit", "store/extract", "store/journal", "store/people", "store/since", "store/trouble", "store/disk", "store/shape", "store/files", "store/keys"), outside: []string{sqliteDriver, scs, crypto, text, "golang.org/x/sync"}, machine: true, never: []string{"net/http"}},
	// Copies what the others keep, and brings it back; the only one that asks the replicator.
	// It knows net/http for one thing: a request of WebDAV ends with its context.
	"store/replica": {ours: []string{"store/db", "store/disk", "store/trouble", "store/replica/chain", "store/replica/steady"}, outside: []string{"github.com/benbjohnson/litestream", "github.com/superfly/ltx", "github.com/pkg/sftp", "github.com/studio-b12/gowebdav", "github.com/aws/aws-sdk-go-v2", "github.com/aws/smithy-go", crypto, "go.yaml.in/yaml/v3", "golang.org/x/sync"}, machine: true, never: []string{"database/sql"}},
	// Connections that fall silent, whatever is asked over them.
	"store/replica/steady": {outside: []string{"github.com/benbjohnson/litestream", "github.com/superfly/ltx"}, machine: true, never: []string{"database/sql", "net/http"}},
	"store/replica/chain":  {ours: []string{"store/db", "store/disk", "store/trouble"}, outside: []string{"github.com/benbjohnson/litestream", "github.com/superfly/ltx"}, machine: true, never: []string{"database/sql", "net/http"}},
	// The second way back, beside the replica and independent of it.
	"store/backup": {ours: []string{"app/fault", "store/db", "store/disk", "store/trouble"}, outside: []string{"filippo.io/age", "github.com/klauspost/compress", "github.com/superfly/ltx"}, machine: true, never: []string{"net/http", "database/sql"}},
	"views":        {ours: with(words, "views/ui", "assets"), outside: []string{templ}, machine: true, never: []string{"net/http", "database/sql", "os"}},
	"views/ui":     {ours: []string{"assets", "app/fault", "app/procedure"}, outside: []string{templ, text, "go.yaml.in/yaml/v3"}, machine: true, never: []string{"net/http", "database/sql", "os"}},
	"assets":       {outside: []string{"go.yaml.in/yaml/v3"}, machine: true, never: []string{"database/sql"}},

	// 0, words. No files, no network, no clock: they take the time as `now`.
	"app/fault":     {},
	"app/recovery":  {},
	"app/capacity":  {},
	"app/formula":   {ours: []string{"app/fault"}, outside: []string{"github.com/expr-lang/expr", text}},
	"app/richtext":  {ours: []string{"app/fault", "app/formula"}, outside: []string{"github.com/yuin/goldmark", "github.com/microcosm-cc/bluemonday", "golang.org/x/net"}},
	"app/procedure": {ours: []string{"app/fault", "app/formula"}, outside: []string{"go.yaml.in/yaml/v3", text}},
	// What a form posted, against a procedure: pure, but no business of the language.
	"app/procedure/edit": {ours: []string{"app/fault", "app/procedure"}},
	"app/reference":      {ours: []string{"app/formula", "app/procedure"}},
	"app/drawing":        {ours: []string{"app/procedure"}},
	"app/check":          {ours: []string{"app/formula", "app/procedure"}},
	// Lists of people as tables: pure, and apart from the archives of projects.
	"app/transfer/roster": {ours: []string{"app/access", "app/fault"}, outside: []string{text}},
	// The engine, one noun a package, each drawn on the ones above it.
	"app/execution/message": {},
	"app/execution/extract": {},
	"app/execution/entry":   {ours: []string{"app/formula", "app/procedure"}, outside: []string{text}},
	"app/execution/journey": {ours: []string{"app/fault", "app/procedure", "app/execution/entry"}, outside: []string{crypto}},
	"app/execution/program": {ours: []string{"app/fault", "app/formula", "app/richtext", "app/procedure", "app/execution/entry", "app/execution/message"}},
	"app/execution/form":    {ours: []string{"app/formula", "app/procedure", "app/execution/entry", "app/execution/message", "app/execution/journey", "app/execution/program"}},
	"app/execution/effect":  {ours: []string{"app/procedure", "app/execution/entry", "app/execution/message", "app/execution/program"}},
	"app/execution": {ours: []string{
		"app/fault", "app/formula", "app/procedure", "app/execution/message", "app/execution/extract", "app/execution/entry",
		"app/execution/journey", "app/execution/program", "app/execution/form", "app/execution/effect",
	}},
	"app/execution/rehearsal": {ours: []string{"app/fault", "app/formula", "app/procedure", "app/execution", "app/execution/entry", "app/execution/journey"}},

	// Statistics: what is counted becomes what is shown.
	"app/report": {ours: []string{"app/procedure"}},
	"app/access": {ours: []string{"app/fault"}, outside: []string{text}},
	// A bundle is an SQLite file: that is what it is made of, not a keeper's business.
	"app/publication/index": {outside: []string{text}},
	"app/publication":       {ours: []string{"app/fault", "app/formula", "app/richtext", "app/procedure", "app/check", "app/execution", "app/execution/rehearsal", "app/publication/index"}, outside: []string{sqliteDriver, text, "golang.org/x/sync"}, machine: true, never: []string{"net/http", "net"}},

	// Beside the floors. Everything under tests is of this row.
	"tests": {ours: []string{"*"}, outside: []string{"*"}, machine: true},
}

func with(list []string, more ...string) []string { return slices.Concat(list, more) }

// machinery are the standard packages that reach outside the process.
var machinery = []string{
	"os", "os/exec", "os/signal", "os/user", "io/ioutil", "path/filepath", "syscall", "plugin",
	"net", "net/http", "net/smtp", "net/rpc", "net/textproto", "crypto/tls",
	"database/sql", "database/sql/driver", "log", "log/slog", "math/rand", "math/rand/v2",
}

// clock are the functions of package time that ask or wait for the time.
var clock = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}

func TestImports(t *testing.T) {
	for _, src := range sources(t) {
		if src.test && src.pkg != "tests" {
			continue // tests of a package may read files and compare with others
		}
		r, known := rowOf(src.pkg)
		if !known {
			t.Errorf("%s: package %s has no row in tests/imports_test.go", src.name, src.pkg)
			continue
		}
		for _, imp := range src.file.Imports {
			name, _ := strconv.Unquote(imp.Path.Value)
			if why := r.refuses(name); why != "" {
				t.Errorf("%s imports %s: %s", src.name, name, why)
			}
		}
		if !r.machine {
			for _, call := range clockCalls(src.file) {
				t.Errorf("%s: time.%s: floor 0 takes the time as `now`", src.name, call)
			}
		}
	}
}

func rowOf(pkg string) (row, bool) {
	if pkg == "tests" || strings.HasPrefix(pkg, "tests/") {
		pkg = "tests"
	}
	r, known := rows[pkg]
	return r, known
}

// refuses says why the row does not allow an import, "" when it does.
func (r row) refuses(name string) string {
	if ours, found := strings.CutPrefix(name, "selfhelp/"); found {
		if slices.Contains(r.ours, ours) || slices.Contains(r.ours, "*") {
			return ""
		}
		return "not among ours in its row"
	}
	if first, _, _ := strings.Cut(name, "/"); strings.Contains(first, ".") {
		if slices.ContainsFunc(r.outside, func(m string) bool {
			return m == "*" || name == m || strings.HasPrefix(name, m+"/")
		}) {
			return ""
		}
		return "not among the modules in its row"
	}
	if slices.Contains(r.never, name) || !r.machine && slices.Contains(machinery, name) {
		return "this package must not use it"
	}
	return ""
}

// clockCalls lists the functions of package time that a file uses to ask or
// wait for the time.
func clockCalls(file *ast.File) []string {
	alias := importedAs(file, "time")
	var calls []string
	ast.Inspect(file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); ok && x.Name == alias && slices.Contains(clock, sel.Sel.Name) {
			calls = append(calls, sel.Sel.Name)
		}
		return true
	})
	return calls
}

// importedAs returns the name a file gives to a package, "" when it does not
// import it.
func importedAs(file *ast.File, pkg string) string {
	for _, imp := range file.Imports {
		if name, _ := strconv.Unquote(imp.Path.Value); name != pkg {
			continue
		}
		if imp.Name != nil {
			return imp.Name.Name
		}
		return path.Base(pkg)
	}
	return ""
}

// TestOnlyTheKeeperOpensDatabases holds over the table itself: a row that let
// another package take the driver would undo the architecture quietly.
func TestOnlyTheKeeperOpensDatabases(t *testing.T) {
	may := []string{".", "store", "store/db", "store/trouble", "app/publication", "tests"}
	for pkg, r := range rows {
		if r.refuses(sqliteDriver) == "" && !slices.Contains(may, pkg) {
			t.Errorf("the row of %s lets it take the SQLite driver", pkg)
		}
	}
}

// TestFloors checks the table against the floors: no row of a floor names a
// package of a higher one, and no two rows name each other.
func TestFloors(t *testing.T) {
	floor := map[string]int{".": 4, "app": 3, "app/command": 3, "app/config": 3, "app/standby": 3, "app/doctor": 3, "app/demo": 3, "store": 1, "store/trouble": 1, "store/disk": 1, "store/files": 1, "store/keys": 1, "store/shape": 1, "store/db": 1, "store/audit": 1, "store/journal": 1, "store/extract": 1, "store/people": 1, "store/browsers": 1, "store/since": 1, "store/trial": 1, "store/replica": 1, "store/replica/chain": 1, "store/replica/steady": 1, "store/backup": 1, "views": 1, "views/ui": 1, "assets": 1, "tests": 5}
	for _, pkg := range []string{"app/certificate", "app/edition", "app/job", "app/login", "app/admission", "app/connect", "app/connect/delivery", "app/connect/delivery/deliverytest", "app/connect/mail", "app/connect/mail/mailtest", "app/past", "app/peer", "app/platform", "app/post", "app/presentation", "app/transfer", "app/terminal", "app/watch", "app/watch/measure", "app/watch/systemd"} {
		floor[pkg] = 2
	}
	for pkg := range rows {
		if pkg == "app/web" || strings.HasPrefix(pkg, "app/web/") || strings.HasPrefix(pkg, "app/login/") {
			floor[pkg] = 2
		}
	}
	for pkg, r := range rows {
		for _, other := range r.ours {
			if floor[other] > floor[pkg] {
				t.Errorf("the row of %s (floor %d) names %s (floor %d)", pkg, floor[pkg], other, floor[other])
			}
			if slices.Contains(rows[other].ours, pkg) {
				t.Errorf("the rows of %s and %s name each other", pkg, other)
			}
		}
	}
}

func TestImportRulesBite(t *testing.T) {
	cases := []struct{ pkg, imports string }{
		{"app/formula", "net/http"},
		{"app/formula", "os"},
		{"app/execution", "selfhelp/store"},
		{"app/transfer", "net/http"},
		{"store", "selfhelp/views"},
		{"store", "net/http"},
		{"views", "selfhelp/store"},
		{"app/web/frame", sqliteDriver},
		{"app/web/frame", "selfhelp/app/web/portal"},
		{"app/web/portal", "selfhelp/app/web/studio"},
		{"app/web/admin", "github.com/benbjohnson/litestream/s3"},
		{"app/fault", "selfhelp/app/procedure"},
	}
	for _, c := range cases {
		if rows[c.pkg].refuses(c.imports) == "" {
			t.Errorf("the row of %s allows %s", c.pkg, c.imports)
		}
	}
}
