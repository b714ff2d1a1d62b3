package main

import (
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
)

// reference is what everything is measured against: a bare net/http handler
// that reads a request's body and sends the same bytes each time. It runs as a
// process of its own, like the product.
func reference(listen, bodyFile string) error {
	body, err := os.ReadFile(bodyFile)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	length := strconv.Itoa(len(body))
	return http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Length", length)
		w.Write(body)
	}))
}
