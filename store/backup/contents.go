package backup

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"

	"selfhelp/store/disk"
	"selfhelp/store/trouble"
)

// filesFolder is where contents stand by their hash, in a data folder and here.
const filesFolder = "files"

// sealedFolder is what the names of the folders begin with where those stand here that are
// encrypted, by the hash of what they hold; each is followed by the mark of whom they are
// encrypted to.
const sealedFolder = "sealed"

var hashPattern = regexp.MustCompile(`^[0-9a-f]{64}$`)

// contentIn is where a content stands in a folder of them.
func contentIn(dir, hash string) string { return filepath.Join(dir, hash[:2], hash[2:4], hash) }

// contentsFolder is the name of the folder where the contents of a backup stand.
func (m Manifest) contentsFolder() string {
	switch {
	case !m.Encrypted:
		return filesFolder
	case m.To == "": // before it was told to whom
		return sealedFolder
	}
	return sealedFolder + "-" + m.To
}

// content is one file as it lies in the backup.
type content struct {
	Hash string // of what it holds
	Piece
	in string // which folder of contents
}

func (c content) sealed() bool { return c.in != filesFolder }

// name is that of its file, in the folder of backups.
func (c content) name() string { return contentIn(c.in, c.Hash) }

// listed are the contents of the list that stands with a backup.
func (f Folder) listed(m Manifest) (all []content, err error) {
	path := filepath.Join(f.path(m.Name), listFile)
	if err := m.intact(path); err != nil {
		return nil, err
	}
	return all, opened(path, false, nil, uncompressed(func(r io.Reader) error {
		lines := bufio.NewScanner(r)
		for lines.Scan() {
			c := content{in: m.contentsFolder()}
			if _, err := fmt.Sscan(lines.Text(), &c.Hash, &c.Bytes, &c.Piece.Hash); err != nil {
				return err
			}
			if !hashPattern.MatchString(c.Hash) {
				return fmt.Errorf("%s names a content %q", path, c.Hash)
			}
			all = append(all, c)
		}
		return lines.Err()
	}))
}

// intact compares a file beside the manifest with what the manifest says.
func (m Manifest) intact(path string) error {
	for _, p := range m.Files {
		if p.Name == filepath.Base(path) {
			return p.holds(path)
		}
	}
	return fmt.Errorf("the manifest of %s knows no %s", m.Name, filepath.Base(path))
}

func writeList(w io.Writer, all []content) error {
	for _, c := range all {
		if _, err := fmt.Fprintln(w, c.Hash, c.Bytes, c.Piece.Hash); err != nil {
			return err
		}
	}
	return nil
}

// store copies the contents of the data folder that are not here, and lists those
// that the full does not list.
func (k *making) store(ctx context.Context) error {
	names, err := filepath.Glob(filepath.Join(k.Data, filesFolder, "??", "??", "*"))
	if err != nil {
		return err
	}
	for _, name := range names {
		hash := filepath.Base(name)
		if err := ctx.Err(); err != nil {
			return err
		}
		if k.inBase[hash] || !hashPattern.MatchString(hash) {
			continue
		}
		c, known := k.known[contentIn(k.m.contentsFolder(), hash)]
		if !known || !k.Folder.has(c) {
			c, err = k.storeOne(name, hash)
			if errors.Is(err, errOther) {
				k.wrong = append(k.wrong, fmt.Sprintf("the file %s of the data folder holds something else", hash))
				continue
			}
			if errors.Is(err, os.ErrNotExist) {
				continue // swept since it was listed: nothing names it
			}
			if err != nil {
				return err
			}
		}
		k.list = append(k.list, c)
	}
	return nil
}

// has says whether a content lies here as it did.
func (f Folder) has(c content) bool {
	info, err := os.Stat(f.path(c.name()))
	return err == nil && info.Size() == c.Bytes
}

// errOther says that a content is not what its name says.
var errOther = errors.New("the content is another one than its name says")

// storeOne copies one content, whole or not at all.
func (k *making) storeOne(name, hash string) (content, error) {
	from, err := os.Open(name)
	if err != nil {
		return content{}, err
	}
	defer from.Close()
	part := filepath.Join(k.part, hash)
	defer os.Remove(part) // gone once it has its name
	p, err := writePiece(part, k.Recipients, func(w io.Writer) error { return copyContent(w, from, hash) })
	if err != nil {
		return content{}, err
	}
	c := content{hash, p, k.m.contentsFolder()}
	to := k.Folder.path(c.name())
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return content{}, err
	}
	if err := os.Rename(part, to); err != nil {
		return content{}, err
	}
	for range 4 { // the folders that may be new, up to the one of backups
		to = filepath.Dir(to)
		if err := trouble.Sync(to); err != nil {
			return content{}, err
		}
	}
	return c, nil
}

// copyContent copies a content and holds it against its name.
func copyContent(w io.Writer, r io.Reader, hash string) error {
	s := &summing{w: w, sum: sha256.New()}
	if _, err := io.Copy(s, r); err != nil {
		return err
	}
	if got := hex.EncodeToString(s.sum.Sum(nil)); got != hash {
		return fmt.Errorf("%w: %s holds %s", errOther, hash, got)
	}
	return nil
}

// bring writes a content of the backup to a folder of files.
func (f Folder) bring(c content, dir string, by Identities) error {
	return opened(f.path(c.name()), c.sealed(), by, func(r io.Reader) error {
		pr, pw := io.Pipe()
		go func() { pw.CloseWithError(copyContent(pw, r, c.Hash)) }()
		defer pr.Close() // whoever still writes ends
		return disk.Whole(contentIn(dir, c.Hash), pr, func(from, to string) error {
			return errors.Join(os.Chmod(from, 0o400), os.Rename(from, to))
		})
	})
}

// linked shows contents in a folder of files without copying them.
func linked(all []content, dir string, where func(content) string) error {
	for _, c := range all {
		at := contentIn(dir, c.Hash)
		if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
			return err
		}
		if err := os.Symlink(where(c), at); err != nil {
			return err
		}
	}
	return nil
}
