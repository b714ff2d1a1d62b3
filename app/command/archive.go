package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"selfhelp/app/check"
	"selfhelp/app/config"
	"selfhelp/app/edition"
	"selfhelp/app/procedure"
	"selfhelp/app/transfer"
	"selfhelp/store"
)

var exportCommand = Command{
	Name:     "export",
	Operands: "PROJECT FILE.zip|FOLDER",
	Summary:  "write a project as an archive: a zip, or a plain folder for Git",
	Text: `Writes the project with this alias, as it is being edited, as a zip when the
name ends in .zip, else as a folder. The same project always gives the same
bytes. A folder that holds an earlier export of the project is brought up to
date; other files in it stay. The data folder may be one that cannot be written,
like a backup, when it was left in order by the same version of the product.`,
	Facts: []any{exported{}},
	Lacks: "working while the server runs on the same data folder; export from the Studio then.",
	Prepare: func(set *flag.FlagSet) Deed {
		settings := config.Flags(set, "data")
		domain := set.String("domain", "sandbox", "`DOMAIN` the project is in")
		asJSON := set.Bool("json", false, "print what was written as JSON")
		return func(ctx context.Context, t Terminal, operands []string) error {
			if len(operands) != 2 {
				return Misused("it takes the alias of a project and where to write it")
			}
			c, log, err := folderOf(t, settings)
			if err != nil {
				return err
			}
			st, err := store.Read(ctx, c.Data, store.Options{Log: log})
			if err != nil {
				return fmt.Errorf("open the data folder %s: %w", c.Data, err)
			}
			return errors.Join(export(ctx, t, st, *domain, operands[0], operands[1], *asJSON), st.Close())
		}
	},
}

// presence is whether a command needs a data folder, or makes one where there
// is none. What only looks, or changes what must be there, makes none: with a
// name mistyped it would leave an empty one behind and find nothing in it.
type presence bool

const (
	existing presence = true
	made     presence = false
)

// withStore opens the data folder of a command for as long as it works on it.
func withStore(ctx context.Context, t Terminal, settings func(config.Environment) (config.Config, error), must presence, work func(*store.Store) error) error {
	c, log, err := folderOf(t, settings)
	if err != nil {
		return err
	}
	st, err := store.Open(ctx, c.Data, store.Options{Existing: bool(must), Log: log})
	if err != nil {
		return fmt.Errorf("open the data folder %s: %w", c.Data, err)
	}
	return errors.Join(work(st), st.Close())
}

// folderOf reads the settings of a command that opens the data folder, and makes
// the log of what goes on there.
func folderOf(t Terminal, settings func(config.Environment) (config.Config, error)) (config.Config, *slog.Logger, error) {
	c, err := settings(t.Env)
	if err == nil && t.LockError != nil {
		err = fmt.Errorf("this system cannot lock the databases safely: %w", t.LockError)
	}
	return c, slog.New(slog.NewTextHandler(t.Err, &slog.HandlerOptions{Level: slog.LevelWarn})), err
}

func export(ctx context.Context, t Terminal, st *store.Reading, domain, alias, to string, asJSON bool) error {
	found, err := st.Content.ProjectByAlias(ctx, domain, alias)
	if err != nil {
		return noSuch(err, "project %q in the domain %q", alias, domain)
	}
	p, err := st.Content.WholeProject(ctx, found.ID)
	if err != nil {
		return err
	}
	from := edition.Contents{Files: st.Files}
	if strings.EqualFold(filepath.Ext(to), ".zip") {
		err = exportZip(to, p, from)
	} else {
		err = transfer.ExportFolder(to, p, from)
	}
	if err != nil {
		return err
	}
	if asJSON {
		return PrintJSON(t.Out, exported{to, p.UID, p.Alias, len(p.Procedures), len(p.Scenarios), len(p.Resources)})
	}
	_, err = fmt.Fprintf(t.Out, "%s: %s, %s, %s\n", to, count(len(p.Procedures), "procedure"),
		count(len(p.Scenarios), "scenario"), count(len(p.Resources), "resource"))
	return err
}

// exported is what was written, for programs.
type exported struct {
	To         string `json:"to"`
	UID        string `json:"uid"`
	Alias      string `json:"alias"`
	Procedures int    `json:"procedures"`
	Scenarios  int    `json:"scenarios"`
	Resources  int    `json:"resources"`
}

// exportZip writes beside the file first, so that one that is there stays whole
// until the new one is.
func exportZip(name string, p *procedure.Project, from transfer.Contents) error {
	w, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*.part")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	err = transfer.Export(w, p, from)
	if err == nil {
		err = errors.Join(w.Chmod(0o644), w.Sync())
	}
	if err = errors.Join(err, w.Close()); err == nil {
		err = os.Rename(w.Name(), name)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", name, err), os.Remove(w.Name()))
	}
	return nil
}

// count writes "1 procedure", "2 procedures".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

var importCommand = Command{
	Name:     "import",
	Operands: "FILE.zip|FOLDER",
	Summary:  "take an archive into a domain, or say what that would change",
	Text: `Reads the whole archive first and refuses it whole, with every reason, when
something is wrong with it. A project that came from the same one is brought up
to date: procedures that differ get a revision, those that are not in the
archive go to the recycle bin. Procedures whose uid is another project's get a
new one. The data folder is made when it is not there, except by --dry-run.`,
	Facts: []any{taken{}, refused{}},
	Lacks: "working while the server runs on the same data folder; import in the Studio then.",
	Prepare: func(set *flag.FlagSet) Deed {
		settings := config.Flags(set, "data")
		domain := set.String("domain", "sandbox", "`DOMAIN` to import into")
		dry := set.Bool("dry-run", false, "say what would change, change nothing")
		asCopy := set.Bool("copy", false, "make a second project beside the one it came from")
		notes := set.Bool("hide-notes", false, "move what stands [between square brackets], which the old product never showed, from the texts to the notes for writers")
		asJSON := set.Bool("json", false, "print the changes as JSON")
		return func(ctx context.Context, t Terminal, operands []string) error {
			if len(operands) != 1 {
				return Misused("it takes one archive: a zip file or a folder")
			}
			archive, err := openArchive(operands[0])
			if err != nil {
				return refuseArchive(t.Out, err, "en", *asJSON)
			}
			defer archive.Close()
			if *notes {
				hideNotes(t.Err, archive.Project)
			}
			return withStore(ctx, t, settings, presence(*dry), func(st *store.Store) error {
				if _, err := st.Content.Domain(ctx, *domain); err != nil {
					return noSuch(err, "domain %q", *domain)
				}
				o := edition.Import{Domain: *domain, AsCopy: *asCopy, DryRun: *dry, By: "import"}
				wrong := errorsOf(archive.Project)
				in, err := edition.TakeIn(ctx, st, archive.Archive, o)
				if err == nil {
					err = printPlan(t.Out, in.Plan, *dry, wrong, *asJSON)
				}
				if err == nil && wrong > 0 && !*asJSON {
					fmt.Fprintf(t.Err, "the check finds %s: this cannot be published until they are mended; selfhelp check names them\n", count(wrong, "error"))
				}
				return err
			})
		}
	},
}

// hideNotes moves the notes of old authors away and says how many there were.
func hideNotes(w io.Writer, p *procedure.Project) {
	fmt.Fprintf(w, "%s hidden\n", count(procedure.HideProjectNotes(p), "note"))
}

// errorsOf counts what keeps a project from being published.
func errorsOf(p *procedure.Project) (wrong int) {
	for _, problem := range check.Project(p, check.Options{Today: procedure.DateOf(time.Now())}) {
		if problem.Severity == check.Error {
			wrong++
		}
	}
	return wrong
}

// openedArchive is an archive with the files it reads from.
type openedArchive struct {
	*transfer.Archive
	io.Closer
}

// openArchive reads a zip file or a folder. A refusal is the archive's fault.
func openArchive(name string) (openedArchive, error) {
	tree, err := transfer.Open(name, transfer.Usual)
	if err != nil {
		return openedArchive{}, err
	}
	a, err := transfer.Read(tree)
	if err != nil {
		return openedArchive{}, errors.Join(err, tree.Close())
	}
	return openedArchive{a, tree}, nil
}

// taken is what an import changed, or would.
type taken struct {
	DryRun  bool              `json:"dry_run"`
	Errors  int               `json:"errors"` // of the check: more than none keeps it from being published
	Changes []transfer.Change `json:"changes"`
}

func printPlan(w io.Writer, plan transfer.Plan, dry bool, wrong int, asJSON bool) error {
	if asJSON {
		return PrintJSON(w, taken{dry, wrong, plan.Changes})
	}
	for _, c := range plan.Changes {
		if c.Deed == transfer.Keep {
			continue
		}
		line := fmt.Sprintf("%-6s %s %s", c.Deed, c.What, c.ID)
		if c.Alias != "" {
			line += fmt.Sprintf(" (%s is taken)", c.Alias)
		}
		if c.Owner != "" {
			line += fmt.Sprintf(" (new uid: its own is of project %s)", c.Owner)
		}
		fmt.Fprintln(w, line)
	}
	did := "done"
	if dry {
		did = "nothing was changed"
	}
	_, err := fmt.Fprintf(w, "%d created, %d updated, %d removed, %d the same; %s\n", plan.Count(transfer.Create),
		plan.Count(transfer.Update), plan.Count(transfer.Remove), plan.Count(transfer.Keep), did)
	return err
}
