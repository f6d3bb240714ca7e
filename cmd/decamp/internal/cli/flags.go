package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/decamp-dev/decamp/compiler/backend"
	"github.com/decamp-dev/decamp/compiler/support"
)

// compileOptions are the flags of compile.
type compileOptions struct {
	requestOptions
	report  reportOptions
	out     string
	check   bool
	emitIR  bool
	formats []string          // target=format
	named   map[string]string // target → format, of the flags made for one target
}

// requestOptions are the flags that compile and validate share.
type requestOptions struct {
	targets   []string
	stages    []string
	vars      []string
	varsFiles []string
	versions  []string
	allowLoss []string
	strict    bool
	outside   bool
	file      string
	optimize  string
	verify    bool
}

func (o *requestOptions) register(flags *pflag.FlagSet) {
	flags.StringSliceVarP(&o.targets, "target", "t", nil, "`PLATFORMS` to compile for, as in -t compose,nomad or -t all")
	flags.StringSliceVarP(&o.stages, "stage", "s", nil, "`STAGES` to compile, as in -s dev,prod; every stage of the spec when left out")
	flags.StringArrayVar(&o.vars, "var", nil, "`NAME=VALUE` of a var, as in --var tag=1.4.2; wins over files, and files over DECAMP_VAR_TAG in the environment")
	flags.StringArrayVar(&o.varsFiles, "vars-file", nil, "YAML `FILE` with values of vars, as in --vars-file release.yaml; later files win")
	flags.StringSliceVar(&o.versions, "platform-version", nil, "`TARGET=VERSION` to compile for, as in --platform-version kubernetes=1.29; the newest when left out")
	flags.StringSliceVar(&o.allowLoss, "allow-loss", nil, "take losses: a `CODE`, a concept, a path or all, as in --allow-loss workload.scale or --allow-loss workloads.web.priority")
	flags.BoolVar(&o.strict, "strict", false, "what a platform only approximates is an error too, as in decamp compile --strict -t all")
	flags.StringVar(&o.file, "file", defaultFile, "`NAME` of the specs in folders, as in --file app.yaml")
	flags.BoolVar(&o.outside, "allow-outside", false, "let the spec read files outside of its folder, as in --allow-outside")
}

func (o *compileOptions) register(cmd *cobra.Command, set backend.Set) {
	flags := cmd.Flags()
	o.requestOptions.register(flags)
	flags.StringVarP(&o.out, "out", "o", "", "`FOLDER` to write to, as in -o deploy; standard output when left out")
	flags.BoolVar(&o.check, "check", false, "write nothing; exit 3 with a diff where --out is not what would be written, as in -o deploy --check")
	flags.BoolVar(&o.verify, "verify", false, "have each platform's own library read what was emitted, as in -t all --verify; takes several times as long")
	flags.StringVar(&o.optimize, "optimize", "default", "`PASSES` to make: default, none, or a list, as in --optimize topology-spread or --optimize=default,-anchors; `decamp targets` lists them")
	flags.StringSliceVar(&o.formats, "artifact-format", nil, "`TARGET=FORM` of the files, as in --artifact-format nomad=json")
	o.named = map[string]string{}
	for _, b := range set {
		if len(b.Formats) > 1 {
			flags.Var(formatOf{o.named, b}, b.Name+"-format", "`FORM` of the files for "+b.Name+", as in --"+b.Name+"-format="+b.Formats[1]+": "+strings.Join(b.Formats, ", "))
		}
	}
	flags.BoolVar(&o.emitIR, "emit-ir", false, "print what the spec means, as JSON, and emit nothing, as in -s prod --emit-ir")
	o.report.register(flags)
	complete(cmd, "target", append([]string{"all"}, set.Emitters().Names()...))
	complete(cmd, "format", formatNames())
}

// complete gives the shell the words that a flag takes.
func complete(cmd *cobra.Command, flag string, words []string) {
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)) // fails for unknown flags only
}

// formatOf is the flag for the form of one target's files.
type formatOf struct {
	into    map[string]string
	backend *backend.Backend
}

// String returns the form that is chosen; cobra asks for it.
func (f formatOf) String() string {
	if f.backend == nil {
		return ""
	}
	return f.into[f.backend.Name]
}

// Set chooses a form; cobra calls it.
func (f formatOf) Set(word string) error {
	var chosen string
	if err := newChoice(&chosen, f.backend.Formats).Set(word); err != nil {
		return err
	}
	f.into[f.backend.Name] = word
	return nil
}

// Type names the kind of value; cobra prints it where the usage names none.
func (f formatOf) Type() string { return "form" }

// formatsOf returns the form for each target.
func (o *compileOptions) formatsOf() (map[string]string, error) {
	formats, err := pairs("--artifact-format", "nomad=json", o.formats)
	if err != nil {
		return nil, err
	}
	for target, form := range o.named {
		formats[target] = form
	}
	return formats, nil
}

// versionsOf returns the version for each target.
func (o *requestOptions) versionsOf(set backend.Set) (map[string]string, error) {
	versions, err := pairs("--platform-version", "kubernetes=1.29", o.versions)
	if err != nil {
		return nil, err
	}
	set = set.Emitters()
	for target, version := range versions {
		if set.Lookup(target) == nil {
			return nil, wrong("--platform-version: there is no target %q: they are %s.%s",
				target, strings.Join(set.Emitters().Names(), ", "), didYouMean(target, set.Emitters().Names()))
		}
		if !isVersion(version) {
			return nil, wrong("--platform-version: %q is no version: want numbers with dots, as in 1.29", version)
		}
	}
	return versions, nil
}

func isVersion(text string) bool {
	parts := strings.Split(strings.TrimPrefix(text, "v"), ".")
	return !slices.ContainsFunc(parts, func(part string) bool {
		return part == "" || strings.Trim(part, "0123456789") != ""
	})
}

func (o *requestOptions) policy() support.Policy {
	return support.Policy{Allow: o.allowLoss, Strict: o.strict}
}

// pairs reads a list of NAME=VALUE.
func pairs(flag, example string, list []string) (map[string]string, error) {
	values := map[string]string{}
	for _, item := range list {
		name, value, ok := strings.Cut(item, "=")
		if !ok || name == "" || value == "" {
			return nil, wrong("%s %s: want TARGET=VALUE, as in %s", flag, item, example)
		}
		values[name] = value
	}
	return values, nil
}
