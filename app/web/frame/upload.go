package frame

import (
	"io"

	"selfhelp/app/fault"
	"selfhelp/store"
)

// maxFile is the size of the largest file that people may send, in bytes.
const maxFile = 100 << 20

// ReceiveFile takes a file of a visitor, before anything names it: as long as
// the visitor has room left, and once the scanner has looked at it.
func (s *Site) ReceiveFile(v *Visit, content io.Reader) (store.Stored, error) {
	who := v.sender()
	room := s.Limits.uploads.left(who, s.Now())
	kept, err := s.Files.Receive(v.Context(), content, min(maxFile, room))
	if room < maxFile && fault.Is(err, fault.TooLarge) {
		return kept, fault.New(fault.Limited, "fault.files.quota")
	}
	if err != nil {
		return kept, err
	}
	s.Limits.uploads.take(who, kept.Size, s.Now())
	return kept, s.ScanFile(v, kept.Hash)
}

// ScanFile lets the scanner look at a content that is kept.
func (s *Site) ScanFile(v *Visit, hash string) error {
	if s.scan == nil {
		return nil
	}
	file, _, err := s.Files.Open(hash)
	if err != nil {
		return err
	}
	defer file.Close()
	err = s.scan(v.Context(), file)
	if fault.Is(err, fault.Invalid) { // a visitor's mistake is not logged otherwise
		s.Log.Warn("a file was refused by the scanner", "request", v.ID, "user", v.Who.Login, "from", v.Address, "error", err)
	}
	return err
}
