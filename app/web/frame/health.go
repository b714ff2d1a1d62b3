package frame

import (
	"encoding/json"
	"net/http"

	"selfhelp/app/watch"
)

// Live says that the process is worth keeping: a start would help nothing.
func (s *Site) Live(w http.ResponseWriter, v *Visit) error {
	return s.sayHealth(w, v, s.Watch.Live())
}

// Ready says that people can be sent here, or why not. Where and how is for
// operators, in the log.
func (s *Site) Ready(w http.ResponseWriter, v *Visit) error {
	return s.sayHealth(w, v, s.Watch.Ready(v.Context()))
}

// health is what is told of it.
type health struct {
	Status  string        `json:"status"` // ok, unavailable
	Failing []failedCheck `json:"failing,omitempty"`
}

type failedCheck struct {
	Check string `json:"check"`
	What  string `json:"what"`
	Hint  string `json:"hint"`
}

func (s *Site) sayHealth(w http.ResponseWriter, v *Visit, failing []watch.Check) error {
	said, status := health{Status: "ok"}, http.StatusOK
	if len(failing) > 0 {
		said.Status, status = "unavailable", http.StatusServiceUnavailable
	}
	for _, c := range failing {
		said.Failing = append(said.Failing, failedCheck{c.Name, v.Sentence(c.Key, c.Args), v.Sentence(c.Do, nil)})
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(said)
}
