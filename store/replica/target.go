package replica

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/benbjohnson/litestream"
	"github.com/benbjohnson/litestream/file"
	"github.com/benbjohnson/litestream/sftp"
	"github.com/benbjohnson/litestream/webdav"
	"github.com/superfly/ltx"
)

// The kinds of targets.
const (
	kindFile   = "file"
	kindSFTP   = "sftp"
	kindWebDAV = "webdav"
)

// Target is where one database is copied to.
type Target struct {
	Kind     string // file, sftp, webdav
	Path     string // of the folder, within the target; absolute for a file target
	Host     string // sftp: HOST:PORT
	URL      string // webdav: https://HOST:PORT
	User     string
	Password string
	KeyPath  string // sftp: of the private key
	HostKey  string // sftp: the public key of the server, as it stands in known_hosts
}

// targetKeys are the keys of a replica in Litestream's format.
type targetKeys struct {
	Type           string         `yaml:"type"`
	Where          string         `yaml:"url"`
	Path           string         `yaml:"path"`
	Sync           *time.Duration `yaml:"sync-interval"`
	Host           string         `yaml:"host"`
	User           string         `yaml:"user"`
	Password       string         `yaml:"password"`
	KeyPath        string         `yaml:"key-path"`
	HostKey        string         `yaml:"host-key"`
	WebDAVURL      string         `yaml:"webdav-url"`
	WebDAVUsername string         `yaml:"webdav-username"`
	WebDAVPassword string         `yaml:"webdav-password"`
}

// over lays a replica's keys over those for all replicas.
func (k targetKeys) over(all targetKeys) targetKeys {
	k.Sync = cmp.Or(k.Sync, all.Sync)
	for _, pair := range []struct{ own, usual *string }{
		{&k.Host, &all.Host}, {&k.User, &all.User}, {&k.Password, &all.Password}, {&k.KeyPath, &all.KeyPath}, {&k.HostKey, &all.HostKey},
		{&k.WebDAVURL, &all.WebDAVURL}, {&k.WebDAVUsername, &all.WebDAVUsername}, {&k.WebDAVPassword, &all.WebDAVPassword},
	} {
		*pair.own = cmp.Or(*pair.own, *pair.usual)
	}
	return k
}

// target is what the keys mean, as the official program reads them: the scheme of
// the address decides the kind, else the type, else it is a folder.
func (k targetKeys) target() (t Target, err error) {
	if k.Where != "" && k.Path != "" {
		return t, errors.New("a replica has a url or a path, not both")
	}
	at := &url.URL{}
	if strings.Contains(k.Where, "://") {
		if at, err = url.Parse(k.Where); err != nil {
			return t, errors.New("the url of the replica is none") // the cause would show its password
		}
	} else if k.Where != "" {
		k.Path = k.Where
	}
	secret, _ := at.User.Password()
	switch kind := cmp.Or(at.Scheme, k.Type, kindFile); kind {
	case kindFile:
		t = Target{Kind: kindFile}
		t.Path, err = absolute(cmp.Or(k.Path, at.Path))
		return t, err
	case kindSFTP:
		t = Target{
			Kind: kindSFTP, Path: cmp.Or(k.Path, at.Path), Host: cmp.Or(k.Host, at.Host), User: cmp.Or(k.User, at.User.Username()),
			Password: cmp.Or(k.Password, secret), KeyPath: k.KeyPath, HostKey: k.HostKey,
		}
		if t.Host == "" || t.User == "" {
			return t, errors.New("an sftp replica takes a host and a user")
		}
		if t.HostKey == "" {
			return t, errors.New("an sftp replica takes the host-key of the server, or any server could take its place: ssh-keyscan prints it")
		}
		return t, nil
	case kindWebDAV, "webdavs":
		scheme := "http://"
		if kind == "webdavs" {
			scheme = "https://"
		}
		t = Target{
			Kind: kindWebDAV, Path: cmp.Or(k.Path, strings.TrimPrefix(path.Clean(at.Path), "/")), URL: k.WebDAVURL,
			User: cmp.Or(k.WebDAVUsername, at.User.Username()), Password: cmp.Or(k.WebDAVPassword, secret),
		}
		if at.Host != "" {
			t.URL = cmp.Or(t.URL, scheme+at.Host)
		}
		if t.URL == "" {
			return t, errors.New("a webdav replica takes a url like webdavs://USER:PASSWORD@HOST:443/PATH")
		}
		return t, nil
	default:
		return t, fmt.Errorf("the replicator inside knows file, sftp and webdavs, not %q: run the official program beside the server for it, and write external", kind)
	}
}

// root is the folder that holds what belongs to the databases of a server, two
// above one of their replicas: …/content/e0001-a is the first epoch of content.db.
func (t Target) root() Target {
	t.Path = path.Dir(path.Dir(t.Path))
	return t
}

// Name says where the target is, without its secrets.
func (t Target) Name() string {
	switch t.Kind {
	case kindSFTP:
		return "sftp://" + t.User + "@" + t.Host + path.Join("/", t.Path)
	case kindWebDAV:
		return t.URL + path.Join("/", t.Path)
	}
	return t.Path
}

// client is what the replicator writes to the target with.
func (t Target) client() litestream.ReplicaClient {
	switch t.Kind {
	case kindSFTP:
		c := sftp.NewReplicaClient()
		c.Host, c.User, c.Password, c.Path, c.KeyPath, c.HostKey = t.Host, t.User, t.Password, t.Path, t.KeyPath, t.HostKey
		return buffered{c}
	case kindWebDAV:
		c := webdav.NewReplicaClient()
		c.URL, c.Username, c.Password, c.Path = t.URL, t.User, t.Password, t.Path
		return c
	}
	return guarded{file.NewReplicaClient(t.Path), t.root().Path}
}

// buffered reads ahead: the client of SFTP asks for every page by itself, one
// round trip each, which made a restore ten times as long.
type buffered struct{ litestream.ReplicaClient }

// OpenLTXFile is that of the client.
func (b buffered) OpenLTXFile(ctx context.Context, level int, low, high ltx.TXID, offset, size int64) (io.ReadCloser, error) {
	r, err := b.ReplicaClient.OpenLTXFile(ctx, level, low, high, offset, size)
	if err != nil {
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{bufio.NewReaderSize(r, 1<<20), r}, nil
}
