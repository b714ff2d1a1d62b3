package store

import (
	"bytes"
	"compress/flate"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// instant keeps a time as microseconds since 1970; the zero time is 0.
type instant time.Time

// kept is a time as it is read back.
func kept(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return time.UnixMicro(t.UnixMicro()).UTC()
}

// Value is for the driver.
func (i instant) Value() (driver.Value, error) {
	if time.Time(i).IsZero() {
		return int64(0), nil
	}
	return time.Time(i).UnixMicro(), nil
}

// Scan is for the driver.
func (i *instant) Scan(src any) error {
	n, ok := src.(int64)
	if !ok {
		return fmt.Errorf("a time is kept as %T", src)
	}
	*i = instant{}
	if n != 0 {
		*i = instant(time.UnixMicro(n).UTC())
	}
	return nil
}

// asJSON keeps the value it points to as JSON text.
type asJSON struct{ v any }

// Value is for the driver.
func (j asJSON) Value() (driver.Value, error) {
	b, err := json.Marshal(j.v)
	return string(b), err
}

// Scan is for the driver.
func (j asJSON) Scan(src any) error {
	switch s := src.(type) {
	case string:
		return json.Unmarshal([]byte(s), j.v)
	case []byte:
		return json.Unmarshal(s, j.v)
	}
	return fmt.Errorf("JSON is kept as %T", src)
}

// raw keeps JSON as it was given; none is null.
func raw(m json.RawMessage) string {
	if len(m) == 0 {
		return "null"
	}
	return string(m)
}

// pack compresses what is read seldom.
func pack(b []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.DefaultCompression)
	if err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	if _, err := w.Write(b); err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	return out.Bytes(), nil
}

func unpack(b []byte) ([]byte, error) {
	out, err := io.ReadAll(flate.NewReader(bytes.NewReader(b)))
	if err != nil {
		return nil, fmt.Errorf("decompress: %w", err)
	}
	return out, nil
}
