package network

import (
	"net"
	"net/http"
	"os"
	"testing"
	"time"
)

const asServer = "SELFHELP_NETWORK_SERVER"

// TestMain is also what answers on a host, where it is told an address.
func TestMain(m *testing.M) {
	if at := os.Getenv(asServer); at != "" {
		l, err := net.Listen("tcp", at)
		if err != nil {
			panic(err)
		}
		panic(http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			own, err := os.ReadFile("/etc/hosts")
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			w.Write(own)
		})))
	}
	os.Exit(m.Run())
}

// TestCables asks a server on another host through good and bad weather.
func TestCables(t *testing.T) {
	if os.Getuid() != 0 && os.Getenv("SELFHELP_PEERS") != "required" {
		t.Skip("it needs the rights of root")
	}
	n := New(t, "a.example.org", "b.example.org")
	a := n.Host("a.example.org")
	server := a.Command(os.Args[0])
	server.Env = append(os.Environ(), asServer+"="+a.Address+":80")
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait() })
	client := &http.Client{Timeout: time.Second, Transport: &http.Transport{DialContext: n.Dial, DisableKeepAlives: true}}
	ask := func() error {
		w, err := client.Get("http://a.example.org/")
		if err == nil {
			w.Body.Close()
		}
		return err
	}
	for until := time.Now().Add(10 * time.Second); ask() != nil; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal(ask())
		}
	}
	for name, w := range map[string]Weather{"cut": {Cut: true}, "all lost": {Loss: 1}} {
		a.Set(w)
		if ask() == nil {
			t.Errorf("%s: it answers", name)
		}
		a.Set(Weather{})
		if err := ask(); err != nil {
			t.Errorf("%s, and mended: %v", name, err)
		}
	}
	const delay = 60 * time.Millisecond
	a.Set(Weather{Delay: delay})
	before := time.Now()
	if err := ask(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(before); took < 4*delay { // there and back, twice: to connect, and to ask
		t.Errorf("through a slow cable it answered after %v", took)
	}
	a.Set(Weather{Loss: 0.2})
	client.Timeout = 20 * time.Second
	for range 5 {
		if err := ask(); err != nil {
			t.Errorf("through a bad cable: %v", err)
		}
	}
}
