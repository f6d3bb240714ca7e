package contract

import "strings"

// process is what a process is started with: words, variables, folder, terminal.
func process() *Chapter {
	return &Chapter{Name: "process", Title: "The process", Scenes: []Scene{arguments(), variables(), surroundings()}}
}

func argv(workload string, want ...string) func(*Observer) {
	return func(o *Observer) { o.Equal("argv", o.Report(workload).Argv, want) }
}

// words compares some of the words, by position, so that each row has one thing to say.
func words(workload string, from int, want ...string) func(*Observer) {
	return func(o *Observer) {
		have := o.Report(workload).Argv
		o.True(len(have) >= from+len(want), "argv is %q, want at least %d words", have, from+len(want))
		o.Equal("words of argv", have[from:from+len(want)], want)
	}
}

func arguments() Scene {
	return Scene{
		Concept: "image, entrypoint, args, workdir",
		Spec: `
workloads:
  argv:
    entrypoint: [/probe, serve]
    args:
      - 'a$$b $${HOME} $$$$ $$(HOME) $$$$(HOME)'
      - '$${NOMAD_DC} $${HOME:-x}'
      - '{{.Task.ID}} {{ x'
      - '50% %d %{if} %%'
      - "it's \"quoted\" back\\slash"
      - ' both ends '
      - "line\nbreak\ttab"
      - žluťoučký 🐎
      - ''
      - '#hash'
      - '*'
      - --flag=a,b
  argv-image: {}
  at-hand: {pull: missing}
  argv-args: {args: [serve, mine]}
  argv-entrypoint: {entrypoint: [/probe, serve]}
  argv-string: {args: serve --name "two words" 'it is' a\ b}
  argv-no-args: {args: []}
  argv-no-entrypoint: {entrypoint: [], args: [/probe, serve, cleared]}
  argv-shell: {entrypoint: [/probe, serve], args: [a, '&&', b, '|', c, '>', 'd;', e]}
  workdir: {workdir: /data}
`,
		Rows: []Row{
			{Name: "argv-dollar", Says: "A dollar in a word of the command stays a dollar, alone, doubled, before braces and before parentheses.",
				Facts: []string{"workloads.argv.args"}, Atlas: []int{8, 9, 10},
				Check: words("argv", 2, "a$b ${HOME} $$ $(HOME) $$(HOME)", "${NOMAD_DC} ${HOME:-x}")},
			{Name: "argv-templates", Says: "Braces and percent signs that other programs take for templates arrive as they are.",
				Facts: []string{"workloads.argv.args"}, Atlas: []int{11, 12}, Check: words("argv", 4, "{{.Task.ID}} {{ x", "50% %d %{if} %%")},
			{Name: "argv-quotes", Says: "Quotes, backslashes, spaces at both ends, line breaks and letters of any alphabet arrive as they are.",
				Facts: []string{"workloads.argv.args"}, Check: words("argv", 6, "it's \"quoted\" back\\slash", " both ends ", "line\nbreak\ttab", "žluťoučký 🐎")},
			{Name: "argv-count", Says: "An empty word is a word, and nothing is split, joined or expanded.",
				Facts: []string{"workloads.argv.args"}, Check: func(o *Observer) {
					have := o.Report("argv").Argv
					o.Equal("number of words", len(have), 14)
					o.Equal("last words", have[10:], []string{"", "#hash", "*", "--flag=a,b"})
				}},
			{Name: "argv-image", Says: "Without entrypoint and args the image's own run.", Facts: []string{"workloads.argv-image.image"},
				Check: argv("argv-image", "/probe", "serve", "from-image")},
			{Name: "argv-args", Says: "args replace the image's CMD and keep its ENTRYPOINT.", Facts: []string{"workloads.argv-args.args"}, Atlas: []int{5},
				Check: argv("argv-args", "/probe", "serve", "mine")},
			{Name: "argv-entrypoint", Says: "An entrypoint replaces the image's ENTRYPOINT and drops its CMD.", Facts: []string{"workloads.argv-entrypoint.entrypoint"},
				Atlas: []int{5}, Check: argv("argv-entrypoint", "/probe", "serve")},
			{Name: "argv-string", Says: "args given as one string are split as a shell would split them.", Facts: []string{"workloads.argv-string.args"},
				Check: argv("argv-string", "/probe", "serve", "--name", "two words", "it is", "a b")},
			{Name: "argv-no-shell", Says: "No shell is added: what only a shell would understand are words.", Facts: []string{"workloads.argv-shell.args"}, Atlas: []int{6},
				Check: argv("argv-shell", "/probe", "serve", "a", "&&", "b", "|", "c", ">", "d;", "e")},
			{Name: "argv-no-args", Says: "args: [] clears the image's CMD.", Facts: []string{"workloads.argv-no-args.args"},
				Check: argv("argv-no-args", "/probe")},
			{Name: "argv-no-entrypoint", Says: "entrypoint: [] clears the image's ENTRYPOINT, and the args are the whole command.",
				Facts: []string{"workloads.argv-no-entrypoint.entrypoint"}, Atlas: []int{7}, Check: argv("argv-no-entrypoint", "/probe", "serve", "cleared")},
			{Name: "pull-missing", Says: "With pull: missing an image that the node has is run, and no registry is asked.", Facts: []string{"workloads.at-hand.pull"},
				Check:     argv("at-hand", "/probe", "serve", "from-image"), // no registry has it
				Otherwise: map[string]Otherwise{"swarm": unseen("that a node pulls what it lacks; the lines here keep it from pinning what the tag stands for")}},
			{Name: "workdir", Says: "The process starts in the folder that workdir names.", Facts: []string{"workloads.workdir.workdir"},
				Check: func(o *Observer) { o.Equal("folder", o.Report("workdir").Workdir, "/data") }},
		},
	}
}

func env(workload string, want map[string]string) func(*Observer) {
	return func(o *Observer) {
		have := o.Report(workload).Env
		for name, value := range want {
			text, there := have[name]
			o.True(there, "%s is not set", name)
			o.Equal(name, text, value)
		}
	}
}

func variables() Scene {
	return Scene{
		Concept: "env",
		Spec: `
vars:
  color: {default: light blue}
  count: {type: int, default: 7}
configs:
  note: {text: "from a config ${x}"}
workloads:
  env:
    envFiles: [app.env]
    env:
      DOLLAR: 'a$$b$${c}$$$$d $$HOME'
      BRACED: 'echo $${NOMAD_DC} $${HOME}'
      PAREN: '$$(HOME) $$$$(HOME)'
      TEMPLATE: '{{.Task.ID}} }} {{ "x" }}'
      PERCENT: '50%d %{if x} %h'
      EMPTY: ''
      EMPTY_IN_SHELL: ''
      LETTER: 'y'
      WORD: 'yes'
      SWITCH: 'on'
      NOTHING: 'null'
      TILDE: '~'
      VERSION: '1.10'
      OCTAL: '0440'
      DATE: '2026-01-01'
      SEXAGESIMAL: '22:22'
      EXPONENT: '1e3'
      QUOTES: "it's \"quoted\" back\\slash"
      SPACES: '  both ends  '
      LINES: "one\ntwo\n"
      UNICODE: žluťoučký 🐎
      HASH: '#no comment'
      EQUALS: a=b=c
      COLON: 'key: value'
      STAR: '*x &y !z'
      FIRST: one
      SECOND: '$$(FIRST) $${FIRST} $$FIRST'
      COLOR: ${vars.color}
      COUNT: ${vars.count}
      CONTENT: ${configs.note}
      FROM_BOTH: here
  redis: {ports: {redis: 6379}, env: {PORT: "6379"}}
`,
		Files: map[string]string{"app.env": "QUOTED=\"two words\"\nSINGLE='a $b'\nPLAIN=x y # comment\nFROM_BOTH=file\n\n# a comment\nURL=http://x/?a=b\n"},
		Rows: []Row{
			{Name: "env-dollar", Says: "A dollar in a value stays a dollar, whatever stands behind it.", Facts: []string{"workloads.env.env"}, Atlas: []int{8, 9, 11},
				Check: env("env", map[string]string{"DOLLAR": "a$b${c}$$d $HOME", "PAREN": "$(HOME) $$(HOME)"})},
			{Name: "env-platform-names", Says: "A value that looks like a variable of the platform arrives as it is.", Facts: []string{"workloads.env.env.BRACED"}, Atlas: []int{10},
				Check: env("env", map[string]string{"BRACED": "echo ${NOMAD_DC} ${HOME}"})},
			{Name: "env-templates", Says: "Braces and percent signs arrive as they are.", Facts: []string{"workloads.env.env"}, Atlas: []int{11, 12},
				Check: env("env", map[string]string{"TEMPLATE": `{{.Task.ID}} }} {{ "x" }}`, "PERCENT": "50%d %{if x} %h"})},
			{Name: "env-empty", Says: "An empty value is there and empty, even where whoever deploys has a variable of that name.", Facts: []string{"workloads.env.env"}, Atlas: []int{13},
				Check: env("env", map[string]string{"EMPTY": "", "EMPTY_IN_SHELL": ""})},
			{Name: "env-types", Says: "What looks like a number, a date, a switch or nothing is text, letter by letter.", Facts: []string{"workloads.env.env"}, Atlas: []int{15, 16},
				Check: env("env", map[string]string{"LETTER": "y", "WORD": "yes", "SWITCH": "on", "NOTHING": "null", "TILDE": "~", "VERSION": "1.10",
					"OCTAL": "0440", "DATE": "2026-01-01", "SEXAGESIMAL": "22:22", "EXPONENT": "1e3"})},
			{Name: "env-quotes", Says: "Quotes, spaces at both ends, line breaks, signs of YAML and letters of any alphabet arrive as they are.", Facts: []string{"workloads.env.env"},
				Check: env("env", map[string]string{"QUOTES": `it's "quoted" back\slash`, "SPACES": "  both ends  ", "LINES": "one\ntwo\n",
					"UNICODE": "žluťoučký 🐎", "HASH": "#no comment", "EQUALS": "a=b=c", "COLON": "key: value", "STAR": "*x &y !z"})},
			{Name: "env-no-order", Says: "A value never draws in another variable, whichever stands first.", Facts: []string{"workloads.env.env"}, Atlas: []int{9, 10},
				Check: env("env", map[string]string{"FIRST": "one", "SECOND": "$(FIRST) ${FIRST} $FIRST"})},
			{Name: "env-files", Says: "A file of variables means the same everywhere: quotes are taken off, comments left out, and env wins over it.", Facts: []string{"workloads.env.env"},
				Atlas: []int{14}, Check: env("env", map[string]string{"QUOTED": "two words", "SINGLE": "a $b", "PLAIN": "x y", "FROM_BOTH": "here", "URL": "http://x/?a=b"})},
			{Name: "env-references", Says: "Vars and the content of a config arrive as their values.", Facts: []string{"workloads.env.env", "configs.note"},
				Check: env("env", map[string]string{"COLOR": "light blue", "COUNT": "7", "CONTENT": "from a config ${x}"}), Otherwise: map[string]Otherwise{"compose": unseen("what becomes of a changed config")}},
			{Name: "env-nothing-added", Says: "No variable is put in for other workloads, so that none of the app's own is overridden.", Facts: []string{"workloads.env.env", "workloads.redis.env"},
				Atlas: []int{18}, Check: func(o *Observer) {
					for name := range o.Report("env").Env {
						o.True(!strings.HasPrefix(name, "REDIS_") && !strings.HasPrefix(name, "ARGV_"), "%s is set", name)
					}
				}},
		},
	}
}

func surroundings() Scene {
	return Scene{
		Concept: "hostname, terminal, reaper",
		Spec: `
workloads:
  named: {hostname: teller}
  terminal: {tty: true, stdin: true}
  input: {stdin: true}
  reaper: {reaper: true}
`,
		Rows: []Row{
			{Name: "hostname", Says: "The process sees the host name that is said.", Facts: []string{"workloads.named.hostname"},
				Check: func(o *Observer) { o.Equal("host name", o.Report("named").Hostname, "teller") }},
			{Name: "tty", Says: "With tty the process has a terminal, without it it has none.", Facts: []string{"workloads.terminal.tty"},
				Check: func(o *Observer) {
					o.True(o.Report("terminal").Terminal, "standard input is no terminal")
					o.True(!o.Report("input").Terminal, "standard input is a terminal without tty")
				}},
			{Name: "stdin", Says: "With stdin the standard input stays open, without it it has an end.", Facts: []string{"workloads.input.stdin"},
				Check: func(o *Observer) {
					o.True(o.Report("input").Stdin, "standard input is closed")
					o.True(!o.Report("named").Stdin, "standard input is open without stdin")
				}},
			{Name: "reaper", Says: "With reaper the app is not process 1, and process 1 reaps; without it the app is process 1.", Facts: []string{"workloads.reaper.reaper"},
				Check: func(o *Observer) {
					o.True(o.Report("reaper").PID != 1, "the app is process 1")
					o.Equal("number of the app's process without reaper", o.Report("named").PID, 1)
				}},
		},
	}
}
