package frame

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"

	"github.com/a-h/templ"
)

// buffers hold pages while they are rendered: a page that fails half-way must
// not have been half sent.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func emptyBuffer() *bytes.Buffer {
	b := buffers.Get().(*bytes.Buffer)
	b.Reset()
	return b
}

func putBack(b *bytes.Buffer) {
	if b.Cap() <= roomy {
		buffers.Put(b)
	}
}

// roomy is the size above which a buffer is not kept for the next page.
const roomy = 256 << 10

// Show renders a page or a fragment and sends it.
func Show(w http.ResponseWriter, v *Visit, page templ.Component) error {
	return ShowStatus(w, v, http.StatusOK, page)
}

// ShowStatus is show with another status than 200.
func ShowStatus(w http.ResponseWriter, v *Visit, status int, page templ.Component) error {
	buffer := emptyBuffer()
	defer putBack(buffer)
	if err := page.Render(v.Context(), buffer); err != nil {
		return fmt.Errorf("render page: %w", err)
	}
	if v.mark != "" {
		plain := buffer
		buffer = emptyBuffer()
		defer putBack(buffer)
		addressed(buffer, plain.Bytes(), v.mark)
	}
	h := w.Header()
	h["Content-Type"] = htmlType
	h["Content-Length"] = []string{strconv.Itoa(buffer.Len())}
	w.WriteHeader(status)
	w.Write(buffer.Bytes()) // a browser that left is not our failure
	return nil
}

var htmlType = []string{"text/html; charset=utf-8"}

// ShowJSON sends a value to a program or a script of ours.
func ShowJSON(w http.ResponseWriter, status int, mediaType string, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	w.Header().Set("Content-Type", mediaType)
	w.WriteHeader(status)
	w.Write(body)
	return nil
}

// GoTo sends the browser to an address of ours after something was done. A
// script that swaps parts is told, for fetch would follow and hide it.
func GoTo(w http.ResponseWriter, v *Visit, path string) error {
	if v.Fragment {
		w.Header().Set("Swap-Location", path)
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	w.Header().Set("Location", path)
	w.WriteHeader(http.StatusSeeOther)
	return nil
}
