package frame

import (
	"bytes"
	"errors"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/xuri/excelize/v2"
)

// TestWorkbookKeepsTexts reads back what was written: signs that a spreadsheet
// would calculate with stay what they are.
func TestWorkbookKeepsTexts(t *testing.T) {
	rows := [][]string{{"=1+1", "+33 4", "-5", "@SUM(A1)", "\ttab", "<b>&\"'", "العربية", "12"}}
	head := []string{"a", "b", "c", "d", "e", "f", "g", "h"}
	sent := false
	w := httptest.NewRecorder()
	err := sendWorkbook(w, Table{Name: "list", Head: head, Next: func() ([][]string, error) {
		if sent {
			return nil, nil
		}
		sent = true
		return rows, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	if h := w.Header(); h.Get("Content-Type") != "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" || h.Get("Content-Disposition") != "attachment; filename=list.xlsx" {
		t.Errorf("sent as %v", h)
	}
	book, err := excelize.OpenReader(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	got, err := book.GetRows("Sheet1")
	if err != nil || len(got) != 2 {
		t.Fatalf("%v, %v", got, err)
	}
	for i, want := range rows[0] {
		cell, err := excelize.CoordinatesToCellName(i+1, 2)
		if err != nil {
			t.Fatal(err)
		}
		formula, err := book.GetCellFormula("Sheet1", cell)
		if kind, _ := book.GetCellType("Sheet1", cell); err != nil || formula != "" || got[1][i] != want || kind != excelize.CellTypeInlineString {
			t.Errorf("%q came back as %q, formula %q, type %v, %v", want, got[1][i], formula, kind, err)
		}
	}
	if w.Header().Get("Content-Disposition") != "attachment; filename=list.xlsx" {
		t.Error(w.Header())
	}
}

// TestWorkbookThatFailsSendsNothing lets the rows fail half-way.
func TestWorkbookThatFailsSendsNothing(t *testing.T) {
	w := httptest.NewRecorder()
	calls := 0
	err := sendWorkbook(w, Table{Name: "list", Head: []string{"a"}, Next: func() ([][]string, error) {
		if calls++; calls > 1 {
			return nil, errors.New("lost")
		}
		return [][]string{{"x"}}, nil
	}})
	if err == nil || w.Body.Len() > 0 || len(w.Header()) > 0 {
		t.Errorf("%v, %d bytes, %v", err, w.Body.Len(), w.Header())
	}
}

// TestWorkbookStopsAndSaysSo gives more rows than a workbook is to have, and
// exactly as many.
func TestWorkbookStopsAndSaysSo(t *testing.T) {
	for most, want := range map[int][]string{5: {"a", "1", "2", "3", "4", "5", "stopped"}, 6: {"a", "1", "2", "3", "4", "5", "6"}} {
		w := httptest.NewRecorder()
		pages := [][][]string{{{"1"}, {"2"}, {"3"}}, {{"4"}, {"5"}, {"6"}}}
		err := sendWorkbook(w, Table{Name: "list", Head: []string{"a"}, Most: most, Cut: "stopped", Next: func() (rows [][]string, err error) {
			if len(pages) > 0 {
				rows, pages = pages[0], pages[1:]
			}
			return rows, nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		book, err := excelize.OpenReader(bytes.NewReader(w.Body.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		got, err := book.GetCols("Sheet1")
		if err != nil || len(got) != 1 || !slices.Equal(got[0], want) {
			t.Errorf("at most %d rows: %q, %v", most, got, err)
		}
		book.Close()
	}
}
