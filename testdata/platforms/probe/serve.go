package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

var (
	ready, live atomic.Bool
	hits        atomic.Int64
	ate         [][]byte
	asked       sync.Map // path → *requests
)

func out(w http.ResponseWriter, v any) {
	w.Header().Set("content-type", "application/json")
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.Encode(v)
}

func who() map[string]any {
	host, _ := os.Hostname()
	return map[string]any{"hostname": host, "ips": ips(), "tag": os.Getenv("TAG"), "hits": hits.Load(), "started": started.UnixMilli()}
}

// paths answers, all GET and JSON unless noted:
//
//	/                 the short report    /report           all that is known
//	/who              host name, addresses, client, $TAG
//	/file?path=       files below a path  /stat?path=       one file: bytes, mode, owner
//	/write?path=&text=                    /mark?path=&text= /remove?path=
//	/writable?path=   may a file be made in this folder
//	/dns?name=        A lookup            /srv?name=        SRV lookup
//	/tcp?addr=        TCP connect         /udp?addr=        one datagram and its echo
//	/get?url=         GET from here       /bind?port=       may this port be listened on
//	/healthz          always 200          /readyz           503 after /ready?v=0, 200 after /ready?v=1
//	/livez            503 after /live?v=0 /slow?s=          200 after a while
//	/asked?path=      how often a path was asked for, and when first
//	/eat?mb=          allocate and keep   /fork?n=          how many processes can be started
//	/fill?path=&mb=   write a file of that size             /say?lines=  as many lines of 100 bytes on stdout
//	/open?path=&write=1   may a file or device be opened    /deaf        nothing listens any more
//	/after?s=         200 once so many seconds have passed since the start, 503 before
//	/exit?code=       /sysctl?name=
//	/load?name=&url=&every=MS  begin a steady load     /loaded?name=&end=1  what it has counted
//
// Any path with &if-header=NAME:VALUE or &if-host=NAME is answered 417, and nothing is done, unless the request has them.
func paths() *http.ServeMux {
	mux := http.NewServeMux()
	query := func(r *http.Request, key string) string { return r.URL.Query().Get(key) }
	number := func(r *http.Request, key string) int { n, _ := strconv.Atoi(query(r, key)); return n }
	answer := func(path string, f func(r *http.Request) any) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { out(w, f(r)) })
	}
	outcome := func(err error) any { return map[string]any{"ok": err == nil, "err": fmt.Sprint(err)} }

	answer("/", func(*http.Request) any { hits.Add(1); return report() })
	answer("/report", func(*http.Request) any { return fullReport() })
	answer("/who", func(r *http.Request) any {
		hits.Add(1)
		answer := who()
		answer["client"], answer["host"] = r.RemoteAddr, r.Host
		return answer
	})
	answer("/file", func(r *http.Request) any { return files(query(r, "path")) })
	answer("/stat", func(r *http.Request) any { return stat(query(r, "path")) })
	answer("/write", func(r *http.Request) any {
		return outcome(os.WriteFile(query(r, "path"), []byte(query(r, "text")), 0o644))
	})
	answer("/mark", func(r *http.Request) any { return outcome(mark(query(r, "path"), query(r, "text"))) })
	answer("/remove", func(r *http.Request) any { return outcome(os.Remove(query(r, "path"))) })
	answer("/writable", func(r *http.Request) any { return map[string]any{"answer": writable(query(r, "path"))} })
	answer("/dns", func(r *http.Request) any { return dns(query(r, "name")) })
	answer("/srv", func(r *http.Request) any { return srv(query(r, "name")) })
	answer("/tcp", func(r *http.Request) any { return tcp(query(r, "addr")) })
	answer("/udp", func(r *http.Request) any { return udp(query(r, "addr")) })
	answer("/bind", func(r *http.Request) any { return bind(query(r, "port")) })
	answer("/get", func(r *http.Request) any {
		status, body := get(query(r, "url"))
		return map[string]any{"code": status, "body": body}
	})
	answer("/ready", func(r *http.Request) any { ready.Store(query(r, "v") == "1"); return ready.Load() })
	answer("/live", func(r *http.Request) any { live.Store(query(r, "v") == "1"); return live.Load() })
	answer("/sysctl", func(r *http.Request) any { return map[string]any{"value": sysctl(query(r, "name"))} })
	answer("/fork", func(r *http.Request) any {
		n, reason := fork(number(r, "n"))
		return map[string]any{"started": n, "err": reason}
	})
	answer("/load", func(r *http.Request) any {
		startLoad(query(r, "name"), query(r, "url"), time.Duration(number(r, "every"))*time.Millisecond)
		return true
	})
	answer("/loaded", func(r *http.Request) any { return loadSoFar(query(r, "name"), query(r, "end") == "1") })
	answer("/asked", func(r *http.Request) any {
		if known, there := asked.Load(query(r, "path")); there {
			return map[string]int64{"times": known.(*requests).times.Load(), "first": known.(*requests).first}
		}
		return map[string]int64{"times": 0, "first": 0}
	})
	answer("/say", func(r *http.Request) any { say(number(r, "lines")); return true })
	answer("/open", func(r *http.Request) any { return outcome(opened(query(r, "path"), query(r, "write") == "1")) })
	answer("/fill", func(r *http.Request) any { return outcome(fill(query(r, "path"), number(r, "mb"))) })

	mux.HandleFunc("/healthz", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "ok") })
	state := func(path string, value *atomic.Bool) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			if !value.Load() {
				w.WriteHeader(http.StatusServiceUnavailable)
			}
			fmt.Fprintln(w, value.Load())
		})
	}
	state("/readyz", &ready)
	state("/livez", &live)
	mux.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		seconds, _ := strconv.ParseFloat(query(r, "s"), 64)
		time.Sleep(time.Duration(seconds * float64(time.Second)))
		fmt.Fprintln(w, "ok")
	})
	mux.HandleFunc("/after", func(w http.ResponseWriter, r *http.Request) {
		if seconds, _ := strconv.ParseFloat(query(r, "s"), 64); time.Since(started).Seconds() < seconds {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		fmt.Fprintln(w, time.Since(started))
	})
	mux.HandleFunc("/eat", func(w http.ResponseWriter, r *http.Request) {
		block := make([]byte, number(r, "mb")<<20)
		for i := range block {
			block[i] = 1
		}
		ate = append(ate, block)
		fmt.Fprintln(w, "ate", number(r, "mb"))
	})
	mux.HandleFunc("/exit", func(w http.ResponseWriter, r *http.Request) { os.Exit(number(r, "code")) })
	return mux
}

// requests are those for one path: how many, and when the first came, in milliseconds.
type requests struct {
	times atomic.Int64
	first int64
}

// counted notes how often each path is asked for: that is how a platform's probes are seen. What a request has to bring is
// told by the path that it asks for.
func counted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		known, _ := asked.LoadOrStore(r.URL.Path, &requests{first: time.Now().UnixMilli()})
		known.(*requests).times.Add(1)
		name, value, wanted := strings.Cut(r.URL.Query().Get("if-header"), ":")
		host := r.URL.Query().Get("if-host")
		if wanted && r.Header.Get(name) != value || host != "" && r.Host != host {
			w.WriteHeader(http.StatusExpectationFailed)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func serve() {
	ready.Store(os.Getenv("PROBE_UNREADY") == "")
	live.Store(true)
	mux := paths()
	handler := counted(mux)
	var servers []*http.Server
	mux.HandleFunc("/deaf", func(w http.ResponseWriter, r *http.Request) {
		out(w, true)
		time.AfterFunc(200*time.Millisecond, func() {
			for _, s := range servers {
				s.Close()
			}
		})
	})
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	for _, p := range append([]string{port}, strings.Fields(os.Getenv("PORTS"))...) {
		servers = append(servers, &http.Server{Addr: ":" + p, Handler: handler})
	}
	// before anything listens: a signal may come while the app still starts
	go obey(func() {
		ctx, stop := context.WithTimeout(context.Background(), 2*time.Second)
		defer stop()
		for _, s := range servers {
			s.Shutdown(ctx)
		}
	})
	begin()
	for _, s := range servers {
		go func() {
			fmt.Println("listening", s.Addr[1:])
			if err := s.ListenAndServe(); err != http.ErrServerClosed {
				fmt.Println(err)
				os.Exit(1)
			}
		}()
	}
	if p := os.Getenv("UDP_PORT"); p != "" {
		go echo(p)
	}
	if p := os.Getenv("GRPC_PORT"); p != "" {
		go grpc(p)
	}
	select {}
}
