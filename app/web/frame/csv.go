package frame

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
)

// csvMark tells spreadsheets that the file is UTF-8.
const csvMark = "\ufeff"

// SendCSV sends a table a page at a time, so that its length costs no memory.
// The first page is read before anything is sent: until then a failure is an
// ordinary one; after it the download breaks off, and is seen to be broken.
func (s *Site) SendCSV(w http.ResponseWriter, v *Visit, name string, head []string, next func() ([][]string, error)) error {
	rows, err := next()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	io.WriteString(w, csvMark)
	table := csv.NewWriter(w)
	err = table.Write(head)
	for err == nil && len(rows) > 0 {
		for _, row := range rows {
			err = errors.Join(err, table.Write(tame(row)))
		}
		table.Flush()
		if err = errors.Join(err, table.Error(), v.Context().Err()); err == nil {
			rows, err = next()
		}
	}
	table.Flush()
	if err == nil {
		return nil
	}
	if v.Context().Err() == nil {
		s.Log.Error("export broke off", "request", v.ID, "error", fmt.Errorf("write %s: %w", name, err))
	}
	panic(http.ErrAbortHandler) // so that half a table is not taken for a whole one
}

// tame makes the cells of a row texts for spreadsheets: one that would be read
// as a formula is quoted, and so is one that looks like a quoted one: what was
// given out can be told from its quotes again.
func tame(row []string) []string {
	for i, cell := range row {
		if strings.IndexAny(strings.TrimLeft(cell, "'"), "=+-@\t\r\n＝＋－＠") == 0 {
			row[i] = "'" + cell
		}
	}
	return row
}
