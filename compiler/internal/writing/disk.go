package writing

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Disk is what the package needs of a file system. Names are slash paths within
// the disk, as in package fs; reading goes through Open.
type Disk interface {
	fs.FS
	Lstat(name string) (fs.FileInfo, error)
	Mkdir(name string, mode fs.FileMode) error
	// Create writes a file that does not exist yet. After an error a part of it may
	// be there.
	Create(name string, data []byte, mode fs.FileMode) error
	Link(old, new string) error
	Rename(old, new string) error
	Remove(name string) error
}

// Open returns the disk to write below dir, and the name of dir within it. The
// folder need not exist: the disk is then rooted at the nearest one that does.
// Nothing outside of that folder can be touched, through symbolic links neither.
func Open(dir string) (disk Disk, name string, closeDisk func() error, err error) {
	existing := filepath.Clean(dir)
	for {
		info, err := os.Stat(existing)
		if err == nil && !info.IsDir() {
			return nil, "", nil, &fs.PathError{Op: "mkdir", Path: existing, Err: errNoFolder}
		}
		if err == nil {
			break
		}
		parent := filepath.Dir(existing)
		if !errors.Is(err, fs.ErrNotExist) || parent == existing {
			return nil, "", nil, err
		}
		existing = parent
	}
	root, err := os.OpenRoot(existing)
	if err != nil {
		return nil, "", nil, err
	}
	rest, err := filepath.Rel(existing, filepath.Clean(dir))
	if err != nil {
		root.Close()
		return nil, "", nil, err
	}
	return rootDisk{root.FS(), root}, filepath.ToSlash(rest), root.Close, nil
}

var errNoFolder = errors.New("there is a file where a folder is needed")

// rootDisk is a folder of the machine.
type rootDisk struct {
	fs.FS
	root *os.Root
}

func (d rootDisk) Lstat(name string) (fs.FileInfo, error) { return d.root.Lstat(name) }

func (d rootDisk) Mkdir(name string, mode fs.FileMode) error { return d.root.Mkdir(name, mode) }

// Create does not ask for the data to reach the disk: after a loss of power the
// files are compiled again, and asking costs more than the whole compile.
func (d rootDisk) Create(name string, data []byte, mode fs.FileMode) error {
	file, err := d.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Close())
}

func (d rootDisk) Link(old, new string) error { return d.root.Link(old, new) }

func (d rootDisk) Rename(old, new string) error { return d.root.Rename(old, new) }

func (d rootDisk) Remove(name string) error { return d.root.Remove(name) }
