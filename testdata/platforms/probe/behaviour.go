package main

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// mark adds a line with the time to a file.
func mark(path, text string) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = fmt.Fprintf(file, "%d %s\n", time.Now().UnixMilli(), text)
	return err
}

func marks(path string) []string {
	text, _ := os.ReadFile(path)
	return strings.FieldsFunc(string(text), func(r rune) bool { return r == '\n' })
}

var statePath = func(name string) string { return filepath.Join(os.Getenv("PROBE_STATE"), name) }

// starts counts the starts that the state folder knows; without such a folder it is 1.
func starts() int {
	if os.Getenv("PROBE_STATE") == "" {
		return 1
	}
	return len(marks(statePath("starts")))
}

var received struct {
	sync.Mutex
	list []string
}

// signals lists the signals that were received, with their times, those of earlier starts too where there is a state folder.
func signals() []string {
	if os.Getenv("PROBE_STATE") != "" {
		return marks(statePath("signals"))
	}
	received.Lock()
	defer received.Unlock()
	return append([]string{}, received.list...)
}

// obey notes signals, and ends the process after one unless it was told to ignore them.
func obey(end func()) {
	incoming := make(chan os.Signal, 8)
	signal.Notify(incoming, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGQUIT)
	for s := range incoming {
		name := signalNames[s.(syscall.Signal)]
		fmt.Println("signal", s)
		received.Lock()
		received.list = append(received.list, fmt.Sprintf("%d %s", time.Now().UnixMilli(), name))
		received.Unlock()
		if os.Getenv("PROBE_STATE") != "" {
			mark(statePath("signals"), name)
		}
		if os.Getenv("PROBE_SIGNAL") != "ignore" {
			end()
			os.Exit(0)
		}
		// how long the process lives on is seen by marks in the state folder
		go func() {
			for os.Getenv("PROBE_STATE") != "" {
				mark(statePath("signals"), "alive")
				time.Sleep(250 * time.Millisecond)
			}
		}()
	}
}

var signalNames = map[syscall.Signal]string{
	syscall.SIGTERM: "SIGTERM", syscall.SIGINT: "SIGINT", syscall.SIGHUP: "SIGHUP", syscall.SIGUSR1: "SIGUSR1", syscall.SIGUSR2: "SIGUSR2", syscall.SIGQUIT: "SIGQUIT",
}

// begin does what the variables ask for before anything listens.
func begin() {
	if os.Getenv("PROBE_STATE") != "" {
		if err := mark(statePath("starts"), strings.Join(os.Args, " ")); err != nil {
			fmt.Println(err)
		}
	}
	if seconds, code, found := strings.Cut(os.Getenv("PROBE_EXIT"), ":"); found {
		after, _ := strconv.ParseFloat(seconds, 64)
		status, _ := strconv.Atoi(code)
		time.AfterFunc(time.Duration(after*float64(time.Second)), func() { os.Exit(status) })
	}
	delay, _ := strconv.ParseFloat(os.Getenv("PROBE_DELAY"), 64)
	time.Sleep(time.Duration(delay * float64(time.Second)))
}
