package main

import (
	"fmt"
	"net/http"
)

// repeated is a client that sends the same request for ever.
type repeated struct {
	request []byte
	want    int
}

func (r repeated) next() []byte { return r.request }

func (r repeated) counted() bool { return true }

func (r repeated) reply(status int, _ http.Header, _ []byte) error {
	if status != r.want {
		return fmt.Errorf("answered %d, want %d", status, r.want)
	}
	return nil
}

// getRequest is a whole GET request; headers are whole lines ending in CRLF.
func getRequest(host, path, headers string) []byte {
	return fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n", path, host, headers)
}

// postRequest is a whole POST request.
func postRequest(host, path, contentType string, body []byte, headers string) []byte {
	return fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n%s", path, host, contentType, len(body), headers, body)
}
