package transfer

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	_ "image/gif"  // sizes of pictures
	_ "image/jpeg" // sizes of pictures
	_ "image/png"  // sizes of pictures
	"io"
	"path"
	"strings"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

const (
	peeked    = 512 << 10 // bytes in which the size of a picture must be found
	maxPixels = 50_000_000
	maxSVG    = peeked
)

// Examine reads the contents of a file that somebody wants to be a resource of
// a kind, and says what it is: its media type by its first bytes (never by
// what its name claims), its size and its hash. A file that is not what its
// name says, that could run in a browser, or that would need absurd memory to
// be shown is refused as fault.Invalid.
func Examine(name string, kind procedure.ResourceKind, r io.Reader) (procedure.File, error) {
	buffered := bufio.NewReaderSize(r, peeked)
	head, err := buffered.Peek(peeked)
	if err != nil && !errors.Is(err, io.EOF) {
		return procedure.File{}, fmt.Errorf("read %s: %w", name, err)
	}
	found := typeOf(head, extension(name))
	if err := suits(found, extension(name), kind); err != nil {
		return procedure.File{}, err
	}
	if err := harmless(found, head); err != nil {
		return procedure.File{}, err
	}
	sum := sha256.New()
	size, err := io.Copy(sum, buffered)
	if err != nil {
		return procedure.File{}, fmt.Errorf("read %s: %w", name, err)
	}
	return procedure.File{Name: base(name), Type: found.media, Size: size, Hash: hex.EncodeToString(sum.Sum(nil))}, nil
}

// KindOf returns the kind of resource that a media type is, download when it is
// nothing the player shows.
func KindOf(media string) procedure.ResourceKind {
	for _, c := range contentTypes {
		if c.media == media && !c.runs {
			return c.kind
		}
	}
	return procedure.KindDownload
}

func base(name string) string { return path.Base(name) }

func extension(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
}

// suits refuses a file whose bytes, name and kind do not agree.
func suits(found contentType, ext string, kind procedure.ResourceKind) error {
	switch {
	case found.media == "":
		return fault.New(fault.Invalid, "content.unknown", ext)
	case found.runs:
		return fault.New(fault.Invalid, "content.runs", found.media)
	case !found.hasExtension(ext):
		return fault.New(fault.Invalid, "content.mismatch", ext, found.media)
	case kind != procedure.KindDownload && kind != found.kind:
		return fault.New(fault.Invalid, "content.kind", string(kind), found.media)
	}
	return nil
}

// harmless looks into pictures, whose danger is in what they make others do.
func harmless(found contentType, head []byte) error {
	switch {
	case found.media == mediaSVG:
		return checkSVG(head)
	case found.kind != procedure.KindImage || !found.sized:
		return nil
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(head))
	if err != nil {
		return fault.Because(fault.Invalid, err, "content.image.unreadable")
	}
	if c.Width < 1 || c.Height < 1 || c.Width > maxPixels/c.Height {
		return fault.New(fault.Invalid, "content.image.pixels", c.Width, c.Height, maxPixels/1_000_000)
	}
	return nil
}
