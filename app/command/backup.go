package command

import (
	"context"
	"crypto/ed25519"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"selfhelp/app/config"
	"selfhelp/store"
	"selfhelp/store/backup"
	"selfhelp/store/keys"
	"selfhelp/store/replica"
)

var backupCommand = Command{
	Name:     "backup",
	Operands: "[init FOLDER|list|verify [NAME]|copy [NAME]|begin]",
	Summary:  "make a backup now, say which there are, look through one, copy one elsewhere, or take them over",
	Text: `Without an operand it makes one in the folder --backup, which the server may be
serving meanwhile: the pages that changed since the last full one, or with --full all
of it. It is brought back into a folder of its own and looked through before it counts.

init marks a folder, or what is mounted there, as one of backups: into one without the
mark nothing is written, so that a volume that is not mounted is noticed.

list says what can be restored, and when and how each was verified. verify brings one
back, the last one unless it is named, and looks through it; exit code 1 when it is
not whole. What is encrypted takes --identity.

copy gives a full one, the last good one unless it is named, to the server --backup-copy,
as the server does by itself once a month. It has its name there only once it was read
again and is whole; a file that is there already is never written over.

begin takes the backups of the folder for those of this server: where a machine was
cloned or put back to an earlier moment, and another one made the last backup, it makes
this one go on, and the other one is refused from then on.

The folder keys is in no backup: keep it elsewhere yourself.`,
	Facts: []any{backupReport{}, []backupReport{}, preparedReport{}, deliveredReport{}},
	Prepare: func(set *flag.FlagSet) Deed {
		settings := config.Flags(set, "data", "backup", "backup-age", "backup-copy", "backup-copy-key", "backup-copy-host-key", "backup-copy-ca", "site")
		w := backupWish{}
		set.BoolVar(&w.full, "full", false, "make a full one")
		set.StringVar(&w.identity, "identity", "", "`FILE` of the private key that opens what is encrypted")
		set.BoolVar(&w.json, "json", false, "print JSON")
		return func(ctx context.Context, t Terminal, operands []string) error {
			if len(operands) == 2 && operands[0] == "init" {
				if err := backup.Prepare(operands[1]); err != nil {
					return err
				}
				if w.json {
					return PrintJSON(t.Out, preparedReport{operands[1]})
				}
				_, err := fmt.Fprintf(t.Out, "%s is a folder of backups now\n", operands[1])
				return err
			}
			c, log, err := folderOf(t, settings)
			if err != nil {
				return err
			}
			k, err := MakerOf(c, log)
			if err != nil {
				return err
			}
			switch {
			case len(operands) == 0:
				return w.make(ctx, t, k)
			case len(operands) == 1 && operands[0] == "list":
				return w.list(t, k)
			case len(operands) <= 2 && operands[0] == "verify":
				return w.verify(ctx, t, k, operands[1:])
			case len(operands) <= 2 && operands[0] == "copy":
				return w.copy(ctx, t, c, k, operands[1:])
			case len(operands) == 1 && operands[0] == "begin":
				return w.begin(t, k)
			}
			return Misused("it takes no operand, or init and a folder, or list or begin, or verify or copy and the name of one")
		}
	},
}

// MakerOf is what makes the backups of a data folder.
func MakerOf(c config.Config, log *slog.Logger) (k backup.Maker, err error) {
	if c.Backup == "" {
		return k, Misused("it takes --backup, the folder of backups")
	}
	if err := c.CheckBackup(); err != nil {
		return k, err
	}
	epoch, err := replica.EpochOf(c.Data, c.Site, time.Now())
	if err != nil {
		return k, err
	}
	k = backup.Maker{
		Folder: backup.Folder{Root: c.Backup}, Data: c.Data, Epoch: epoch.Name(), Databases: store.Databases(), Keep: backup.Usual, Now: time.Now, Log: log,
		Copy: func(ctx context.Context, name, to string) error { return store.CopyDatabase(ctx, c.Data, name, to) },
		Look: func(ctx context.Context, dir string) (any, []string, error) {
			v, err := lookThrough(ctx, dir, c.Data, log)
			return v.Extent, v.Wrong, err
		},
		Keys: func() (string, error) { return store.KeysMark(c.Data) },
		Sign: func(text []byte) (ed25519.PublicKey, []byte, error) { return keys.Sign(c.Data, text) },
	}
	if c.BackupAge != "" {
		k.Recipients, err = backup.ReadRecipients(c.BackupAge)
	}
	return k, err
}

// backupWish is what the line of a backup asks for.
type backupWish struct {
	full, json bool
	identity   string
}

// backupReport says what can be restored.
type backupReport struct {
	Name      string      `json:"name"`
	Kind      backup.Kind `json:"kind"`
	Base      string      `json:"base,omitempty"`
	At        time.Time   `json:"at"` // nothing later is in it
	Bytes     int64       `json:"bytes"`
	Encrypted bool        `json:"encrypted"`
	Verified  *time.Time  `json:"verified,omitempty"`
	How       string      `json:"how,omitempty"`
	Seconds   float64     `json:"seconds,omitempty"`   // that looking through it took
	Delivered *time.Time  `json:"delivered,omitempty"` // a copy of it was, elsewhere
	Signed    string      `json:"signed,omitempty"`    // own, unknown, none or wrong; nothing where it cannot be read
	Wrong     []string    `json:"wrong"`
}

// reportOf tells of a backup of a maker's folder.
func reportOf(k backup.Maker, e backup.Entry) backupReport {
	r := backupReport{Name: e.Name, Kind: e.Kind, Base: e.Base, At: e.At, Bytes: e.Size, Encrypted: e.Encrypted, Wrong: []string{}}
	if e.Broken != nil {
		r.Wrong = append(r.Wrong, strings.ReplaceAll(describe(e.Broken), "\n ", ";"))
	}
	if v := e.Verdict; v != nil {
		r.Verified, r.How, r.Seconds = &v.At, v.How, v.Seconds
		r.Wrong = append(r.Wrong, v.Wrong...)
	}
	if signer, err := k.Folder.Signer(e.Name, ownKey(k.Data)); err == nil {
		r.Signed = string(signer)
		if signer == backup.Forged && len(r.Wrong) == 0 {
			r.Wrong = append(r.Wrong, signedBy[signer])
		}
	}
	return r
}

// ownKey is what the signatures of a data folder are held against, nil where it has none,
// or none that can be read: then every key is unknown.
func ownKey(data string) ed25519.PublicKey {
	own, err := keys.PublicOf(data)
	if err != nil {
		return nil
	}
	return own
}

// signedBy says who signed a backup.
var signedBy = map[backup.Signed]string{
	backup.Own: "signed by this platform's key", backup.Unknown: "signed by an unknown key: that of another server, or there is none here to compare it with", backup.Unsigned: "not signed",
	backup.Forged: "its signature is wrong: somebody changed it since it was signed",
}

func (w backupWish) make(ctx context.Context, t Terminal, k backup.Maker) error {
	kind := backup.Increment
	if w.full {
		kind = backup.Full
	}
	e, err := k.Make(ctx, kind)
	if err != nil {
		return err
	}
	return w.print(t.Out, k, e)
}

// begin takes the backups of the folder for those of this server.
func (w backupWish) begin(t Terminal, k backup.Maker) error {
	if err := k.Begin(); err != nil {
		return err
	}
	if w.json {
		return PrintJSON(t.Out, preparedReport{k.Folder.Root})
	}
	_, err := fmt.Fprintf(t.Out, "the backups in %s are this server's now, and whoever else made them makes no more there\n", k.Folder.Root)
	return err
}

func (w backupWish) verify(ctx context.Context, t Terminal, k backup.Maker, names []string) (err error) {
	var by backup.Identities
	if w.identity != "" {
		if by, err = backup.ReadIdentities(w.identity); err != nil {
			return err
		}
	}
	if len(names) == 0 {
		all, err := k.Folder.List()
		if err != nil {
			return err
		}
		if len(all) == 0 {
			fmt.Fprintln(t.Err, "there are no backups")
			return ErrBad
		}
		names = []string{all[len(all)-1].Name}
	}
	e, err := k.Verify(ctx, names[0], by)
	if err != nil {
		return err
	}
	return w.print(t.Out, k, e)
}

// print prints one backup; ErrBad where it is not whole.
func (w backupWish) print(out io.Writer, k backup.Maker, e backup.Entry) (err error) {
	r := reportOf(k, e)
	if w.json {
		err = PrintJSON(out, r)
	} else {
		printBackup(out, r)
	}
	if err == nil && len(r.Wrong) > 0 {
		err = ErrBad
	}
	return err
}

func (w backupWish) list(t Terminal, k backup.Maker) error {
	all, err := k.Folder.List()
	if err != nil {
		return err
	}
	given, err := k.Folder.Delivered()
	if err != nil {
		return err
	}
	reports := make([]backupReport, len(all))
	for i, e := range all {
		reports[i] = reportOf(k, e)
		if at := slices.IndexFunc(given, func(d backup.Delivered) bool { return d.Name == e.Name }); at >= 0 {
			reports[i].Delivered = &given[at].At
		}
	}
	if w.json {
		return PrintJSON(t.Out, reports)
	}
	for _, r := range reports {
		printBackup(t.Out, r)
	}
	if len(reports) == 0 {
		fmt.Fprintln(t.Err, "there are no backups")
	}
	return nil
}

func printBackup(out io.Writer, r backupReport) {
	state := "not verified"
	switch {
	case len(r.Wrong) > 0:
		state = "not whole"
	case r.How == backup.BeforeEncryption:
		state = "verified before it was encrypted"
	case r.Verified != nil:
		state = "verified by a restore"
	}
	if r.Verified != nil {
		state += " " + r.Verified.Format(time.RFC3339)
	}
	if r.Encrypted {
		state += ", encrypted"
	}
	if said := signedBy[backup.Signed(r.Signed)]; said != "" && r.Signed != string(backup.Forged) { // that is told below
		state += ", " + said
	}
	if r.Delivered != nil {
		state += ", a copy was delivered " + r.Delivered.Format(time.RFC3339)
	}
	fmt.Fprintf(out, "%-28s up to %s  %9.1f MB  %s\n", r.Name, r.At.Format(time.RFC3339), float64(r.Bytes)/1e6, state)
	for _, wrong := range r.Wrong {
		fmt.Fprintf(out, "wrong: %s\n", wrong)
	}
}
