// Package assets knows the files that browsers fetch: style sheets, scripts,
// icons, fonts, and the sentences of the interface. It serves them under an
// address that holds the hash of them all, so that they can be cached for ever.
// It refuses to know pages, users and everything else of ours.
//
// Its main names are Handler, URL and Messages.
package assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"sort"
	"strconv"
	"strings"
)

//go:embed css js icons fonts messages
var files embed.FS

// Prefix is where Handler stands.
const Prefix = "/assets/"

// sheets lists the style sheets of each room, and of a page that has its own, in the order of the cascade.
// Every room begins with the common ones.
var sheets = map[string][]string{
	"portal": {"portal", "prose", "player"},
	"studio": {"lists", "studio", "studio_desk"},
	"editor": {"studio", "studio_editor"}, // the page of a procedure, in the Studio
	"admin":  {"lists", "prose", "admin"},
}

var commonSheets = []string{"layers", "reset", "tokens", "base", "layout", "parts"}

// asset is one file ready to be sent.
type asset struct {
	mediaType  string
	plain, gz  []byte
	length     string
	lengthGzip string
}

var (
	served = map[string]*asset{} // name below the hash → asset
	tree   string                // hash of all of them, in every address
)

func init() {
	contents, err := collect()
	if err != nil {
		panic(fmt.Sprintf("assets: %v", err)) // embedded files that cannot be read: the binary is broken
	}
	tree = hashOf(contents)
	for name, content := range contents {
		served[name] = newAsset(name, content)
	}
}

// collect reads what is served: scripts and fonts as they are, style sheets
// joined by room, icons as one sprite.
func collect() (map[string][]byte, error) {
	contents := map[string][]byte{}
	for _, dir := range []string{"js", "fonts", "icons"} {
		err := fs.WalkDir(files, dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			content, err := files.ReadFile(name)
			contents[name] = content
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	for room, own := range sheets {
		sheet, err := joinSheets(append(append([]string{}, commonSheets...), own...))
		if err != nil {
			return nil, err
		}
		contents["css/"+room+".css"] = sheet
	}
	return contents, nil
}

// joinSheets joins style sheets in order; a name may be a pattern.
func joinSheets(names []string) ([]byte, error) {
	var joined bytes.Buffer
	for _, name := range names {
		found, err := fs.Glob(files, "css/"+name+".css")
		if err != nil {
			return nil, err
		}
		sort.Strings(found)
		for _, file := range found {
			content, err := files.ReadFile(file)
			if err != nil {
				return nil, err
			}
			joined.Write(flushLeft(content))
		}
	}
	return joined.Bytes(), nil
}

// flushLeft takes the indentation and the empty lines out of a style sheet,
// which only those who write it need. No string of ours goes over a line.
func flushLeft(sheet []byte) []byte {
	flush := make([]byte, 0, len(sheet))
	for line := range bytes.Lines(sheet) {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			flush = append(append(flush, line...), '\n')
		}
	}
	return flush
}

// hashOf is the same for the same contents, whatever the order they come in.
func hashOf(contents map[string][]byte) string {
	names := make([]string, 0, len(contents))
	for name := range contents {
		names = append(names, name)
	}
	sort.Strings(names)
	sum := sha256.New()
	for _, name := range names {
		fmt.Fprintf(sum, "%s %d\n", name, len(contents[name]))
		sum.Write(contents[name])
	}
	return hex.EncodeToString(sum.Sum(nil))[:12]
}

func newAsset(name string, content []byte) *asset {
	a := &asset{mediaType: mediaTypes[path.Ext(name)], plain: content, length: strconv.Itoa(len(content))}
	if !strings.HasSuffix(name, ".woff2") { // compressed already
		var packed bytes.Buffer
		w, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression) // the level is a valid constant
		w.Write(content)
		w.Close()
		a.gz, a.lengthGzip = packed.Bytes(), strconv.Itoa(packed.Len())
	}
	return a
}

// mediaTypes are the types of what is served, fixed here because the machine's
// own table may differ.
var mediaTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".woff2": "font/woff2",
	".txt":   "text/plain; charset=utf-8",
}

// URL returns the address of an asset by its name, like "css/portal.css".
// An unknown name is a mistake of the program.
func URL(name string) string {
	if served[name] == nil {
		panic("assets: no asset called " + name)
	}
	return Prefix + tree + "/" + name
}

// Handler serves the assets under Prefix.
func Handler() http.Handler { return http.HandlerFunc(serve) }

func serve(w http.ResponseWriter, r *http.Request) {
	hash, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, Prefix), "/")
	if sheet, ok := themeSheet(hash, name); ok {
		send(w, r, sheet)
		return
	}
	a := served[name]
	if a == nil || hash != tree {
		http.NotFound(w, r)
		return
	}
	send(w, r, a)
}

func send(w http.ResponseWriter, r *http.Request, a *asset) {
	h := w.Header()
	h.Set("Content-Type", a.mediaType)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("X-Content-Type-Options", "nosniff")
	body, length := a.plain, a.length
	if a.gz != nil {
		h.Set("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			body, length = a.gz, a.lengthGzip
		}
	}
	h.Set("Content-Length", length)
	if r.Method != http.MethodHead {
		w.Write(body) // a browser that left is not our failure
	}
}
