package web

import (
	"io"
	"net/http"
)

// health says that the server answers. What is wrong inside is for operators,
// elsewhere.
func (s *Site) health(w http.ResponseWriter, _ *visit) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	io.WriteString(w, "ok\n")
	return nil
}
