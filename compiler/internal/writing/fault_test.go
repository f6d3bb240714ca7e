package writing

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var errFault = errors.New("no space left on device")

// faulty is a disk whose n-th change fails, and every later one when broken.
type faulty struct {
	Disk
	left    int
	broken  bool
	failed  bool
	noLinks bool
}

func (f *faulty) fault() error {
	f.left--
	if f.left == 0 || f.left < 0 && f.broken {
		f.failed = true
		return errFault
	}
	return nil
}

func (f *faulty) Mkdir(name string, mode fs.FileMode) error {
	if err := f.fault(); err != nil {
		return err
	}
	return f.Disk.Mkdir(name, mode)
}

// Create leaves a part of the file behind when it fails, as a full disk does.
func (f *faulty) Create(name string, data []byte, mode fs.FileMode) error {
	if err := f.fault(); err != nil {
		return errors.Join(err, f.Disk.Create(name, data[:len(data)/2], mode))
	}
	return f.Disk.Create(name, data, mode)
}

func (f *faulty) Link(old, new string) error {
	if f.noLinks {
		return errors.ErrUnsupported
	}
	if err := f.fault(); err != nil {
		return err
	}
	return f.Disk.Link(old, new)
}

func (f *faulty) Rename(old, new string) error {
	if err := f.fault(); err != nil {
		return err
	}
	return f.Disk.Rename(old, new)
}

func (f *faulty) Remove(name string) error {
	if err := f.fault(); err != nil {
		return err
	}
	return f.Disk.Remove(name)
}

func oldSet() []Folder {
	return []Folder{
		folder("compose", "compose.yaml", header+"old\n", "web.ini", "old\n"),
		folder("kubernetes", "a.yaml", header+"old a\n", "b.yaml", header+"same\n", "gone/deep/c.yaml", header+"old c\n"),
	}
}

func newSet() []Folder {
	return []Folder{
		folder("compose", "compose.yaml", header+"new\n", "web.ini", "new\n", "more.ini", "new\n"),
		folder("kubernetes", "a.yaml", header+"new a\n", "b.yaml", header+"same\n", "made/deep/d.yaml", header+"new d\n"),
		folder("nomad", "app.hcl", header+"new\n"),
	}
}

// withoutRests drops what the next run tidies away.
func withoutRests(files map[string]string) (kept map[string]string, rests int) {
	kept = map[string]string{}
	for name, text := range files {
		if isTemporary(name) {
			rests++
			continue
		}
		kept[name] = text
	}
	return kept, rests
}

// At whatever step one change of the disk fails, the old set is whole or the new one.
func TestFaultAtEveryStep(t *testing.T) {
	for _, noLinks := range []bool{false, true} {
		wholeOld, wholeNew := t.TempDir(), t.TempDir()
		write(t, wholeOld, oldSet()...)
		write(t, wholeNew, oldSet()...)
		write(t, wholeNew, newSet()...)
		before, after := content(t, wholeOld), content(t, wholeNew)
		olds, news := 0, 0
		for n := 1; ; n++ {
			dir := t.TempDir()
			write(t, dir, oldSet()...)
			disk := attempt(t, dir, &faulty{left: n, noLinks: noLinks}, func(failed bool) {
				got, rests := withoutRests(content(t, dir))
				switch {
				case failed && rests == 0 && cmp.Equal(got, before):
					olds++
				case !failed && (cmp.Equal(got, after) || onlyEmptyFoldersMore(got, after)):
					news++
				default:
					t.Errorf("step %d, failed %v, %d rests: %s", n, failed, rests, cmp.Diff(before, got))
				}
			})
			if !disk.failed {
				break
			}
			write(t, dir, newSet()...)
			if got, _ := withoutRests(content(t, dir)); !onlyEmptyFoldersMore(got, after) {
				t.Errorf("step %d: the next run does not mend it: %s", n, cmp.Diff(after, got))
			}
		}
		if olds < 15 || news < 5 {
			t.Errorf("%d faults left the old set, %d the new one: too few for a test", olds, news)
		}
	}
}

// A disk that breaks for good while the new files are prepared keeps the old set;
// while names are exchanged each file is still whole, and what happened is said.
func TestBrokenDisk(t *testing.T) {
	wholeOld, wholeNew := t.TempDir(), t.TempDir()
	write(t, wholeOld, oldSet()...)
	write(t, wholeNew, oldSet()...)
	write(t, wholeNew, newSet()...)
	before, after := content(t, wholeOld), content(t, wholeNew)
	for n := 1; ; n++ {
		dir := t.TempDir()
		write(t, dir, oldSet()...)
		said := ""
		disk := attempt(t, dir, &faulty{left: n, broken: true}, nil, &said)
		got, _ := withoutRests(content(t, dir))
		for name, text := range got {
			if !strings.HasSuffix(name, "/") && text != before[name] && text != after[name] {
				t.Errorf("step %d: %s is neither old nor new", n, name)
			}
		}
		for name := range before {
			if _, kept := after[name]; kept && got[name] == "" {
				t.Errorf("step %d: %s is missing", n, name)
			}
		}
		if strings.Contains(said, "are as they were") {
			for name, text := range before {
				if got[name] != text {
					t.Errorf("step %d: said to be as it was, and is not: %s", n, name)
				}
			}
		}
		if !disk.failed {
			break
		}
	}
}

// attempt applies the new set to a faulty disk.
func attempt(t *testing.T, dir string, f *faulty, look func(failed bool), said ...*string) *faulty {
	t.Helper()
	disk, base, closeDisk, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer closeDisk()
	f.Disk = disk
	plan, list := NewPlan(f, base, newSet())
	if list.HasErrors() {
		t.Fatal(codes(list))
	}
	list = plan.Apply()
	for _, s := range said {
		for _, d := range list {
			*s += d.Detail
		}
	}
	if look != nil {
		look(list.HasErrors())
	}
	return f
}

func onlyEmptyFoldersMore(got, want map[string]string) bool {
	trimmed := map[string]string{}
	for name, text := range got {
		if !strings.HasSuffix(name, "/") {
			trimmed[name] = text
		}
	}
	return cmp.Equal(trimmed, want)
}
