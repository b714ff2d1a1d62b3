package replica

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"syscall"

	"github.com/benbjohnson/litestream"
	"github.com/pkg/sftp"
	"github.com/superfly/ltx"

	"selfhelp/store/replica/steady"
)

// block is what a file takes on a disk beside what is in it, at most: a folder, a part.
const block = 64 << 10

// readOnlyDisk is the bit by which statvfs@openssh.com names a disk that takes nothing.
const readOnlyDisk = 1

// unexplained says whether a server said that it failed and nothing else. openssh has no
// other word for a disk that is full or may not be written.
func unexplained(err error) bool {
	answer, is := errors.AsType[*sftp.StatusError](err)
	return is && answer.FxCode() == sftp.ErrSSHFxFailure
}

// why gives a failure to write so many bytes its reason, as far as the disk there tells it.
func (r *remote) why(err error, bytes int64) error {
	if !unexplained(err) || !r.can("statvfs@openssh.com") {
		return err
	}
	disk, asked := r.client.StatVFS(r.root)
	for at := r.root; asked != nil && path.Dir(at) != at; { // it may not be there yet
		at = path.Dir(at)
		disk, asked = r.client.StatVFS(at)
	}
	switch {
	case asked != nil:
		return err
	case disk.Flag&readOnlyDisk != 0:
		return fmt.Errorf("%w: %w", syscall.EROFS, err)
	case disk.Bavail*disk.Frsize < uint64(bytes)+block || disk.Files > 0 && disk.Favail == 0:
		return fmt.Errorf("%w: %w", syscall.ENOSPC, err)
	}
	return err
}

// explained is a client of SFTP whose failures to write have a reason.
type explained struct {
	litestream.ReplicaClient
	at Target
}

// WriteLTXFile is that of the client.
func (e explained) WriteLTXFile(ctx context.Context, level int, low, high ltx.TXID, r io.Reader) (*ltx.FileInfo, error) {
	m := &steady.Moving{Reader: r}
	info, err := e.ReplicaClient.WriteLTXFile(ctx, level, low, high, m)
	if !unexplained(err) {
		return info, err
	}
	d, failed := openSFTP(ctx, e.at)
	if failed != nil {
		return info, err
	}
	defer d.close()
	return info, d.why(err, m.N.Load())
}
