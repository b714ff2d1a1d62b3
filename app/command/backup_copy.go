package command

import (
	"context"
	"crypto/x509"
	"fmt"
	"log/slog"
	"os"
	"time"

	"golang.org/x/crypto/ssh"

	"selfhelp/app/config"
	"selfhelp/app/connect/delivery"
	"selfhelp/app/doctor"
	"selfhelp/app/fault"
	"selfhelp/app/job"
	"selfhelp/store/backup"
)

// DeliveriesOf is what gives copies of the backups elsewhere; nil where nothing does.
func DeliveriesOf(c config.Config, log *slog.Logger) (*job.Deliveries, error) {
	if c.BackupCopy == "" {
		return nil, nil
	}
	if err := c.CheckBackup(); err != nil {
		return nil, err
	}
	to, err := delivery.Parse(c.BackupCopy)
	if err != nil {
		return nil, Misused("--backup-copy: %v", err)
	}
	if err := unlock(&to, c); err != nil {
		return nil, err
	}
	return &job.Deliveries{Folder: backup.Folder{Root: c.Backup}, To: to, Site: c.Site, Zone: c.Zone(), Now: time.Now, Log: log}, nil
}

// unlock gives a target what opens it, and what it is known by.
func unlock(to *delivery.Target, c config.Config) (err error) {
	password, _, err := config.Secret(c.Environment, "SELFHELP_BACKUP_COPY_PASSWORD")
	if err != nil {
		return err
	}
	to.Password = password
	if to.SFTP() {
		if to.HostKey, _, _, _, err = ssh.ParseAuthorizedKey([]byte(c.BackupHostKey)); err != nil {
			return Misused("--backup-copy-host-key takes a public key like \"ssh-ed25519 AAAA…\": %v", err)
		}
	}
	if c.BackupKey != "" {
		b, err := os.ReadFile(c.BackupKey)
		if err != nil {
			return fmt.Errorf("read --backup-copy-key: %w", err)
		}
		if to.Signer, err = ssh.ParsePrivateKey(b); err != nil {
			return Misused("--backup-copy-key %s: %v", c.BackupKey, err)
		}
	}
	if c.BackupCA != "" {
		b, err := os.ReadFile(c.BackupCA)
		if err != nil {
			return fmt.Errorf("read --backup-copy-ca: %w", err)
		}
		if to.Roots = x509.NewCertPool(); !to.Roots.AppendCertsFromPEM(b) {
			return Misused("--backup-copy-ca %s holds no certificate in PEM", c.BackupCA)
		}
	}
	if to.Password == "" && to.Signer == nil {
		return Misused("--backup-copy takes a password, in SELFHELP_BACKUP_COPY_PASSWORD or the file that SELFHELP_BACKUP_COPY_PASSWORD_FILE names, or by SFTP --backup-copy-key")
	}
	return nil
}

// copiesOf is what the doctor looks at of them.
func copiesOf(c config.Config) *doctor.Copies {
	d, err := DeliveriesOf(c, slog.New(slog.DiscardHandler))
	switch {
	case err != nil:
		return &doctor.Copies{Err: err}
	case d == nil:
		return nil
	}
	return &doctor.Copies{To: d.To.Name(), Try: d.To.Try}
}

// deliveredReport says which copy was given elsewhere.
type deliveredReport struct {
	Name  string    `json:"name"` // of the backup
	To    string    `json:"to"`
	File  string    `json:"file"`
	At    time.Time `json:"at"`
	Bytes int64     `json:"bytes"`
	Hash  string    `json:"sha256"`
}

func (w backupWish) copy(ctx context.Context, t Terminal, c config.Config, k backup.Maker, names []string) error {
	d, err := DeliveriesOf(c, k.Log)
	if err != nil {
		return err
	}
	if d == nil {
		return Misused("it takes --backup-copy, the server that copies are given to")
	}
	all, err := k.Folder.List()
	if err != nil {
		return err
	}
	e, found := backup.Newest(all, backup.Full)
	if len(names) > 0 {
		e, found = goodOne(all, names[0])
	}
	switch {
	case !found && len(names) > 0:
		return fault.New(fault.NotFound, "fault.backup.unknown", names[0])
	case !found:
		return fault.New(fault.NotFound, "fault.delivery.nothing")
	}
	given, err := d.Deliver(ctx, e)
	if err != nil {
		return err
	}
	r := deliveredReport{Name: given.Name, To: given.To, File: given.File, At: given.At, Bytes: given.Bytes, Hash: given.Hash}
	if w.json {
		return PrintJSON(t.Out, r)
	}
	_, err = fmt.Fprintf(t.Out, "%s is at %s as %s: %.1f MB, read again there\nsha256 %s\n", r.Name, r.To, r.File, float64(r.Bytes)/1e6, r.Hash)
	return err
}

// goodOne is a good backup of a list, by its name.
func goodOne(all []backup.Entry, name string) (backup.Entry, bool) {
	for _, e := range all {
		if e.Name == name && e.Good() {
			return e, true
		}
	}
	return backup.Entry{}, false
}
