package cli

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

//go:embed starter.yaml
var starter string

// starterName is the app's name in the starter.
const starterName = "name: hello\n"

func (p *Program) init() *cobra.Command {
	var name, file string
	cmd := &cobra.Command{
		Use:   "init [FOLDER]",
		Short: "Write a decamp.yaml to start from",
		Long:  "Write a commented decamp.yaml that compiles as it stands. A file that is there is never overwritten.",
		Example: `  decamp init
  decamp init shop --name storefront`,
		Args: cobra.MaximumNArgs(1),
		RunE: verb(func(_ *cobra.Command, args []string) error {
			folder := "."
			if len(args) == 1 {
				folder = args[0]
			}
			if name == "" {
				name = nameOf(folder)
			}
			if name != label(name) {
				return wrong("--name %s: an app's name is lower-case letters, digits and dashes, such as %s", name, label(name))
			}
			return p.writeStarter(folder, file, name)
		}),
	}
	cmd.Flags().StringVar(&name, "name", "", "`NAME` of the app, as in --name shop; the folder's when left out")
	cmd.Flags().StringVar(&file, "file", defaultFile, "`NAME` of the spec, as in --file app.yaml")
	return cmd
}

func (p *Program) writeStarter(folder, file, name string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	target := filepath.Join(folder, file)
	text := strings.Replace(starter, starterName, "name: "+name+"\n", 1)
	f, err := os.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already; nothing was written", filepath.ToSlash(target))
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err := errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(target))
	}
	where := ""
	if filepath.Clean(folder) != "." {
		where = " " + filepath.ToSlash(folder)
	}
	_, err = fmt.Fprintf(p.Err, "wrote %s; next: decamp compile%s -t all -o deploy\n", filepath.ToSlash(target), where)
	return err
}

// nameOf returns the name of a folder as the name of an app.
func nameOf(folder string) string {
	absolute, err := filepath.Abs(folder)
	if err != nil {
		return "hello"
	}
	return label(filepath.Base(absolute))
}

const maxLabel = 63 // RFC 1123

// label turns a text into a DNS label.
func label(text string) string {
	mapped := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, text)
	mapped = strings.Trim(mapped[:min(len(mapped), maxLabel)], "-")
	if mapped == "" {
		return "hello"
	}
	return mapped
}
