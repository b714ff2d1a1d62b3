package config

import (
	"path/filepath"
	"strings"
)

// CheckBackup refuses backups beside what they are of.
func (c Config) CheckBackup() error {
	if c.Backup == "" {
		if c.BackupCopy != "" {
			return wrong("--backup-copy says where backups are copied to each month, and --backup where they are: give both")
		}
		if c.BackupAge != "" {
			return wrong("--backup-age says whom backups are encrypted to, and --backup where they are: give both")
		}
		return nil
	}
	data, err := filepath.Abs(c.Data)
	if err != nil {
		return err
	}
	to, err := filepath.Abs(c.Backup)
	if err != nil {
		return err
	}
	if within, err := filepath.Rel(data, to); err == nil && filepath.IsLocal(within) {
		return wrong("--backup takes a folder on another volume, not one of the data folder: what takes the one would take the other")
	}
	return c.checkCopy()
}

// checkCopy refuses a copy that strangers could read, and one that any server could be
// given. The address is read by who connects to it.
func (c Config) checkCopy() error {
	way, _, _ := strings.Cut(c.BackupCopy, "://")
	switch {
	case c.BackupCopy == "":
		if c.BackupKey != "" || c.BackupHostKey != "" || c.BackupCA != "" {
			return wrong("--backup-copy-key, --backup-copy-host-key and --backup-copy-ca are about --backup-copy: give that too")
		}
	case strings.EqualFold(way, "ftp") && c.BackupAge == "":
		return wrong(`--backup-copy by ftp:// would send the backup in clear, with all that it holds.
  Encrypt backups with --backup-age, or send them by sftp:// or ftps://`)
	case way == "sftp" && c.BackupHostKey == "":
		return wrong("--backup-copy by sftp:// takes --backup-copy-host-key, or any server could take its place: ssh-keyscan prints it")
	case way != "sftp" && (c.BackupKey != "" || c.BackupHostKey != ""):
		return wrong("--backup-copy-key and --backup-copy-host-key are for sftp://")
	case way != "ftps" && c.BackupCA != "":
		return wrong("--backup-copy-ca is for ftps://")
	}
	return nil
}
