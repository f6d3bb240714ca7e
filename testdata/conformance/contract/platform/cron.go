package platform

import (
	"os"
	"path/filepath"
	"strings"
	"time"
)

// cron stands in for the host's: no test should write into the crontab of whoever runs it. `crontab -` puts the table into
// the app's folder, and a goroutine runs the lines that are due each minute, in a shell and with the variables of the table.
type cron struct{ stop chan bool }

// startCron begins; the app's lines find the command crontab in FOLDER/bin.
func startCron(d *Deployment) (*cron, error) {
	bin, table := filepath.Join(d.Folder, "bin"), filepath.Join(d.Folder, "crontab")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(bin, "crontab"), []byte("#!/bin/sh\ncat >"+table+"\n"), 0o755); err != nil {
		return nil, err
	}
	c := &cron{stop: make(chan bool)}
	go func() {
		for {
			select {
			case <-c.stop:
				return
			case <-time.After(time.Until(time.Now().Truncate(time.Minute).Add(time.Minute))):
				text, _ := os.ReadFile(table)
				c.tick(d, string(text))
			}
		}
	}()
	return c, nil
}

// tick runs what is due: tests use lines that are due each minute, and lines that are due on one day of the year.
func (c *cron) tick(d *Deployment, table string) {
	environment := append([]string{}, d.Environment...)
	for line := range strings.Lines(table) {
		line = strings.TrimSpace(line)
		if command, due := strings.CutPrefix(line, "* * * * * "); due {
			// in a crontab a percent sign ends the command unless it is escaped
			command, _, _ = strings.Cut(strings.ReplaceAll(command, `\%`, "\x00"), "%")
			go func() { _, _ = Run(d.Folder, environment, 5*time.Minute, strings.ReplaceAll(command, "\x00", "%")) }()
		} else if name, value, found := strings.Cut(line, "="); found && !strings.ContainsAny(name, " #*") {
			environment = append(environment, name+"="+value)
		}
	}
}
