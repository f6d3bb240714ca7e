package writing

import (
	"errors"
	"os"
	"path/filepath"
)

// ReplaceFile puts other bytes into a file of the user, at once or not at all. A
// symbolic link stays one, and the mode stays.
func ReplaceFile(name string, data []byte) error {
	name, err := filepath.EvalSymlinks(name)
	if err != nil {
		return err
	}
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	fresh := temporaryBeside(filepath.ToSlash(name))
	err = os.WriteFile(fresh, data, info.Mode().Perm())
	if err == nil {
		err = os.Rename(fresh, name)
	}
	if err != nil {
		return errors.Join(err, removeIfThere(fresh))
	}
	return nil
}

func removeIfThere(name string) error {
	if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
