package tests

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestOtherPeoplesProjects goes by every link and sends every form that the
// administrator has, as people who have no right to: a writer of the same
// domain, a writer of another, someone with an account, a stranger. Each is
// refused, or told that there is nothing.
func TestOtherPeoplesProjects(t *testing.T) {
	data := t.TempDir()
	desk(t, data)
	for login, domain := range map[string]string{"zoe": "production", "max": "sandbox"} {
		command(t, "user", "create", "--data", data, "--role", "writer", "--domains", domain, login)
	}
	command(t, "user", "create", "--data", data, "--domains", "production", "una")
	p := serve(t, data)
	boss := p.boss()
	all := p.crawl(boss)
	people := map[string]*visitor{"a writer": p.signedIn("zoe"), "a writer of another domain": p.signedIn("max"), "a user": p.signedIn("una"), "a stranger": newVisitor(t, 9)}
	tried := 0
	for who, v := range people {
		for kind, address := range all.pages {
			if !guarded(kind) {
				continue
			}
			tried++
			if status, where := p.look(v, address); !isRefused(status, where) {
				t.Errorf("%s opens %s: %d %s", who, address, status, where)
			}
		}
		for kind, form := range all.forms {
			if !guarded(kind) {
				continue
			}
			tried++
			if status, words := p.post(v, attribute(form, "sent-to"), urlencoded, strings.NewReader("version=1&confirm=boss&name=x")); status != http.StatusUnauthorized && status != http.StatusForbidden && status != http.StatusNotFound {
				t.Errorf("%s sends %s: %d %.200s", who, kind, status, words)
			}
		}
	}
	if tried < 100 {
		t.Errorf("only %d addresses were tried", tried)
	}
	// Nothing of it was carried out.
	for kind, address := range all.pages {
		if status, where := p.look(boss, address); guarded(kind) && status != http.StatusOK && !strings.HasPrefix(where, address+"/") {
			t.Errorf("afterwards, %s answers its owner %d %s", address, status, where)
		}
	}
}

// guarded reports whether addresses of a kind are for those with rights on
// what they name: a project's pages, the administration, one's own execution.
func guarded(kind string) bool {
	return strings.HasPrefix(kind, "/studio/p/") || strings.HasPrefix(kind, "/admin") || strings.HasPrefix(kind, "/x/")
}

// look opens an address without following.
func (p *process) look(v *visitor, address string) (status int, where string) {
	p.t.Helper()
	client := &http.Client{Jar: v.client.Jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	reply, err := client.Get(p.address + address)
	if err != nil {
		p.t.Fatal(err)
	}
	defer reply.Body.Close()
	io.Copy(io.Discard, reply.Body)
	return reply.StatusCode, reply.Header.Get("Location")
}

// isRefused reports whether an answer is that of a guard.
func isRefused(status int, where string) bool {
	return status == http.StatusForbidden || status == http.StatusNotFound || status == http.StatusSeeOther && strings.HasPrefix(where, "/login?")
}
