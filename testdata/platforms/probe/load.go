package main

import (
	"encoding/json"
	"fmt"
	"sync"
	"time"
)

// load is a steady stream of requests to one URL, each on a connection of its own.
type load struct {
	sync.Mutex
	stop   chan bool
	OK     int            `json:"ok"`
	Failed int            `json:"failed"`
	Errors []string       `json:"errors"` // the first ten
	Tags   map[string]int `json:"tags"`   // how often each release answered
	Hosts  map[string]int `json:"hosts"`  // how often each replica answered
}

var loads sync.Map // by name

func startLoad(name, url string, every time.Duration) {
	l := &load{stop: make(chan bool), Errors: []string{}, Tags: map[string]int{}, Hosts: map[string]int{}}
	if old, there := loads.Swap(name, l); there {
		close(old.(*load).stop)
	}
	go func() {
		for {
			select {
			case <-l.stop:
				return
			case <-time.After(every):
				go l.ask(url)
			}
		}
	}()
}

func (l *load) ask(url string) {
	status, body := get(url)
	l.Lock()
	defer l.Unlock()
	if status != 200 {
		l.Failed++
		if len(l.Errors) < 10 {
			l.Errors = append(l.Errors, fmt.Sprint(time.Now().UnixMilli(), " ", status, " ", body))
		}
		return
	}
	var answer struct{ Hostname, Tag string }
	json.Unmarshal([]byte(body), &answer)
	l.OK++
	l.Tags[answer.Tag]++
	l.Hosts[answer.Hostname]++
}

// loadSoFar returns what a load has counted, and ends it when asked to.
func loadSoFar(name string, end bool) any {
	found, there := loads.Load(name)
	if !there {
		return map[string]any{"err": "no load of that name"}
	}
	l := found.(*load)
	if end {
		loads.Delete(name)
		close(l.stop)
		time.Sleep(3 * time.Second) // requests on their way
	}
	l.Lock()
	defer l.Unlock()
	text, _ := json.Marshal(l)
	return json.RawMessage(text)
}
