package contract

import (
	"bytes"
	"strings"
)

// canary stands in every secret's value, so that one grep finds them all.
const canary = "CANARY7f3a"

const (
	passwordValue = canary + `-p@ss$w{o}rd'"%d\n-#x`
	clientValue   = canary + "-client"
	variableValue = canary + "-from-variable"
	fileValue     = canary + "-from-file"
	keyValue      = canary + "-key\nsecond line\n"
)

// configText is as hostile as a file of text can be: it has no line break at its end either.
const configText = "dollar $x ${y} $$ $(z)\nbraces {{.Task.ID}} }} {{ x\npercent %{if} %d\nquotes ' \" `\ntab\tend  \nback\\slash \\n\nžluťoučký 🐎\nEOF\nno end"

func configuration() *Chapter {
	return &Chapter{Name: "configuration", Title: "Configs and secrets", Scenes: []Scene{configs(), secrets()}}
}

func configs() Scene {
	return Scene{
		Concept: "files from configs and secrets",
		Spec: `
configs:
  text: {file: config/text}
  locked: {file: config/text}
  windows: {text: "a\r\nb\r\n"}
  folder: {dir: config/folder}
  template:
    template: true
    text: |
      peer http://${workloads.settings.host}:${workloads.settings.ports.http}/ cost $$5 {{ x }}
workloads:
  settings:
    ports: {http: 8080}
    security: {user: 65532, group: 65532}
    files:
      /etc/app/text: ${configs.text}
      /etc/app/windows: ${configs.windows}
      /etc/app/folder: ${configs.folder}
      /etc/app/one: ${configs.folder.b.txt}
      /etc/app/mode: {from: "${configs.text}", mode: "0444"}
  locked:
    security: {user: 65532, group: 65532, readOnlyRoot: true}
    files: {/etc/app/text: "${configs.locked}"}
  templated:
    files: {/etc/app/template: "${configs.template}"}
`,
		Files: map[string]string{"config/text": configText, "config/folder/a.txt": "first $a\n", "config/folder/b.txt": "second {{b}}\n"},
		Rows: []Row{
			{Name: "config-bytes", Says: "A config arrives as a file, byte for byte: dollars, braces, quotes, trailing spaces, line ends, no end of line.",
				Facts: []string{"configs.text", "configs.windows", "workloads.settings.files./etc/app/text", "workloads.settings.files./etc/app/windows"},
				Check: func(o *Observer) {
					o.Equal("content", o.Stat("settings", "/etc/app/text").Text(), configText)
					o.Equal("content", o.Stat("settings", "/etc/app/windows").Text(), "a\r\nb\r\n")
				}, Otherwise: map[string]Otherwise{"compose": unseen("what becomes of a changed config")}},
			{Name: "config-folder", Says: "A config that is a folder arrives as a folder, and one file of it as that file.",
				Facts: []string{"configs.folder", "workloads.settings.files./etc/app/folder", "workloads.settings.files./etc/app/one"},
				Check: func(o *Observer) {
					o.Equal("a.txt", o.Stat("settings", "/etc/app/folder/a.txt").Text(), "first $a\n")
					o.Equal("b.txt", o.Stat("settings", "/etc/app/folder/b.txt").Text(), "second {{b}}\n")
					o.Equal("one", o.Stat("settings", "/etc/app/one").Text(), "second {{b}}\n")
				}, Otherwise: map[string]Otherwise{"compose": unseen("what becomes of a changed config")}},
			{Name: "config-mode", Says: "A file has the mode that is said, in octal.", Facts: []string{"workloads.settings.files./etc/app/mode.mode"}, Atlas: []int{17},
				Check: func(o *Observer) { o.Equal("mode", o.Stat("settings", "/etc/app/mode").Mode, "0444") }},
			{Name: "config-read-only-root", Says: "A config arrives where the root is read-only too.", Facts: []string{"workloads.locked.files", "workloads.locked.security.readOnlyRoot"},
				Check: func(o *Observer) {
					o.Equal("content", o.Stat("locked", "/etc/app/text").Text(), configText)
					o.True(o.Report("locked").Writable["/"] != "writable", "the root can be written to")
				}},
			{Name: "config-template", Says: "In a config that is a template, references are filled in and all else stays.", Facts: []string{"configs.template", "workloads.templated.files"},
				Check: func(o *Observer) {
					text := o.Stat("templated", "/etc/app/template").Text()
					rest, found := strings.CutPrefix(text, "peer ")
					url, tail, _ := strings.Cut(rest, " ")
					o.True(found && tail == "cost $5 {{ x }}\n", "content is %q", text)
					o.Answered("templated", url+"who")
				}, Otherwise: map[string]Otherwise{"compose": unseen("what becomes of a changed config")}},
		},
	}
}

func secrets() Scene {
	certificate, key := pair()
	return Scene{
		Concept: "secrets",
		Spec: `
secrets:
  db-password: {description: password of the database user}
  partner: {keys: [client, key]}
  cert: {type: tls}
  from-variable: {env: CONTRACT_TOKEN}
  from-file: {file: token.txt}
configs:
  login: {template: true, text: "user app password ${secrets.db-password} end\n"}
workloads:
  vault:
    env:
      PASSWORD: ${secrets.db-password}
      DATABASE_URL: postgres://app:${secrets.db-password}@db:5432/shop?x=$$1
      CLIENT: ${secrets.partner.client}
      FROM_VARIABLE: ${secrets.from-variable}
      FROM_FILE: ${secrets.from-file}
    args: [serve, "--password=${secrets.db-password}"]
    files:
      /run/app/key: {from: "${secrets.partner.key}"}
      /run/app/cert.pem: {from: "${secrets.cert.tls.crt}"}
      /run/app/login: ${configs.login}
`,
		Secrets: map[string]string{"db-password": passwordValue, "partner.client": clientValue, "partner.key": keyValue,
			"cert.tls.crt": certificate, "cert.tls.key": key, "from-variable": variableValue, "from-file": fileValue},
		Files: map[string]string{"token.txt": fileValue},
		Rows: []Row{
			{Name: "secret-env", Says: "A secret arrives in a variable, whatever signs it is made of.", Facts: []string{"secrets.db-password", "workloads.vault.env.PASSWORD"},
				Check: env("vault", map[string]string{"PASSWORD": passwordValue, "CLIENT": clientValue})},
			{Name: "secret-in-url", Says: "A URL with a secret inside arrives composed.", Facts: []string{"workloads.vault.env.DATABASE_URL"},
				Check: env("vault", map[string]string{"DATABASE_URL": "postgres://app:" + passwordValue + "@db:5432/shop?x=$1"})},
			{Name: "secret-source", Says: "A secret's value is taken from the variable or the file of whoever deploys that is said.",
				Facts: []string{"secrets.from-variable.env", "secrets.from-file.file", "workloads.vault.env.FROM_VARIABLE"},
				Check: env("vault", map[string]string{"FROM_VARIABLE": variableValue, "FROM_FILE": fileValue})},
			{Name: "secret-args", Says: "A secret arrives in a word of the command.", Facts: []string{"workloads.vault.args"},
				Check: argv("vault", "/probe", "serve", "--password="+passwordValue)},
			{Name: "secret-file", Says: "A secret arrives as a file, byte for byte, and so does one value of several.",
				Facts: []string{"secrets.partner", "secrets.cert", "workloads.vault.files"},
				Check: func(o *Observer) {
					o.Equal("key", o.Stat("vault", "/run/app/key").Text(), keyValue)
					o.Equal("certificate", o.Stat("vault", "/run/app/cert.pem").Text(), certificate)
				}},
			{Name: "secret-in-config", Says: "A secret arrives inside a file that is a template.", Facts: []string{"configs.login", "workloads.vault.files./run/app/login"},
				Check: func(o *Observer) {
					o.Equal("content", o.Stat("vault", "/run/app/login").Text(), "user app password "+passwordValue+" end\n")
				}, Otherwise: map[string]Otherwise{"compose": unseen("what becomes of a changed config")}},
			{Name: "secret-in-no-artifact", Says: "No file that is deployed holds a secret's value.", Facts: []string{"secrets.db-password"}, Atlas: []int{40},
				Check: func(o *Observer) {
					o.True(len(o.Artifacts) > 0, "there are no files")
					for path, text := range o.Artifacts {
						o.True(!bytes.Contains(text, []byte(canary)) && !bytes.Contains(text, []byte("PRIVATE KEY")), "%s holds the value of a secret", path)
					}
				}},
		},
	}
}
