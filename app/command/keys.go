package command

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"selfhelp/app/fault"
	"selfhelp/store"
)

// ErrNoKeys says that what is restored could not be read.
var ErrNoKeys = errors.New("the keys are needed, and no replica holds them")

// keysOf is the folder of the keys of a data folder, which have to be there before
// what is restored can be read.
func keysOf(data string) (string, error) {
	keys := filepath.Join(data, "keys")
	if _, err := os.Stat(keys); err != nil {
		return "", fmt.Errorf("%w: bring the folder %s from where you keep it: %w", ErrNoKeys, keys, err)
	}
	return keys, nil
}

// keysFit says whether the keys of a data folder are those of what is to be restored
// there, by their mark; "" where nobody kept it. With others everything would come back,
// and nothing that is sealed in it could be opened ever after. Into an
// empty folder it comes back all the same, to be looked at: what is published is not served
// from there.
func keysFit(data, mark string) error {
	keys, err := keysOf(data)
	if err != nil || mark == "" {
		return err
	}
	if all, err := filepath.Glob(filepath.Join(keys, "*.key")); err != nil || len(all) == 0 {
		return err
	}
	own, err := store.KeysMark(data)
	if err == nil && own != mark {
		err = &fault.Error{
			Kind: fault.Conflict, Key: "fault.store.keys.other", Args: []any{keys},
			Hint: "bring the folder keys of the server that wrote it, as a whole; nothing was changed, and nobody was replaced",
		}
	}
	return err
}

// opened opens restored databases with the keys of the folder they are for.
func opened(ctx context.Context, scratch, data string, log *slog.Logger) (*store.Store, error) {
	keys, err := keysOf(data)
	if err != nil {
		return nil, err
	}
	if err := os.Symlink(keys, filepath.Join(scratch, "keys")); err != nil {
		return nil, err
	}
	return store.Open(ctx, scratch, store.Options{Existing: true, Log: log})
}

// Opens says whether restored databases can be read with the keys of the folder they are
// for, whose mark they came with.
func Opens(ctx context.Context, scratch, data, mark string, log *slog.Logger) error {
	if err := keysFit(data, mark); err != nil {
		return err
	}
	st, err := opened(ctx, scratch, data, log)
	if err != nil {
		return err
	}
	return st.Close()
}
