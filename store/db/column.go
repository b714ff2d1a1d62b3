package db

import (
	"bytes"
	"compress/flate"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// Instant keeps a time as microseconds since 1970; the zero time is 0.
type Instant time.Time

// Kept is a time as it is read back.
func Kept(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return time.UnixMicro(t.UnixMicro()).UTC()
}

// Value is for the driver.
func (i Instant) Value() (driver.Value, error) {
	if time.Time(i).IsZero() {
		return int64(0), nil
	}
	return time.Time(i).UnixMicro(), nil
}

// Scan is for the driver.
func (i *Instant) Scan(src any) error {
	n, ok := src.(int64)
	if !ok {
		return fmt.Errorf("a time is kept as %T", src)
	}
	*i = Instant{}
	if n != 0 {
		*i = Instant(time.UnixMicro(n).UTC())
	}
	return nil
}

// JSON keeps the value, or what it points to, as JSON text; to read, it must
// be a pointer.
func JSON(v any) Text { return Text{v} }

// Text is a value kept as JSON.
type Text struct{ v any }

// Value is for the driver.
func (j Text) Value() (driver.Value, error) {
	b, err := json.Marshal(j.v)
	return string(b), err
}

// Scan is for the driver.
func (j Text) Scan(src any) error {
	switch s := src.(type) {
	case string:
		return json.Unmarshal([]byte(s), j.v)
	case []byte:
		return json.Unmarshal(s, j.v)
	}
	return fmt.Errorf("JSON is kept as %T", src)
}

// Raw keeps JSON as it was given; none is null.
func Raw(m json.RawMessage) string {
	if len(m) == 0 {
		return "null"
	}
	return string(m)
}

// Pack compresses what is read seldom.
func Pack(b []byte) ([]byte, error) {
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

func Unpack(b []byte) ([]byte, error) {
	out, err := io.ReadAll(flate.NewReader(bytes.NewReader(b)))
	if err != nil {
		return nil, fmt.Errorf("decompress: %w", err)
	}
	return out, nil
}

// Blob is bytes as a column that may not be null keeps them.
func Blob(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
