package transfer

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// ExportFolder writes a project as a plain folder, to be kept in Git. The
// folder is made when it is not there. One that holds an archive of the same
// project is brought up to date: files of ours that the project no longer has
// are removed, files of others stay. Any other folder must be empty.
func ExportFolder(dir string, p *procedure.Project, from Contents) error {
	files, err := layOut(p)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("export to a folder: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("export to a folder: %w", err)
	}
	defer root.Close()
	if err := mayFill(root, p); err != nil {
		return err
	}
	for _, f := range files {
		if err := writeInto(root, f, from); err != nil {
			return fmt.Errorf("export %s: %w", f.name, err)
		}
	}
	return removeOthers(root, files)
}

// mayFill refuses a folder that holds something else than this project.
func mayFill(root *os.Root, p *procedure.Project) error {
	b, err := root.ReadFile(projectFile)
	if err == nil {
		there, err := procedure.ReadProject(b)
		if err != nil || there.UID != p.UID {
			return fault.Because(fault.Conflict, err, "transfer.export.other")
		}
		return nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("export to a folder: %w", err)
	}
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return fmt.Errorf("export to a folder: %w", err)
	}
	for _, e := range entries {
		if !beside(e.Name()) {
			return fault.New(fault.Conflict, "transfer.export.full")
		}
	}
	return nil
}

// writeInto writes a file under another name first, so that one that is there
// stays whole until the new one is.
func writeInto(root *os.Root, f written, from Contents) error {
	if err := root.MkdirAll(path.Dir(f.name), 0o755); err != nil {
		return err
	}
	r, err := f.open(from)
	if err != nil {
		return err
	}
	defer r.Close()
	temporary := f.name + ".part"
	w, err := root.Create(temporary)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	if err := errors.Join(err, w.Close()); err != nil {
		return errors.Join(err, root.Remove(temporary))
	}
	return root.Rename(temporary, f.name)
}

// removeOthers takes away what an earlier export wrote and this one did not.
func removeOthers(root *os.Root, files []written) error {
	kept := map[string]bool{}
	for _, f := range files {
		kept[f.name] = true
	}
	for _, dir := range []string{proceduresDir, scenariosDir, resourcesDir} {
		entries, err := fs.ReadDir(root.FS(), dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("export to a folder: %w", err)
		}
		for _, e := range entries {
			name := dir + "/" + e.Name()
			if e.Type().IsRegular() && !kept[name] {
				if err := root.Remove(name); err != nil {
					return fmt.Errorf("export to a folder: %w", err)
				}
			}
		}
	}
	return nil
}
