// Package delivery gives one file to somebody else's file server, by SFTP, FTPS or
// FTP, and knows that it arrived whole. Under its name there is the whole file or none:
// it is sent as ".part", read again and held against its sum, and only then named; its
// sum stands beside it. It refuses to know what the file is, when it is due, and where
// passwords are kept.
//
// Its main names are Target, Parse and Deliver.
package delivery

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"path"
	"strings"

	"golang.org/x/crypto/ssh"
)

// The ways to a target.
const (
	sftpWay = "sftp"
	ftpsWay = "ftps" // FTP that is encrypted from AUTH TLS on, before anybody signs in
	ftpWay  = "ftp"  // in clear
)

var ports = map[string]string{sftpWay: "22", ftpsWay: "21", ftpWay: "21"}

// Target is where files are given to.
type Target struct {
	Password string         // "" where a key opens
	Signer   ssh.Signer     // SFTP: the private key; nil for none
	HostKey  ssh.PublicKey  // SFTP: that of the server, known beforehand
	Roots    *x509.CertPool // FTPS: whom to believe; nil for whom this machine believes

	way, host, user, folder string
}

// Parse reads an address like sftp://USER@HOST:PORT/FOLDER. A password does not stand
// in one: addresses are shown and logged.
func Parse(address string) (t Target, err error) {
	u, err := url.Parse(address)
	if err != nil {
		return t, errors.New("it is no address") // the cause would show a password in it
	}
	port, known := ports[u.Scheme]
	_, secret := u.User.Password()
	switch {
	case !known:
		return t, errors.New("it takes an address that begins with sftp://, ftps:// or ftp://")
	case u.Hostname() == "" || u.User.Username() == "":
		return t, fmt.Errorf("it takes a user and a host, like %s://copies@files.example.org/folder", u.Scheme)
	case secret:
		return t, errors.New("a password does not stand in an address, which is shown: give it apart")
	case u.RawQuery != "" || u.Fragment != "" || strings.ContainsAny(u.Path+u.User.Username(), "\r\n"):
		return t, errors.New("behind the host there is a folder, and nothing else")
	}
	if u.Port() != "" {
		port = u.Port()
	}
	folder := path.Clean("/" + u.Path)
	if home, is := strings.CutPrefix(folder+"/", "/~/"); is { // as curl and scp write what is below the home
		folder = path.Clean("./" + home)
	}
	return Target{way: u.Scheme, host: net.JoinHostPort(u.Hostname(), port), user: u.User.Username(), folder: folder}, nil
}

// Name is the address, without secrets.
func (t Target) Name() string {
	folder := t.folder
	if !path.IsAbs(folder) {
		folder = path.Join("/~", folder)
	}
	return t.way + "://" + t.user + "@" + t.host + folder
}

// Clear says that whoever is on the way reads what is sent, the password included.
func (t Target) Clear() bool { return t.way == ftpWay }

// SFTP says that the server shows a key of its own instead of a certificate.
func (t Target) SFTP() bool { return t.way == sftpWay }

func (t Target) path(name string) string { return path.Join(t.folder, name) }
