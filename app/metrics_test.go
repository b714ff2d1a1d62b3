package app

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"github.com/prometheus/common/expfmt"

	"selfhelp/app/config"
	"selfhelp/store/replica"
)

// TestMetrics scrapes a server that strangers ask for odd things, and reads the
// page as Prometheus does.
func TestMetrics(t *testing.T) {
	s, end := started(t, config.Config{Metrics: "127.0.0.1:0"})
	for i := range 1000 {
		request, err := http.NewRequest([]string{"GET", "POST", "PUT", "BREW"}[i%4], fmt.Sprintf("%s/odd-%d/p/%d?x=%d", s.URL(), i, i*i, i), nil)
		if err != nil {
			t.Fatal(err)
		}
		reply, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		reply.Body.Close()
	}
	if status, _ := get(t, s.URL()+"/login"); status != http.StatusOK {
		t.Errorf("/login: %d", status)
	}
	if status, text := get(t, s.URL()+"/metrics"); status != http.StatusNotFound {
		t.Errorf("strangers read the figures: %d %.200s", status, text)
	}
	status, page := get(t, "http://"+s.metrics.listener.Addr().String()+"/metrics")
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, page)
	}
	families, err := (&expfmt.TextParser{}).TextToMetricFamilies(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(page, "odd-") || strings.Contains(page, "BREW") {
		t.Error("what strangers sent is in a label")
	}
	if n := len(families["selfhelp_http_requests_total"].GetMetric()); n > 12 {
		t.Errorf("%d series of requests", n)
	}
	for _, name := range []string{
		"selfhelp_ready", "selfhelp_live", "selfhelp_build_info", "selfhelp_database_size_bytes", "selfhelp_database_wal_size_bytes", "selfhelp_database_writes_waiting",
		"selfhelp_database_write_wait_seconds", "selfhelp_disk_free_bytes", "selfhelp_outbox_messages", "selfhelp_outbox_oldest_age_seconds", "selfhelp_sessions",
		"selfhelp_executions_begun_total", "selfhelp_executions_ended_total", "selfhelp_answers_total", "selfhelp_mail_errors_total",
		"selfhelp_http_request_duration_seconds", "go_goroutines", "process_resident_memory_bytes",
	} {
		if families[name] == nil {
			t.Errorf("no %s", name)
		}
	}
	lint(t, page)
	if err := end(); err != nil {
		t.Fatal(err)
	}
}

// lint says where a name is not as Prometheus wants it, of ours.
func lint(t *testing.T, page string) {
	t.Helper()
	problems, err := promlint.New(strings.NewReader(page)).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "selfhelp_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
}

// TestMetricsAreNotForStrangers: an address that others may reach has to be wanted.
func TestMetricsAreNotForStrangers(t *testing.T) {
	for address, good := range map[string]bool{"127.0.0.1:9": true, "[::1]:9": true, "10.1.2.3:9": true, "localhost:9": true, "0.0.0.0:9": false, ":9": false, "203.0.113.5:9": false, "x": false} {
		c := config.Config{Listen: "127.0.0.1:0", Metrics: address}
		if err := c.Check(); (err == nil) != good {
			t.Errorf("%s: %v", address, err)
		}
	}
	c := config.Config{Listen: "127.0.0.1:0", Metrics: "0.0.0.0:9", MetricsPublic: "yes"}
	if err := c.Check(); err != nil {
		t.Error(err)
	}
}

// TestMetricsOfTheReplica tells how far the second site is, beside what the
// replicator inside counts by itself.
func TestMetricsOfTheReplica(t *testing.T) {
	target := t.TempDir()
	if err := replica.Prepare(target); err != nil {
		t.Fatal(err)
	}
	c := copied(t, filepath.Join(t.TempDir(), "data"), target)
	c.Metrics = "127.0.0.1:0"
	s, end := started(t, c)
	if err := s.store.Secure(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, page := get(t, "http://"+s.metrics.listener.Addr().String()+"/metrics")
	for _, want := range []string{
		"selfhelp_replica_lag_seconds ", "selfhelp_replica_errors_total 0", "selfhelp_replica_barrier_wait_seconds_count 1", "selfhelp_replica_barrier_failures_total 0",
		"selfhelp_replica_transactions_behind ", "selfhelp_replica_stopped 0", "litestream_txid{",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q", want)
		}
	}
	lint(t, page)
	if err := end(); err != nil {
		t.Fatal(err)
	}
}
