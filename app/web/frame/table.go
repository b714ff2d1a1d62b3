package frame

import (
	"fmt"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/xuri/excelize/v2"

	"selfhelp/app/fault"
)

// Table is a list as it is given out. Next returns its rows, some at a time,
// and none after the last.
type Table struct {
	Name string // of the file, without its ending
	Head []string
	Next func() ([][]string, error)

	// A workbook stops after Most rows, where that is set, and says so: Cut is its
	// last line then.
	Most int
	Cut  string
}

// mediaXLSX is the type of a workbook.
const mediaXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// SendTable sends a table in the form that the end of the address asks for: a
// workbook for .xlsx, else comma-separated values.
func (s *Site) SendTable(w http.ResponseWriter, v *Visit, t Table) error {
	if path.Ext(v.URL.Path) == ".xlsx" {
		return sendWorkbook(w, t)
	}
	return s.SendCSV(w, v, t.Name+".csv", t.Head, t.Next)
}

// sendWorkbook writes the rows to a sheet, which goes to disk beyond a size, and
// sends it when it is whole. Every cell is text: none is read as a formula.
func sendWorkbook(w http.ResponseWriter, t Table) (err error) {
	book := excelize.NewFile()
	defer book.Close() // what it put on disk goes; what could be wrong was said
	sheet, err := newSheet(book, t.Head)
	if err != nil {
		return fmt.Errorf("begin workbook %s: %w", t.Name, err)
	}
	if err := t.write(sheet); err != nil {
		return err
	}
	if err := sheet.Flush(); err != nil {
		return fmt.Errorf("end workbook %s: %w", t.Name, err)
	}
	w.Header().Set("Content-Type", mediaXLSX)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": t.Name + ".xlsx"}))
	_, err = book.WriteTo(w)
	return err
}

// write writes the rows to a sheet, under its head.
func (t Table) write(sheet *excelize.StreamWriter) error {
	for line := 2; ; {
		rows, err := t.Next()
		if err != nil || len(rows) == 0 {
			return err
		}
		cut := t.Most > 0 && line+len(rows) > t.Most+2
		if cut {
			rows = append(rows[:t.Most+2-line:t.Most+2-line], []string{t.Cut})
		}
		if line+len(rows) > excelize.TotalRows {
			return fault.New(fault.TooLarge, "fault.table.long", excelize.TotalRows-1)
		}
		for _, row := range rows {
			if err := sheet.SetRow(fmt.Sprintf("A%d", line), cells(row)); err != nil {
				return fmt.Errorf("write row %d of workbook %s: %w", line, t.Name, err)
			}
			line++
		}
		if cut {
			return nil
		}
	}
}

// newSheet is the one sheet of a book, its head in bold and always in sight.
func newSheet(book *excelize.File, head []string) (*excelize.StreamWriter, error) {
	sheet, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		return nil, err
	}
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return nil, err
	}
	if err := sheet.SetColWidth(1, max(1, len(head)), 24); err != nil {
		return nil, err
	}
	if err := sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, err
	}
	return sheet, sheet.SetRow("A1", cells(head), excelize.RowOpts{StyleID: bold})
}

// cells are texts as a sheet takes them, cut to what one cell may hold.
func cells(row []string) []any {
	list := make([]any, len(row))
	for i, text := range row {
		if r := []rune(text); len(r) > excelize.TotalCellChars {
			text = string(r[:excelize.TotalCellChars])
		}
		list[i] = strings.ToValidUTF8(text, "�")
	}
	return list
}
