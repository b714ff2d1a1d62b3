package replica

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path"
	"strings"
	"time"

	"github.com/benbjohnson/litestream"
	"github.com/benbjohnson/litestream/file"
	"github.com/benbjohnson/litestream/s3"
	"github.com/benbjohnson/litestream/sftp"
	"github.com/superfly/ltx"

	"selfhelp/store/replica/steady"
)

// The kinds of targets.
const (
	kindFile   = "file"
	kindSFTP   = "sftp"
	kindWebDAV = "webdav"
	kindS3     = "s3"
)

// Target is where one database is copied to.
type Target struct {
	Kind     string // file, sftp, webdav, s3
	Path     string // of the folder, within the target; absolute for a file target
	Host     string // sftp: HOST:PORT
	URL      string // webdav: https://HOST:PORT
	User     string
	Password string
	KeyPath  string // sftp: of the private key
	HostKey  string // sftp: the public key of the server, as it stands in known_hosts
	S3       Bucket
	Silence  time.Duration // sftp: after which a connection is given up; 0 for the usual
}

// Bucket is where a target of kind s3 is, with what makers of such stores need.
type Bucket struct {
	Bucket, Region, Endpoint                                            string
	AccessKeyID, SecretAccessKey                                        string // "" for those of the environment
	PathStyle, SignPayload, AcceptEncoding, RequireMD5, PutMD5, Anybody bool
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
	AccessKeyID    string         `yaml:"access-key-id"`
	SecretKey      string         `yaml:"secret-access-key"`
	Region         string         `yaml:"region"`
	Bucket         string         `yaml:"bucket"`
	Endpoint       string         `yaml:"endpoint"`
	PathStyle      *bool          `yaml:"force-path-style"`
}

// over lays a replica's keys over those for all replicas.
func (k targetKeys) over(all targetKeys) targetKeys {
	k.Sync, k.PathStyle = cmp.Or(k.Sync, all.Sync), cmp.Or(k.PathStyle, all.PathStyle)
	for _, pair := range []struct{ own, usual *string }{
		{&k.Host, &all.Host}, {&k.User, &all.User}, {&k.Password, &all.Password}, {&k.KeyPath, &all.KeyPath}, {&k.HostKey, &all.HostKey},
		{&k.WebDAVURL, &all.WebDAVURL}, {&k.WebDAVUsername, &all.WebDAVUsername}, {&k.WebDAVPassword, &all.WebDAVPassword},
		{&k.AccessKeyID, &all.AccessKeyID}, {&k.SecretKey, &all.SecretKey}, {&k.Region, &all.Region}, {&k.Bucket, &all.Bucket}, {&k.Endpoint, &all.Endpoint},
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
	case kindS3:
		return k.s3Target()
	default:
		return t, fmt.Errorf("the replicator inside knows file, sftp, webdavs and s3, not %q: run the official program beside the server for it, and write external", kind)
	}
}

// s3Target is a target in a bucket. What an address means, with the ways of each
// maker, is known to the client; keys beside it are stronger.
func (k targetKeys) s3Target() (t Target, err error) {
	where := k.Where
	if where == "" {
		if k.Bucket == "" {
			return t, errors.New("an s3 replica takes a bucket and a path, or a url like s3://BUCKET/PATH")
		}
		where = "s3://" + k.Bucket + "/" + strings.TrimPrefix(k.Path, "/")
		if k.Endpoint != "" {
			where += "?endpoint=" + url.QueryEscape(k.Endpoint)
		}
	}
	// The client cannot work with it (it takes no other transport than its own), and
	// refuses to begin. The authorities of the system, and those that SSL_CERT_FILE
	// names, are believed.
	if err := os.Unsetenv("AWS_CA_BUNDLE"); err != nil {
		return t, err
	}
	made, err := litestream.NewReplicaClientFromURL(where)
	if err != nil {
		return t, err
	}
	c, is := made.(*s3.ReplicaClient)
	if !is {
		return t, errors.New("the url of the s3 replica is none")
	}
	t = Target{Kind: kindS3, Path: c.Path, S3: Bucket{
		Bucket: c.Bucket, Region: cmp.Or(k.Region, c.Region), Endpoint: cmp.Or(k.Endpoint, c.Endpoint),
		AccessKeyID: cmp.Or(k.AccessKeyID, c.AccessKeyID), SecretAccessKey: cmp.Or(k.SecretKey, c.SecretAccessKey),
		PathStyle: c.ForcePathStyle, SignPayload: c.SignPayload, AcceptEncoding: c.SignAcceptEncoding, RequireMD5: c.RequireContentMD5, PutMD5: c.PutObjectContentMD5, Anybody: c.SkipVerify,
	}}
	if k.PathStyle != nil {
		t.S3.PathStyle = *k.PathStyle
	}
	return t, nil
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
		return shown(t.URL) + path.Join("/", t.Path)
	case kindS3:
		return "s3://" + t.S3.Bucket + path.Join("/", t.Path)
	}
	return t.Path
}

// shown is an address without the password that may stand in it, nor what may hold one.
func shown(address string) string {
	at, err := url.Parse(address)
	if err != nil {
		return "the webdav-url, which is none"
	}
	at.RawQuery, at.Fragment = "", ""
	if at.User != nil {
		at.User = url.User(at.User.Username())
	}
	return at.String()
}

// Server is the host and the port of the server of ours that the databases are copied to;
// "" where they go elsewhere.
func (s Settings) Server() (host, port string) {
	if s.Databases[0].Target.Kind != kindWebDAV {
		return "", ""
	}
	at, err := url.Parse(s.Databases[0].Target.URL)
	if err != nil {
		return "", ""
	}
	usual := "80"
	if at.Scheme == "https" {
		usual = "443"
	}
	return at.Hostname(), cmp.Or(at.Port(), usual)
}

// client is what the replicator writes to the target with.
func (t Target) client() litestream.ReplicaClient {
	switch t.Kind {
	case kindSFTP:
		return explained{buffered{steady.New(func() litestream.ReplicaClient {
			c := sftp.NewReplicaClient()
			c.Host, c.User, c.Password, c.Path, c.KeyPath, c.HostKey = t.Host, t.User, t.Password, t.Path, t.KeyPath, t.HostKey
			return c
		}, cmp.Or(t.Silence, steady.Silence))}, t}
	case kindWebDAV:
		return changes{openWebDAV(t)}
	case kindS3:
		c := s3.NewReplicaClient()
		c.Bucket, c.Region, c.Endpoint, c.Path = t.S3.Bucket, t.S3.Region, t.S3.Endpoint, t.Path
		c.AccessKeyID, c.SecretAccessKey, c.ForcePathStyle, c.SkipVerify = t.S3.AccessKeyID, t.S3.SecretAccessKey, t.S3.PathStyle, t.S3.Anybody
		c.SignPayload, c.SignAcceptEncoding, c.RequireContentMD5, c.PutObjectContentMD5 = t.S3.SignPayload, t.S3.AcceptEncoding, t.S3.RequireMD5, t.S3.PutMD5
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
