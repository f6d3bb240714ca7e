package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/decamp-dev/decamp/compiler"
	"github.com/decamp-dev/decamp/compiler/audit"
	"github.com/decamp-dev/decamp/compiler/diag"
	"github.com/decamp-dev/decamp/compiler/source"
)

// baselineFile is the form of a baseline.
type baselineFile struct {
	Version int         `json:"version"`
	Known   []audit.Key `json:"known"`
}

const baselineVersion = 1

func auditCodes() []diag.Entry {
	return []diag.Entry{{
		Code: codeBaseline, Title: "A baseline cannot be read",
		Doc: "What --baseline names is a file that `decamp audit --write-baseline FILE` has written. Write it anew.",
	}}
}

// readBaseline returns what a baseline knows; nothing without a file.
func readBaseline(name string) ([]audit.Key, diag.List, error) {
	if name == "" {
		return nil, nil, nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, nil, err
	}
	var file baselineFile
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	err = decoder.Decode(&file)
	if err == nil && file.Version != baselineVersion {
		err = fmt.Errorf("it has version %d, and this program knows %d", file.Version, baselineVersion)
	}
	if report := (struct{ Apps json.RawMessage }{}); err != nil && json.Unmarshal(data, &report) == nil && report.Apps != nil {
		err = errors.New("it is a report, as --format json prints it")
	}
	if err != nil {
		return nil, diag.List{{Severity: diag.Error, Code: codeBaseline, Subject: source.Range{File: source.NewFile(filepath.ToSlash(name), data)},
			Summary: "the baseline cannot be read: " + err.Error(), Detail: "Write it anew with --write-baseline."}}, nil
	}
	return file.Known, nil, nil
}

func writeBaseline(name string, reports []audit.Report) error {
	file := baselineFile{Version: baselineVersion, Known: audit.Keys(reports)}
	if file.Known == nil {
		file.Known = []audit.Key{}
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(file); err != nil {
		return err
	}
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
		return os.WriteFile(name, text.Bytes(), 0o644)
	}
	return compiler.WriteFile(name, text.Bytes())
}

// ages asks git on which day the line of each entry was written. What git does not
// know has no age.
func ages(ctx context.Context, ledger []audit.Entry) {
	for i := range ledger {
		e := &ledger[i]
		if e.Subject.IsZero() || e.Subject.Start.IsZero() {
			continue
		}
		file := filepath.FromSlash(e.Subject.Name())
		line := strconv.Itoa(int(e.Subject.Start.Line))
		git := exec.CommandContext(ctx, "git", "-C", filepath.Dir(file), "blame", "--porcelain", "-L", line+","+line, "--", filepath.Base(file))
		out, err := git.Output()
		if err == nil {
			e.Since = writtenOn(string(out))
		}
	}
}

// writtenOn returns the day that blame tells; "" for a line that is not committed.
func writtenOn(blame string) string {
	if strings.HasPrefix(blame, strings.Repeat("0", 40)) {
		return ""
	}
	for line := range strings.Lines(blame) {
		if seconds, ok := strings.CutPrefix(strings.TrimSpace(line), "author-time "); ok {
			if n, err := strconv.ParseInt(seconds, 10, 64); err == nil {
				return time.Unix(n, 0).UTC().Format(time.DateOnly)
			}
		}
	}
	return ""
}
