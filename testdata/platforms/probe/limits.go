package main

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

// cgroup returns the files of the container's control groups that exist, of version 1 or 2, as they are.
func cgroup() map[string]string {
	files := map[string]string{}
	for _, path := range []string{"memory/memory.limit_in_bytes", "memory/memory.soft_limit_in_bytes", "cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us", "cpu/cpu.shares",
		"cpuset/cpuset.cpus", "pids/pids.max", "memory.max", "memory.low", "cpu.max", "cpu.weight", "pids.max"} {
		if value := cat("/sys/fs/cgroup/" + path); !strings.HasPrefix(value, "ERR") {
			files[path] = value
		}
	}
	return files
}

// limits says the same in the units of no version: bytes, cores, processes; 0 where there is no limit.
func limits() map[string]float64 {
	files := cgroup()
	number := func(names ...string) float64 {
		for _, name := range names {
			if value, err := strconv.ParseFloat(strings.Fields(files[name] + " 0")[0], 64); err == nil && value > 0 {
				return value
			}
		}
		return 0
	}
	memory := number("memory/memory.limit_in_bytes", "memory.max")
	if memory > 1<<60 { // version 1 writes "none" as the largest number of pages
		memory = 0
	}
	cores := 0.0
	if quota := number("cpu/cpu.cfs_quota_us"); quota > 0 {
		cores = quota / number("cpu/cpu.cfs_period_us")
	} else if words := strings.Fields(files["cpu.max"]); len(words) == 2 && words[0] != "max" {
		quota, _ := strconv.ParseFloat(words[0], 64)
		period, _ := strconv.ParseFloat(words[1], 64)
		cores = quota / period
	}
	return map[string]float64{"memory": memory, "cpu": cores, "pids": number("pids/pids.max", "pids.max"), "shares": number("cpu/cpu.shares", "cpu.weight")}
}

// ulimits returns soft and hard limits by name; -1 means none.
func ulimits() map[string][2]int64 {
	limits := map[string][2]int64{}
	for name, number := range map[string]int{"cpu": 0, "fsize": 1, "data": 2, "stack": 3, "core": 4, "nproc": 6, "nofile": 7, "memlock": 8, "rtprio": 14} {
		var limit syscall.Rlimit
		if syscall.Getrlimit(number, &limit) == nil {
			limits[name] = [2]int64{int64(limit.Cur), int64(limit.Max)}
		}
	}
	if original.Max != 0 {
		limits["nofile"] = [2]int64{int64(original.Cur), int64(original.Max)}
	}
	return limits
}

// original is the limit of open files that the process was given. Go's runtime raises the soft one for itself before
// anything here runs, and gives the original one back to children, so a child is asked.
var original = func() (limit syscall.Rlimit) {
	child := exec.Command("/proc/self/exe", "sleep", "5")
	if len(os.Args) > 2 && os.Args[1] == "sleep" || child.Start() != nil {
		return limit
	}
	defer child.Wait()
	defer child.Process.Kill()
	for _, line := range strings.Split(cat("/proc/"+strconv.Itoa(child.Process.Pid)+"/limits"), "\n") {
		if words := strings.Fields(line); len(words) > 4 && words[1] == "open" {
			limit.Cur, _ = strconv.ParseUint(words[3], 10, 64)
			limit.Max, _ = strconv.ParseUint(words[4], 10, 64)
		}
	}
	return limit
}()

// fork starts up to n processes at once and says how many could be started.
func fork(n int) (startedProcesses int, reason string) {
	var children []*exec.Cmd
	for range n {
		child := exec.Command("/proc/self/exe", "sleep", "30")
		if err := child.Start(); err != nil {
			reason = err.Error()
			break
		}
		children = append(children, child)
	}
	for _, child := range children {
		child.Process.Kill()
		child.Wait()
	}
	return len(children), reason
}

// terminal says whether a file descriptor is a terminal.
func terminal(fd uintptr) bool {
	var settings [256]byte
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, fd, syscall.TCGETS, uintptr(unsafe.Pointer(&settings)))
	return errno == 0
}

// inputOpen says whether standard input is still open: nothing comes, and no end either.
func inputOpen() bool {
	if link, err := os.Readlink("/proc/self/fd/0"); err != nil || link == "/dev/null" {
		return false
	}
	ended := make(chan bool, 1)
	go func() {
		n, err := os.Stdin.Read(make([]byte, 1))
		ended <- n == 0 && err != nil
	}()
	select {
	case end := <-ended:
		return !end
	case <-time.After(100 * time.Millisecond):
		return true
	}
}

func sysctl(name string) string { return cat("/proc/sys/" + strings.ReplaceAll(name, ".", "/")) }
