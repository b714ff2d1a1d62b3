module selfhelp

go 1.26.0

toolchain go1.26.11

require (
	filippo.io/age v1.3.2 // backups encrypted to keys that the server has not
	github.com/a-h/templ v0.3.1020 // pages as typed components; without it, html/template and its silent mistakes
	github.com/alexedwards/scs/v2 v2.9.0 // sessions with renewal and hashed tokens
	github.com/aws/aws-sdk-go-v2 v1.48.0 // S3, for the files beside the databases; in the graph through litestream
	github.com/aws/aws-sdk-go-v2/config v1.33.18 // S3: where it finds the keys of a machine
	github.com/aws/aws-sdk-go-v2/credentials v1.21.0 // S3: keys that are written in the file
	github.com/aws/aws-sdk-go-v2/service/s3 v1.114.10 // S3: the calls
	github.com/aws/smithy-go v1.28.9 // S3: what its errors say
	github.com/beevik/etree v1.7.0 // XML as a tree: what goxmldsig signs and verifies
	github.com/benbjohnson/litestream v0.5.18 // streams each change of the databases to the second site; pinned, its library interface may change
	github.com/boombuler/barcode v1.1.0 // QR codes for authenticator apps; the codes themselves are fifteen lines of ours, for the step they must tell
	github.com/chromedp/cdproto v0.159.0 // tests: what the browser complains of
	github.com/chromedp/chromedp v0.23.0 // tests: what people click, in Chromium
	github.com/coreos/go-oidc/v3 v3.21.0 // OpenID Connect: descriptions, rolling keys and ID tokens of providers
	github.com/expr-lang/expr v1.17.8 // the grammar of formulas; the evaluation is ours, for its budget
	github.com/go-jose/go-jose/v4 v4.1.9 // signed assertions of trusted hosts; in the graph through go-oidc
	github.com/go-ldap/ldap/v3 v3.4.15 // directories: LDAP and Active Directory
	github.com/go-webauthn/webauthn v0.18.2 // passkeys: the formats of authenticators and their signatures
	github.com/jlaffaye/ftp v0.2.4 // FTP and FTPS, for copies of backups on a server of the customer
	github.com/johannesboyne/gofakes3 v1.2.0 // tests: an S3 server
	github.com/klauspost/compress v1.20.4 // zstd, for backups; in the graph through litestream
	github.com/letsencrypt/pebble/v2 v2.10.3 // indirect; tests, as a tool: an ACME server
	github.com/mattermost/xml-roundtrip-validator v0.1.0 // refuses XML that Go would write differently from what it read
	github.com/microcosm-cc/bluemonday v1.0.27 // the last look at HTML before people see it
	github.com/pkg/sftp v1.13.12 // SFTP, for the files beside the databases; in the graph through litestream
	github.com/prometheus/client_golang v1.17.0 // figures for Prometheus; in the graph through litestream, whose figures stand beside ours
	github.com/prometheus/client_model v0.6.2 // what the figures of litestream are picked out of
	github.com/prometheus/common v0.45.0 // tests: the official parser of the page that is scraped
	github.com/rogpeppe/go-internal v1.16.0 // tests: stories of the command line as transcripts
	github.com/russellhaering/gosaml2 v0.12.0 // SAML: the messages we send; what comes in is judged by us
	github.com/russellhaering/goxmldsig v1.6.1 // SAML: canonical XML and signatures; before 1.6.0 they could be bypassed (GO-2026-4753)
	github.com/scim2/filter-parser/v2 v2.3.1 // SCIM: the grammar of filters and paths; it bounds neither length nor depth, so we do before it
	github.com/studio-b12/gowebdav v0.11.0 // WebDAV, likewise
	github.com/superfly/ltx v0.5.2 // the files that litestream writes
	github.com/wneessen/go-mail v0.8.1 // SMTP with STARTTLS, ways to sign in and MIME; net/smtp is frozen and writes no letters
	github.com/xuri/excelize/v2 v2.11.1 // workbooks are written with it, never read: people ask for XLSX beside CSV
	github.com/yuin/goldmark v1.8.7 // CommonMark with tables
	go.yaml.in/yaml/v3 v3.0.6 // archives and configuration, with line numbers in errors
	golang.org/x/crypto v0.58.0 // argon2id for passwords, XChaCha20-Poly1305 for states
	golang.org/x/image v0.47.0 // draws the name of who signs without a pointer; in the graph through excelize
	golang.org/x/net v0.62.0 // HTML read as browsers do: by bluemonday, and by us for the labels of our own forms
	golang.org/x/oauth2 v0.38.0 // the code flow below OpenID Connect, with PKCE
	golang.org/x/sync v0.24.0 // bounded groups of goroutines
	golang.org/x/text v0.43.0 // normal forms, languages, numbers
	golang.org/x/time v0.16.0 // rates of requests
	modernc.org/sqlite v1.62.0 // SQLite without C; pinned with libc below, the pair it was generated for
)

require (
	filippo.io/hpke v0.4.0 // indirect
	github.com/Azure/go-ntlmssp v0.1.1 // indirect
	github.com/BurntSushi/toml v1.4.1-0.20240526193622-a339e1f7089c // indirect
	github.com/a-h/parse v0.0.0-20250122154542-74294addb73e // indirect
	github.com/andybalholm/brotli v1.1.0 // indirect
	github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream v1.7.27 // indirect
	github.com/aws/aws-sdk-go-v2/feature/ec2/imds v1.20.9 // indirect
	github.com/aws/aws-sdk-go-v2/feature/s3/manager v1.20.18 // indirect
	github.com/aws/aws-sdk-go-v2/internal/configsources v1.5.12 // indirect
	github.com/aws/aws-sdk-go-v2/internal/endpoints/v2 v2.8.12 // indirect
	github.com/aws/aws-sdk-go-v2/internal/v4a v1.5.12 // indirect
	github.com/aws/aws-sdk-go-v2/service/internal/accept-encoding v1.13.25 // indirect
	github.com/aws/aws-sdk-go-v2/service/internal/checksum v1.11.13 // indirect
	github.com/aws/aws-sdk-go-v2/service/internal/presigned-url v1.14.12 // indirect
	github.com/aws/aws-sdk-go-v2/service/internal/s3shared v1.20.12 // indirect
	github.com/aws/aws-sdk-go-v2/service/signin v1.13.1 // indirect
	github.com/aws/aws-sdk-go-v2/service/sso v1.39.5 // indirect
	github.com/aws/aws-sdk-go-v2/service/ssooidc v1.44.5 // indirect
	github.com/aws/aws-sdk-go-v2/service/sts v1.52.0 // indirect
	github.com/aymerick/douceur v0.2.0 // indirect
	github.com/beorn7/perks v1.0.1 // indirect
	github.com/cenkalti/backoff/v4 v4.3.0 // indirect
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	github.com/cli/browser v1.3.0 // indirect
	github.com/davecgh/go-spew v1.1.2-0.20180830191138-d8f796af33cc // indirect
	github.com/dustin/go-humanize v1.1.0 // indirect
	github.com/fatih/color v1.16.0 // indirect
	github.com/fsnotify/fsnotify v1.7.0 // indirect
	github.com/fxamacker/cbor/v2 v2.9.4 // indirect
	github.com/go-asn1-ber/asn1-ber v1.5.8 // indirect
	github.com/go-json-experiment/json v0.0.0-20260213210345-44df1a37e875 // indirect
	github.com/go-viper/mapstructure/v2 v2.5.0 // indirect
	github.com/go-webauthn/x v0.3.1 // indirect
	github.com/golang-jwt/jwt/v5 v5.3.1 // indirect
	github.com/google/go-tpm v0.9.8 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/gorilla/css v1.0.1 // indirect
	github.com/hablullah/go-hijri v1.0.2 // indirect
	github.com/hablullah/go-juliandays v1.0.0 // indirect
	github.com/hashicorp/golang-lru/v2 v2.0.7 // indirect
	github.com/jalaali/go-jalaali v0.0.0-20210801064154-80525e88d958 // indirect
	github.com/jonboulle/clockwork v0.5.0 // indirect
	github.com/kr/fs v0.1.0 // indirect
	github.com/letsencrypt/challtestsrv v1.4.2 // indirect
	github.com/lmittmann/tint v1.1.3 // indirect
	github.com/magefile/mage v1.14.0 // indirect
	github.com/markusmobius/go-dateparser v1.2.4 // indirect
	github.com/mattn/go-colorable v0.1.13 // indirect
	github.com/mattn/go-isatty v0.0.24 // indirect
	github.com/matttproud/golang_protobuf_extensions/v2 v2.0.0 // indirect
	github.com/miekg/dns v1.1.62 // indirect
	github.com/natefinch/atomic v1.0.1 // indirect
	github.com/ncruces/go-strftime v1.1.0 // indirect
	github.com/philhofer/fwd v1.2.0 // indirect
	github.com/pierrec/lz4/v4 v4.1.23 // indirect
	github.com/prometheus/procfs v0.12.0 // indirect
	github.com/psanford/sqlite3vfs v0.0.0-20260519004904-f9180fa2acc9 // indirect
	github.com/q-uint/parser v0.3.1 // indirect
	github.com/remyoudompheng/bigfft v0.0.0-20230129092748-24d4a6f8daec // indirect
	github.com/richardlehane/mscfb v1.0.9 // indirect
	github.com/richardlehane/msoleps v1.0.6 // indirect
	github.com/ryszard/goskiplist v0.0.0-20150312221310-2dfbae5fcf46 // indirect
	github.com/tetratelabs/wazero v1.2.1 // indirect
	github.com/tiendc/go-deepcopy v1.7.2 // indirect
	github.com/tinylib/msgp v1.6.4 // indirect
	github.com/wasilibs/go-re2 v1.3.0 // indirect
	github.com/x448/float16 v0.8.4 // indirect
	github.com/xuri/efp v0.0.3-0.20260924042702-217b81952dec // indirect
	github.com/xuri/nfp v0.0.2-0.20250530014748-2ddeb826f9a9 // indirect
	go.shabbyrobe.org/gocovmerge v0.0.0-20230507111327-fa4f82cfbf4d // indirect
	golang.org/x/exp/typeparams v0.0.0-20231108232855-2478ac86f678 // indirect
	golang.org/x/mod v0.42.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/tools v0.52.0 // indirect
	google.golang.org/protobuf v1.36.11 // indirect
	honnef.co/go/tools v0.8.2 // indirect
	modernc.org/libc v1.80.1 // indirect
	modernc.org/mathutil v1.7.1 // indirect
	modernc.org/memory v1.12.1 // indirect
)

tool (
	github.com/a-h/templ/cmd/templ
	github.com/letsencrypt/pebble/v2/cmd/pebble
	honnef.co/go/tools/cmd/staticcheck
)
