// Package deliverytest starts real file servers for tests: Debian's vsftpd and OpenSSH.
// Nothing of the product imports it.
package deliverytest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// program is one that the tests need; elsewhere than in CI they are passed over where
// it is missing.
func program(t *testing.T, path, packet string) string {
	t.Helper()
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("SELFHELP_PEERS") == "required" {
			t.Fatalf("%v", err)
		}
		t.Skipf("%s is missing: apt install %s", path, packet)
	}
	return path
}

// started starts a server on a free port of this machine and waits for it.
func started(t *testing.T, name string, args func(port int) []string) (address string) {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	port := free.Addr().(*net.TCPAddr).Port
	check(t, free.Close())
	server := exec.Command(name, args(port)...)
	said, err := os.Create(filepath.Join(t.TempDir(), "log")) // a file: its own children hold on to it
	check(t, err)
	server.Stdout, server.Stderr = said, said
	check(t, server.Start())
	t.Cleanup(func() { server.Process.Kill(); server.Wait() })
	address = fmt.Sprintf("localhost:%d", port)
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			conn.Close()
			return address
		}
		if time.Now().After(deadline) {
			log, _ := os.ReadFile(said.Name())
			t.Fatalf("%s does not answer: %s", name, log)
		}
	}
}

// certificate makes one for localhost that signs itself.
func certificate(t *testing.T, dir string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(t, err)
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	check(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	check(t, err)
	check(t, os.WriteFile(filepath.Join(dir, "cert.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	check(t, os.WriteFile(filepath.Join(dir, "key.pem"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600))
}

const secret = "Mot de passe 9"

// Peer is a server with a folder that an account writes to.
type Peer struct {
	Address  string // of the folder, with the account
	Folder   string // as this machine sees it
	Password string // FTP
	CA       string // FTPS: file of the certificate
	HostKey  string // SFTP: the public key of the server
	Key      string // SFTP: file of the private key of the account

	uid int // of the account
}

// Give has a file in the folder belong to the account of the server.
func (p Peer) Give(t *testing.T, name string) {
	t.Helper()
	check(t, os.Chown(filepath.Join(p.Folder, name), p.uid, -1))
}

// Vsftpd starts the one of Debian, with TLS or without. Its anonymous account takes one password only here: so
// the test needs no account of this machine.
func Vsftpd(t *testing.T, secure bool) Peer {
	t.Helper()
	name := program(t, "/usr/sbin/vsftpd", "vsftpd")
	if os.Getuid() != 0 {
		if os.Getenv("SELFHELP_PEERS") == "required" {
			t.Fatal("vsftpd takes root, to become the account it writes as")
		}
		t.Skip("vsftpd takes root, to become the account it writes as")
	}
	dir, root := t.TempDir(), t.TempDir()
	account, err := user.Lookup("daemon") // Debian has it, and a home for it
	check(t, err)
	uid, err := strconv.Atoi(account.Uid)
	check(t, err)
	check(t, os.Mkdir(filepath.Join(root, "copies"), 0o700))
	p := Peer{Folder: filepath.Join(root, "copies"), Password: secret, CA: filepath.Join(dir, "cert.pem"), uid: uid}
	p.Give(t, "")
	check(t, os.WriteFile(filepath.Join(dir, "passwords"), []byte(secret+"\n"), 0o600))
	certificate(t, dir)
	lines := []string{
		"listen=YES", "listen_address=127.0.0.1", "background=NO", "anonymous_enable=YES", "local_enable=NO", "write_enable=YES", "ftp_username=" + account.Username, "anon_root=" + root,
		"anon_upload_enable=YES", "anon_other_write_enable=YES", "anon_world_readable_only=NO", "anon_umask=077",
		"secure_email_list_enable=YES", "email_password_file=" + filepath.Join(dir, "passwords"), "seccomp_sandbox=NO", "isolate=NO", "isolate_network=NO",
		"secure_chroot_dir=" + t.TempDir(), "xferlog_enable=NO", "delay_failed_login=0",
	}
	way := "ftp"
	if secure {
		way = "ftps"
		lines = append(lines, "ssl_enable=YES", "allow_anon_ssl=YES", "force_anon_logins_ssl=YES", "force_anon_data_ssl=YES",
			"rsa_cert_file="+filepath.Join(dir, "cert.pem"), "rsa_private_key_file="+filepath.Join(dir, "key.pem"))
	}
	address := started(t, name, func(port int) []string {
		lines := append(lines, fmt.Sprintf("listen_port=%d", port))
		config := filepath.Join(dir, "vsftpd.conf")
		check(t, os.WriteFile(config, []byte(strings.Join(lines, "\n")+"\n"), 0o600))
		return []string{config}
	})
	p.Address = way + "://anonymous@" + address + "/copies"
	return p
}

// SSHD starts the one of OpenSSH, for this very user and a key of its own.
func SSHD(t *testing.T) Peer {
	t.Helper()
	name := program(t, "/usr/sbin/sshd", "openssh-server")
	check(t, os.MkdirAll("/run/sshd", 0o755)) // where it locks itself in, as root
	dir := t.TempDir()
	for _, name := range []string{"host", "user"} {
		if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", filepath.Join(dir, name)).CombinedOutput(); err != nil {
			t.Fatalf("ssh-keygen: %v %s", err, out)
		}
	}
	address := started(t, name, func(port int) []string {
		config := fmt.Sprintf("Port %d\nListenAddress 127.0.0.1\nHostKey %s\nAuthorizedKeysFile %s\nStrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\nPidFile none\nSubsystem sftp internal-sftp\n",
			port, filepath.Join(dir, "host"), filepath.Join(dir, "user.pub"))
		check(t, os.WriteFile(filepath.Join(dir, "sshd_config"), []byte(config), 0o600))
		return []string{"-D", "-e", "-f", filepath.Join(dir, "sshd_config")}
	})
	me, err := user.Current()
	check(t, err)
	key, err := os.ReadFile(filepath.Join(dir, "host.pub"))
	check(t, err)
	p := Peer{Folder: t.TempDir(), HostKey: strings.TrimSpace(string(key)), Key: filepath.Join(dir, "user"), uid: os.Getuid()}
	p.Address = "sftp://" + me.Username + "@" + address + p.Folder
	return p
}
