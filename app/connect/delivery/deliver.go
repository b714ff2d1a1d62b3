package delivery

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"strings"
	"time"
)

// patience is how long a server may say nothing at all.
const patience = time.Minute

// What a file is called while it is sent, and what holds its sum.
const (
	partSuffix = ".part"
	sumSuffix  = ".sha256"
)

// server is somebody's file server, signed in to. Names are whole paths.
type server interface {
	size(name string) (int64, error) // fs.ErrNotExist where there is none
	put(name string, r io.Reader) error
	open(name string) (io.ReadCloser, error)
	rename(from, to string) error // refuses, or may refuse, where to is there
	remove(name string) error
	close() error
}

// Sent is what was given.
type Sent struct {
	Bytes int64
	Hash  string // SHA-256
}

// Open gives the content of a file, the same each time.
type Open func(ctx context.Context) (io.ReadCloser, error)

// Deliver gives a file to the server. One of this name and content that is there
// already counts; one of another content is left as it is, and refused.
func (t Target) Deliver(ctx context.Context, name string, open Open) (sent Sent, err error) {
	ours, err := open(ctx)
	if err != nil {
		return sent, err
	}
	if sent, err = sumOf(ours); err != nil {
		return sent, err
	}
	s, err := t.dial(ctx)
	if err != nil {
		return sent, t.told(ctx, err)
	}
	defer s.close() // what counts was answered before
	switch there, err := again(s, t.path(name)); {
	case err == nil && there == sent:
		return sent, t.told(ctx, t.giveSum(s, name, sent))
	case err == nil:
		return sent, t.told(ctx, fmt.Errorf("%w: %s", errThere, name))
	case !errors.Is(err, fs.ErrNotExist):
		return sent, t.told(ctx, fmt.Errorf("look for %s: %w", name, err))
	}
	if err := t.give(ctx, s, name, sent, open); err != nil {
		return sent, t.told(ctx, err)
	}
	return sent, t.told(ctx, t.giveSum(s, name, sent))
}

// Try signs in and out.
func (t Target) Try(ctx context.Context) error {
	s, err := t.dial(ctx)
	if err == nil {
		err = s.close()
	}
	return t.told(ctx, err)
}

// give sends a file as a part, and names it once it was read again.
func (t Target) give(ctx context.Context, s server, name string, sent Sent, open Open) error {
	part := t.path(name + partSuffix)
	from, err := open(ctx)
	if err != nil {
		return err
	}
	err = s.put(part, own{from})
	if closed := from.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = holds(s, part, sent)
	}
	if err == nil {
		err = s.rename(part, t.path(name))
	}
	if err != nil { // a part that stays, where the connection is gone, is written over next time
		return errors.Join(fmt.Errorf("send %s: %w", name, err), absent(s.remove(part)))
	}
	return nil
}

// own marks what cannot be read here: no server is to blame.
type own struct{ io.Reader }

func (o own) Read(b []byte) (int, error) {
	n, err := o.Reader.Read(b)
	if err != nil && err != io.EOF {
		err = fmt.Errorf("%w: %w", errOurs, err)
	}
	return n, err
}

func absent(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// giveSum writes the sum of a file beside it, as sha256sum -c reads it.
func (t Target) giveSum(s server, name string, sent Sent) error {
	if err := s.put(t.path(name+sumSuffix), strings.NewReader(sent.Hash+"  "+name+"\n")); err != nil {
		return fmt.Errorf("send the sum of %s: %w", name, err)
	}
	return nil
}

// holds compares what came to the server with what was sent: its size first, which
// costs nothing.
func holds(s server, name string, sent Sent) error {
	n, err := s.size(name)
	if err != nil {
		return fmt.Errorf("ask how long it is there: %w", err)
	}
	if n != sent.Bytes {
		return fmt.Errorf("%w: %d bytes instead of %d", errOther, n, sent.Bytes)
	}
	there, err := again(s, name)
	if err != nil {
		return fmt.Errorf("read it again: %w", err)
	}
	if there != sent {
		return fmt.Errorf("%w: its sum is %s instead of %s", errOther, there.Hash, sent.Hash)
	}
	return nil
}

// again reads what is at the server.
func again(s server, name string) (Sent, error) {
	if _, err := s.size(name); err != nil {
		return Sent{}, err
	}
	r, err := s.open(name)
	if err != nil {
		return Sent{}, err
	}
	return sumOf(r)
}

// sumOf reads to the end, and closes.
func sumOf(r io.ReadCloser) (s Sent, err error) {
	sum := sha256.New()
	s.Bytes, err = io.Copy(sum, r)
	s.Hash = hex.EncodeToString(sum.Sum(nil))
	if closed := r.Close(); err == nil {
		err = closed
	}
	return s, err
}

// steady is a connection on which nobody waits for ever.
type steady struct {
	net.Conn
	ended func() bool // takes the watch over ctx away
}

// connect opens a connection that ends with ctx.
func connect(ctx context.Context, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{Timeout: 10 * time.Second}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return steady{conn, context.AfterFunc(ctx, func() { conn.Close() })}, nil
}

func (c steady) Read(b []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return 0, err
	}
	return c.Conn.Read(b)
}

func (c steady) Write(b []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}

func (c steady) Close() error {
	c.ended()
	return c.Conn.Close()
}
