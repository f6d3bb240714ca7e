package platform

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Run executes shell lines in a folder and returns all that they wrote. A line that fails ends them.
func Run(folder string, environment []string, timeout time.Duration, script string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	process := exec.CommandContext(ctx, "bash", "-euo", "pipefail", "-c", script)
	process.Dir = folder
	// all platforms are on this machine: a proxy in the environment must not get between
	process.Env = append(os.Environ(), append([]string{"NO_PROXY=*", "no_proxy=*", "NO_COLOR=1"}, environment...)...)
	var output bytes.Buffer
	process.Stdout, process.Stderr = &output, &output
	process.WaitDelay = 5 * time.Second
	err := process.Run()
	if ctx.Err() != nil {
		err = fmt.Errorf("not done after %v", timeout)
	}
	if err != nil {
		err = fmt.Errorf("%s\n%w\n%s", script, err, tail(output.String(), 60))
	}
	return output.String(), err
}

// command runs one program and returns its standard output alone.
func command(environment []string, words ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	process := exec.CommandContext(ctx, words[0], words[1:]...)
	process.Env = append(os.Environ(), append([]string{"NO_PROXY=*", "no_proxy=*", "NO_COLOR=1"}, environment...)...)
	var stdout, stderr bytes.Buffer
	process.Stdout, process.Stderr = &stdout, &stderr
	if err := process.Run(); err != nil {
		return stdout.String(), fmt.Errorf("%s: %w\n%s", strings.Join(words, " "), err, tail(stdout.String()+stderr.String(), 30))
	}
	return stdout.String(), nil
}

// machineAddresses lists what this machine is called in its networks.
func machineAddresses() (list []string, err error) {
	addresses, err := net.InterfaceAddrs()
	for _, a := range addresses {
		host, _, _ := strings.Cut(a.String(), "/")
		if ip := net.ParseIP(host); ip.To4() != nil && !ip.IsLoopback() {
			list = append(list, host)
		}
	}
	return list, err
}

func tail(text string, n int) string {
	all := strings.Split(strings.TrimRight(text, "\n"), "\n")
	return strings.Join(all[max(0, len(all)-n):], "\n")
}

// dialIn connects from within a network namespace. The thread that enters it is not used again, so that no other
// goroutine finds itself there.
func dialIn(ctx context.Context, namespace, network, address string) (net.Conn, error) {
	type outcome struct {
		conn net.Conn
		err  error
	}
	done := make(chan outcome, 1)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
		file, err := os.Open(namespace)
		if err == nil {
			defer file.Close()
			err = unix.Setns(int(file.Fd()), unix.CLONE_NEWNET)
		}
		if err != nil {
			done <- outcome{nil, err}
			return
		}
		// a name would be resolved by other threads; addresses are numbers here
		dialer := net.Dialer{Timeout: 3 * time.Second, FallbackDelay: -1}
		conn, err := dialer.DialContext(ctx, network, address)
		done <- outcome{conn, err}
	}()
	result := <-done
	return result.conn, result.err
}
