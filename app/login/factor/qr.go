package factor

import (
	"fmt"
	"image/color"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// QR is a QR code (ISO/IEC 18004) as a drawing: what is dark is a path within a
// square of Size by Size, the quiet zone included. It has no colours and no
// style: it prints, scales, and stands in a page without an address of its own.
type QR struct {
	Size int
	Path string // of SVG
}

// quiet is how many modules stay light around a code.
const quiet = 4

// Draw returns the code of a text.
func Draw(text string) (QR, error) {
	code, err := qr.Encode(text, qr.M, qr.Unicode)
	if err != nil {
		return QR{}, fmt.Errorf("draw a QR code of %d bytes: %w", len(text), err)
	}
	side := code.Bounds().Dx()
	dark := func(x, y int) bool { return code.At(x, y) == color.Black }
	var path strings.Builder
	for y := range side {
		for x := 0; x < side; x++ {
			from := x
			for x < side && dark(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, x-from, x-from)
			}
		}
	}
	return QR{Size: side + 2*quiet, Path: path.String()}, nil
}
