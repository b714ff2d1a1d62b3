package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// pocketBaseModule is the peer, pinned.
const pocketBaseModule = "github.com/pocketbase/pocketbase/examples/base@v0.36.8"

// pocketBase is a peer server with one open collection of articles.
type pocketBase struct {
	*process
	record string // id of a record to view
}

// startPocketBase builds the peer through the Go module proxy, starts it on a
// folder and fills a collection whose records are about as big as a step.
func startPocketBase(dir string) (*pocketBase, error) {
	build := exec.Command("go", "install", pocketBaseModule)
	build.Env = append(os.Environ(), "GOBIN="+dir, "CGO_ENABLED=0", "GOFLAGS=")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build the peer: %w\n%s", err, out)
	}
	bin, data := filepath.Join(dir, "base"), filepath.Join(dir, "pb_data")
	if out, err := exec.Command(bin, "superuser", "upsert", "bench@example.org", "bench-bench-bench", "--dir", data, "--dev=false").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("create the peer's superuser: %w\n%s", err, out)
	}
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	p, err := start(addr, "/api/health", bin, "serve", "--http", addr, "--dir", data, "--dev=false")
	if err != nil {
		return nil, err
	}
	pb := &pocketBase{process: p}
	if err := pb.fill(); err != nil {
		p.stop()
		return nil, err
	}
	return pb, nil
}

// fill creates an open collection and one record.
func (pb *pocketBase) fill() error {
	var auth struct{ Token string }
	if err := pb.post("/api/collections/_superusers/auth-with-password", "", map[string]any{"identity": "bench@example.org", "password": "bench-bench-bench"}, &auth); err != nil {
		return err
	}
	open := ""
	collection := map[string]any{
		"name": "articles", "type": "base",
		"listRule": open, "viewRule": open, "createRule": open,
		"fields": []map[string]any{{"name": "title", "type": "text"}, {"name": "body", "type": "text"}},
	}
	if err := pb.post("/api/collections", auth.Token, collection, nil); err != nil {
		return err
	}
	var record struct{ ID string }
	if err := pb.post("/api/collections/articles/records", "", pocketBaseRecord(), &record); err != nil {
		return err
	}
	pb.record = record.ID
	return nil
}

func pocketBaseRecord() map[string]any {
	return map[string]any{"title": "Check the cable", "body": strings.Repeat("Look at the back of the box. ", 20)}
}

// post sends JSON to the peer's administration.
func (pb *pocketBase) post(path, token string, body, into any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequest(http.MethodPost, "http://"+pb.addr+path, bytes.NewReader(b))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", token)
	res, err := (&http.Client{Timeout: 10 * time.Second}).Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode >= 300 {
		var why json.RawMessage
		json.NewDecoder(res.Body).Decode(&why)
		return fmt.Errorf("the peer answered %s to %s: %s", res.Status, path, why)
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(res.Body).Decode(into)
}

// viewer asks for one record again and again.
func (pb *pocketBase) viewer() client {
	return repeated{request: getRequest(pb.addr, "/api/collections/articles/records/"+pb.record, ""), want: http.StatusOK}
}

// creator creates one record after another.
func (pb *pocketBase) creator() client {
	body, _ := json.Marshal(pocketBaseRecord())
	return repeated{request: postRequest(pb.addr, "/api/collections/articles/records", "application/json", body, ""), want: http.StatusOK}
}
