package main

import (
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"time"
)

var started = time.Now()

// report is the short report of "/": what is read most often, in the words of the files that it comes from.
func report() map[string]any {
	host, _ := os.Hostname()
	variables := os.Environ()
	sort.Strings(variables)
	return map[string]any{"hostname": host, "env": variables, "args": os.Args, "uid": os.Getuid(), "gid": os.Getgid(), "pid": os.Getpid(), "ips": ips(),
		"cgroup": cgroup(), "rootfs": rootfs(), "resolv": cat("/etc/resolv.conf"), "hosts": cat("/etc/hosts"), "status": status(), "hits": hits.Load()}
}

// fullReport is what /report and the command `report` tell.
func fullReport() map[string]any {
	host, _ := os.Hostname()
	workdir, _ := os.Getwd()
	groups, _ := os.Getgroups()
	variables := map[string]string{}
	for _, line := range os.Environ() {
		name, value, _ := strings.Cut(line, "=")
		variables[name] = value
	}
	return map[string]any{
		"argv": os.Args, "env": variables, "environ": os.Environ(), "workdir": workdir, "hostname": host,
		"uid": os.Getuid(), "gid": os.Getgid(), "groups": groups, "pid": os.Getpid(), "status": status(), "capabilities": capabilities(),
		"writable": rootfs(), "mounts": mounts(), "limits": limits(), "ulimits": ulimits(), "processes": processes(),
		"namespaces": namespaces(), "terminal": terminal(0), "stdin": inputOpen(), "addresses": ips(), "hosts": cat("/etc/hosts"), "resolv": cat("/etc/resolv.conf"),
		"started": started.UnixMilli(), "starts": starts(), "signals": signals(), "now": time.Now().UnixMilli(),
	}
}

func cat(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return "ERR " + err.Error()
	}
	return strings.TrimRight(string(text), "\n")
}

// rootfs says of each folder whether a file can be made in it.
func rootfs() map[string]string {
	answers := map[string]string{}
	for _, folder := range append([]string{"/", "/tmp", "/dev/shm"}, strings.Fields(os.Getenv("PROBE_DIRS"))...) {
		answers[folder] = writable(folder)
	}
	return answers
}

func writable(folder string) string {
	path := filepath.Join(folder, ".probe-w")
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		return "no: " + err.Error()
	}
	os.Remove(path)
	return "writable"
}

// namespaces names those that the process is in: two that are the same have the same name.
func namespaces() map[string]string {
	names := map[string]string{}
	for _, kind := range []string{"ipc", "net", "pid", "uts"} {
		names[kind], _ = os.Readlink("/proc/self/ns/" + kind)
	}
	return names
}

func statusLines() map[string]string {
	lines := map[string]string{}
	for _, line := range strings.Split(cat("/proc/self/status"), "\n") {
		name, value, _ := strings.Cut(line, ":")
		lines[name] = strings.TrimSpace(value)
	}
	return lines
}

func status() map[string]string {
	kept := map[string]string{}
	for name, value := range statusLines() {
		switch name {
		case "CapEff", "CapBnd", "NoNewPrivs", "Seccomp", "Groups":
			kept[name] = value
		}
	}
	return kept
}

// capabilityNames are those of linux/capability.h, by number.
var capabilityNames = strings.Fields(`CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE
	NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN
	SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG
	WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE`)

// capabilities lists what the process can have (bounding) and what it has (effective), by name.
func capabilities() map[string][]string {
	sets := map[string][]string{}
	for name, line := range map[string]string{"effective": "CapEff", "bounding": "CapBnd"} {
		sets[name] = []string{}
		bits, _ := strconv.ParseUint(statusLines()[line], 16, 64)
		for i, capability := range capabilityNames {
			if bits&(1<<i) != 0 {
				sets[name] = append(sets[name], capability)
			}
		}
	}
	return sets
}

// processes lists the processes that can be seen: number and command line.
func processes() (list []map[string]any) {
	entries, _ := os.ReadDir("/proc")
	for _, entry := range entries {
		if pid, err := strconv.Atoi(entry.Name()); err == nil {
			words := strings.Split(strings.TrimRight(cat("/proc/"+entry.Name()+"/cmdline"), "\x00"), "\x00")
			list = append(list, map[string]any{"pid": pid, "argv": words})
		}
	}
	return list
}
