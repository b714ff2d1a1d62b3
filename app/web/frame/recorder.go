package frame

import "net/http"

// recorder notes what was answered, for the log, and carries the visit to the
// route's guards.
type recorder struct {
	http.ResponseWriter
	visit  *Visit
	status int
	bytes  int
}

// WriteHeader notes the status.
func (rec *recorder) WriteHeader(status int) {
	if rec.status == 0 {
		rec.status = status
	}
	rec.ResponseWriter.WriteHeader(status)
}

// Write counts.
func (rec *recorder) Write(b []byte) (int, error) {
	if rec.status == 0 {
		rec.status = http.StatusOK
	}
	n, err := rec.ResponseWriter.Write(b)
	rec.bytes += n
	return n, err
}

// Unwrap gives http.ResponseController the real writer.
func (rec *recorder) Unwrap() http.ResponseWriter { return rec.ResponseWriter }
