package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// files describes the files below a folder, for people.
func files(folder string) map[string]string {
	found := map[string]string{}
	filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			found[path] = "ERR " + err.Error()
			return nil
		}
		if info, e := os.Stat(path); e == nil && !info.IsDir() && len(found) < 50 {
			text := cat(path)
			if len(text) > 200 {
				text = text[:200] + "..."
			}
			owner := info.Sys().(*syscall.Stat_t)
			found[path] = fmt.Sprintf("%v %d:%d %q", info.Mode(), owner.Uid, owner.Gid, text)
		}
		return nil
	})
	return found
}

// stat describes one file exactly: bytes in base64, mode in octal, owner; of a folder the names in it.
func stat(path string) map[string]any {
	info, err := os.Stat(path)
	if err != nil {
		return map[string]any{"err": err.Error()}
	}
	owner := info.Sys().(*syscall.Stat_t)
	answer := map[string]any{"mode": fmt.Sprintf("%04o", info.Mode().Perm()), "uid": owner.Uid, "gid": owner.Gid, "size": info.Size(), "folder": info.IsDir()}
	if info.IsDir() {
		names := []string{}
		entries, _ := os.ReadDir(path)
		for _, entry := range entries {
			names = append(names, entry.Name())
		}
		answer["names"] = names
		return answer
	}
	text, err := os.ReadFile(path)
	if err != nil {
		answer["err"] = err.Error()
	}
	answer["bytes"] = base64.StdEncoding.EncodeToString(text)
	return answer
}

// mounts lists the file systems: path, kind, options, size in bytes, mode in octal.
func mounts() (list []map[string]any) {
	for _, line := range strings.Split(cat("/proc/self/mounts"), "\n") {
		words := strings.Fields(line)
		if len(words) < 4 {
			continue
		}
		path := strings.NewReplacer(`\040`, " ", `\011`, "\t", `\134`, `\`).Replace(words[1])
		mount := map[string]any{"path": path, "kind": words[2], "options": strings.Split(words[3], ",")}
		var space syscall.Statfs_t
		if syscall.Statfs(path, &space) == nil {
			mount["size"] = int64(space.Blocks) * space.Bsize
		}
		if info, err := os.Stat(path); err == nil {
			mode := int(info.Mode().Perm())
			if info.Mode()&os.ModeSticky != 0 {
				mode |= 0o1000
			}
			mount["mode"] = fmt.Sprintf("%04o", mode)
		}
		list = append(list, mount)
	}
	return list
}

// opened opens a file or a device and closes it again.
func opened(path string, write bool) error {
	mode := os.O_RDONLY
	if write {
		mode = os.O_RDWR
	}
	file, err := os.OpenFile(path, mode|syscall.O_NONBLOCK, 0)
	if err != nil {
		return err
	}
	return file.Close()
}

// fill writes a file of so many MiB, which is not empty to a file system that leaves out zeros.
func fill(path string, mb int) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	block := make([]byte, 1<<20)
	for i := range block {
		block[i] = byte(i)
	}
	for range mb {
		if _, err := file.Write(block); err != nil {
			return err
		}
	}
	return file.Sync()
}

// say writes numbered lines of 100 bytes.
func say(lines int) {
	for i := range lines {
		fmt.Printf("%08d %s\n", i+1, strings.Repeat(".", 90))
	}
}
