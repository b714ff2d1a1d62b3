package load

import (
	"strings"
	"testing"
	"time"
)

// TestPlansAreBounded refuses what makes no sense or would be no test any more.
func TestPlansAreBounded(t *testing.T) {
	good := Plan{Address: "http://127.0.0.1:8080", People: 1, For: time.Second, Patience: time.Second}
	for name, c := range map[string]struct {
		change func(*Plan)
		says   string // "" where it is fine
	}{
		"as it is":          {func(*Plan) {}, ""},
		"IPv6":              {func(p *Plan) { p.Address = "https://[::1]:8443/" }, ""},
		"localhost":         {func(p *Plan) { p.Address = "https://LocalHost" }, ""},
		"elsewhere":         {func(p *Plan) { p.Address = "https://help.example.org" }, "--elsewhere"},
		"a neighbour":       {func(p *Plan) { p.Address = "http://192.168.1.4" }, "--elsewhere"},
		"all of us":         {func(p *Plan) { p.Address = "http://0.0.0.0:8080" }, "--elsewhere"},
		"a name like ours":  {func(p *Plan) { p.Address = "http://localhost.example.org" }, "--elsewhere"},
		"meant elsewhere":   {func(p *Plan) { p.Address, p.Elsewhere = "https://help.example.org", true }, ""},
		"no address":        {func(p *Plan) { p.Address = "" }, "--address"},
		"no scheme":         {func(p *Plan) { p.Address = "127.0.0.1:8080" }, "--address"},
		"another scheme":    {func(p *Plan) { p.Address = "ftp://127.0.0.1" }, "--address"},
		"a password":        {func(p *Plan) { p.Address = "http://a:b@127.0.0.1" }, "--address"},
		"a page":            {func(p *Plan) { p.Address = "http://127.0.0.1/r/x" }, "--address"},
		"nobody":            {func(p *Plan) { p.People = 0 }, "--people"},
		"a town":            {func(p *Plan) { p.People = MostPeople + 1 }, "--people"},
		"no time":           {func(p *Plan) { p.For = 0 }, "--for"},
		"an hour":           {func(p *Plan) { p.For = time.Hour }, "--for"},
		"thoughtless":       {func(p *Plan) { p.Think = -1 }, "--think"},
		"impatient":         {func(p *Plan) { p.Patience = 0 }, "--patience"},
		"backwards":         {func(p *Plan) { p.Rate = -1 }, "--rate"},
		"no certificate":    {func(p *Plan) { p.Authorities = []byte("key") }, "--ca"},
		"an empty one also": {func(p *Plan) { p.Authorities = []byte{} }, "--ca"},
	} {
		p := good
		c.change(&p)
		err := p.Check()
		if c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %v", name, err)
		}
		if _, ran := Run(t.Context(), p); c.says != "" && ran == nil {
			t.Errorf("%s was carried out", name)
		}
	}
}

// TestNamesLeadHere: what a name leads to is looked at when it is dialled.
func TestNamesLeadHere(t *testing.T) {
	for address, here := range map[string]bool{
		"127.0.0.1:80": true, "127.9.9.9:80": true, "[::1]:80": true, "[::ffff:127.0.0.1]:80": true, "192.0.2.1:80": false, "[2001:db8::1]:80": false, "": false,
	} {
		if err := hereOnly("tcp", address, nil); (err == nil) != here {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// TestLatencies: so many of a hundred were at most as slow.
func TestLatencies(t *testing.T) {
	var took []time.Duration
	for i := range 200 {
		took = append(took, time.Duration(200-i)*time.Millisecond)
	}
	if got := latencyOf(took); got != (Latency{100, 190, 198, 200}) {
		t.Errorf("%+v", got)
	}
	if got := latencyOf([]time.Duration{5 * time.Millisecond}); got != (Latency{5, 5, 5, 5}) {
		t.Errorf("of one: %+v", got)
	}
	if got := latencyOf(nil); got != (Latency{}) {
		t.Errorf("of none: %+v", got)
	}
}

// TestAddressesAreOfTheMeasuringNetwork: nobody real is taken for somebody of ours.
func TestAddressesAreOfTheMeasuringNetwork(t *testing.T) {
	for n, want := range map[uint64]string{1: "198.18.0.1", 256: "198.18.1.0", 1 << 16: "198.19.0.0", 1<<17 - 1: "198.19.255.255", 1 << 17: "198.18.0.0"} {
		if got := addressOf(n); got != want {
			t.Errorf("%d: %s, not %s", n, got, want)
		}
	}
}
