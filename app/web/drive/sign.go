package drive

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"net/url"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"

	"selfhelp/app/execution"
	"selfhelp/app/fault"
	"selfhelp/app/web/frame"
)

// A signature is an image. Who cannot draw one, without script or without a
// pointer, types their name, and it is drawn here: what is kept is an image
// either way.

const (
	typedPrefix = "sign." // before the name of the field, of a typed signature
	maxName     = 80      // characters
	nameSize    = 44      // pixels
	namePad     = 24
	nameMost    = 1600 // pixels of width
)

// signTyped draws the names typed in place of signatures. A drawn one goes
// before a typed one.
func (s *Driver) signTyped(v *frame.Visit, values url.Values, files map[string][]execution.File) error {
	for key, typed := range values {
		field, is := strings.CutPrefix(key, typedPrefix)
		if !is {
			continue
		}
		delete(values, key)
		name := norm.NFC.String(frame.OneLine(typed[0]))
		if name == "" || len(files[field]) > 0 {
			continue
		}
		drawn, err := drawName(name)
		if err != nil {
			return err
		}
		kept, err := s.ReceiveFile(v, bytes.NewReader(drawn))
		if err != nil {
			return err
		}
		files[field] = []execution.File{{Name: name + ".png", Type: "image/png", Size: kept.Size, Hash: kept.Hash}}
	}
	return nil
}

// handwriting is the font of typed names, parsed once.
var handwriting = sync.OnceValues(func() (*sfnt.Font, error) { return opentype.Parse(goitalic.TTF) })

// drawName makes the image of a name. Letters that the font does not have are
// refused rather than drawn as boxes.
func drawName(name string) ([]byte, error) {
	letters, err := handwriting()
	if err != nil {
		return nil, err
	}
	var buffer sfnt.Buffer
	if len([]rune(name)) > maxName {
		return nil, fault.New(fault.Invalid, "fault.sign.long", maxName)
	}
	for _, r := range name {
		if glyph, err := letters.GlyphIndex(&buffer, r); err != nil || glyph == 0 {
			return nil, fault.New(fault.Invalid, "fault.sign.letters")
		}
	}
	face, err := opentype.NewFace(letters, &opentype.FaceOptions{Size: nameSize, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return nil, err
	}
	defer face.Close()
	width := min(font.MeasureString(face, name).Ceil()+2*namePad, nameMost)
	sheet := image.NewGray(image.Rect(0, 0, width, nameSize+2*namePad))
	draw.Draw(sheet, sheet.Bounds(), image.White, image.Point{}, draw.Src)
	pen := font.Drawer{Dst: sheet, Src: image.NewUniform(color.Gray{Y: 0x1a}), Face: face, Dot: fixed.P(namePad, nameSize+namePad/2)}
	pen.DrawString(name)
	var out bytes.Buffer
	err = png.Encode(&out, sheet)
	return out.Bytes(), err
}
