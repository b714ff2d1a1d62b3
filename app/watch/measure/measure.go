// Package measure knows the figures of a server as Prometheus reads them: their
// names, their labels, which are few whatever strangers ask for, and the page that
// is scraped. It refuses to know what is good and what is wrong.
//
// Its main names are Measures, New and Handler.
package measure

import (
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/prometheus/client_model/go"

	"selfhelp/app/watch"
	"selfhelp/store"
)

// Measures counts what happens, and tells it with the facts.
type Measures struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
	signIns  *prometheus.CounterVec
	mail     prometheus.Counter
}

// New measures a server of a version.
func New(w *watch.Watch, st *store.Store, version string) *Measures {
	m := &Measures{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "selfhelp_http_requests_total", Help: "Requests answered, by route, method and class of status.",
		}, []string{"route", "method", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "selfhelp_http_request_duration_seconds", Help: "Time from the head of a request to the end of its answer, by route.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"route"}),
		signIns: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "selfhelp_sign_ins_total", Help: "Attempts to sign in, by way and result.",
		}, []string{"method", "result"}),
		mail: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "selfhelp_mail_errors_total", Help: "Attempts to send a message of the outbox that did not succeed.",
		}),
	}
	m.registry.MustRegister(m.requests, m.took, m.signIns, m.mail, facts{w, st, version},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Handler is the page that is scraped. The replicator inside counts by itself.
func (m *Measures) Handler() http.Handler {
	mux := http.NewServeMux()
	all := prometheus.Gatherers{m.registry, prometheus.GathererFunc(replicators)}
	mux.Handle("GET /metrics", promhttp.HandlerFor(all, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 10 * time.Second}))
	return mux
}

// replicators are the figures that Litestream keeps for the whole process.
func replicators() ([]*io_prometheus_client.MetricFamily, error) {
	all, err := prometheus.DefaultGatherer.Gather()
	var own []*io_prometheus_client.MetricFamily
	for _, f := range all {
		if strings.HasPrefix(f.GetName(), "litestream_") {
			own = append(own, f)
		}
	}
	return own, err
}

// SignIn counts an attempt to sign in.
func (m *Measures) SignIn(way, result string) { m.signIns.WithLabelValues(way, result).Inc() }

// MailFailed counts an attempt to send something that did not succeed.
func (m *Measures) MailFailed() { m.mail.Inc() }

// The methods and classes of status that are told apart; the last stands for all
// others.
var (
	methods = [...]string{http.MethodGet, http.MethodPost, http.MethodHead, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, "other"}
	classes = [...]string{"1xx", "2xx", "3xx", "4xx", "5xx", "other"}
)

// counted is one route: its counters, once they were needed.
type counted struct {
	of    *Measures
	route string
	took  atomic.Pointer[prometheus.Observer]
	by    [len(methods)][len(classes)]atomic.Pointer[prometheus.Counter]
}

// Route is what counts the requests for a pattern of the table of routes.
func (m *Measures) Route(pattern string) func(method string, status int, took time.Duration) {
	c := &counted{of: m, route: pattern}
	if _, path, found := strings.Cut(pattern, " "); found {
		c.route = path
	}
	return c.count
}

func (c *counted) count(method string, status int, took time.Duration) {
	slot := &c.by[methodOf(method)][classOf(status)]
	counter := slot.Load()
	if counter == nil {
		made := c.of.requests.WithLabelValues(c.route, methods[methodOf(method)], classes[classOf(status)])
		counter = &made
		slot.Store(counter)
	}
	(*counter).Inc()
	observer := c.took.Load()
	if observer == nil {
		made := c.of.took.WithLabelValues(c.route)
		observer = &made
		c.took.Store(observer)
	}
	(*observer).Observe(took.Seconds())
}

func methodOf(method string) int {
	for i, known := range methods[:len(methods)-1] {
		if method == known {
			return i
		}
	}
	return len(methods) - 1
}

func classOf(status int) int {
	if status < 100 || status > 599 {
		return len(classes) - 1
	}
	return status/100 - 1
}
