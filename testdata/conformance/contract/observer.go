package contract

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/decamp-dev/decamp/testdata/conformance/contract/platform"
)

// Observer looks at one chapter's app on one platform. What it is asked for and does not find ends the row's check.
type Observer struct {
	Platform   platform.Platform
	Deployment *platform.Deployment
	// Redeploy compiles the app anew with other vars, and applies it; it waits when wait is true.
	Redeploy func(vars map[string]string, wait bool) (output string, err error)
	// Without applies the app without some of its workloads and volumes; with none named, as it was again.
	Without func(names ...string) (output string, err error)
	// Note adds to the log of the run.
	Note func(format string, words ...any)
	// Artifacts are the files that were deployed, by path.
	Artifacts map[string][]byte

	cache *instanceCache
}

// failure is how a check ends that does not hold.
type failure struct{ error }

// Observe runs a check and returns why it does not hold, nil when it does.
func (o *Observer) Observe(check func(*Observer)) (err error) {
	defer func() {
		switch caught := recover().(type) {
		case nil:
		case failure:
			err = caught.error
		default:
			panic(caught)
		}
	}()
	check(o)
	return nil
}

// Fail ends the check.
func (o *Observer) Fail(format string, words ...any) { panic(failure{fmt.Errorf(format, words...)}) }

// True ends the check unless it is so.
func (o *Observer) True(is bool, format string, words ...any) {
	if !is {
		o.Fail(format, words...)
	}
}

// Equal ends the check unless both are deeply equal.
func (o *Observer) Equal(what string, have, want any) {
	if !reflect.DeepEqual(have, want) {
		o.Fail("%s is %#v, want %#v", what, have, want)
	}
}

// Eventually asks until it is so, for at most the given time.
func (o *Observer) Eventually(within time.Duration, what string, is func() bool) {
	for deadline := time.Now().Add(within); ; time.Sleep(500 * time.Millisecond) {
		if is() {
			return
		}
		if time.Now().After(deadline) {
			o.Fail("not so within %v: %s", within, what)
		}
	}
}

// Instances lists the main containers of a workload that run, oldest first.
func (o *Observer) Instances(workload string) []platform.Instance {
	return o.containers(workload, "", true)
}

// Ended lists the containers of a workload that do not run.
func (o *Observer) containers(workload, container string, running bool) (list []platform.Instance) {
	all, err := o.cache.list(o)
	if err != nil {
		o.Fail("%v", err)
	}
	for _, i := range all {
		if i.Workload == workload && i.Container == container && i.Running == running {
			list = append(list, i)
		}
	}
	slices.SortStableFunc(list, func(a, b platform.Instance) int { return a.Started.Compare(b.Started) })
	return list
}

// All lists the containers of one name, running or not.
func (o *Observer) All(workload, container string) []platform.Instance {
	return append(o.containers(workload, container, false), o.containers(workload, container, true)...)
}

// Instance is the newest running main container of a workload, once there is one.
func (o *Observer) Instance(workload string) (found platform.Instance) {
	o.Eventually(60*time.Second, workload+" runs", func() bool {
		list := o.Instances(workload)
		if len(list) > 0 {
			found = list[len(list)-1]
		}
		return len(list) > 0 && found.Address != ""
	})
	return found
}

// Ask sends a request to one instance's probe.
func (o *Observer) Ask(i platform.Instance, port int, path string) (int, []byte, error) {
	client := http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{DisableKeepAlives: true, Proxy: nil,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			return o.Platform.Dial(ctx, network, address)
		}}}
	response, err := client.Get(fmt.Sprintf("http://%s:%d%s", i.Address, port, path))
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response.StatusCode, body, err
}

// JSON asks the newest instance of a workload, at port 8080 unless another is given, and decodes the answer. It asks
// again while nothing answers: an app may still be starting.
func (o *Observer) JSON(workload, path string, into any, port ...int) {
	var last error
	at := 8080
	if len(port) > 0 {
		at = port[0]
	}
	o.Eventually(60*time.Second, fmt.Sprintf("%s answers at :%d%s", workload, at, path), func() bool {
		var status int
		var body []byte
		status, body, last = o.Ask(o.listening(workload, at), at, path)
		if last == nil && status == http.StatusOK {
			last = json.Unmarshal(body, into)
		} else if last == nil {
			last = fmt.Errorf("%d %s", status, body)
		}
		return last == nil
	})
}

// listening is the newest instance of the workload's container that listens on a port: a sidecar that says so in its
// environment and has an address of its own, else the main container.
func (o *Observer) listening(workload string, port int) platform.Instance {
	for _, sidecar := range o.Deployment.App.Workloads.Ref(workload).Sidecars {
		number := sidecar.Value.Env.Ref("PORT")
		if number == nil || number.String() != strconv.Itoa(port) {
			continue
		}
		if list := o.containers(workload, sidecar.Key, true); len(list) > 0 && list[len(list)-1].Address != "" {
			return list[len(list)-1]
		}
	}
	return o.Instance(workload)
}

// Report is what the probe tells of the place that it finds itself in.
type Report struct {
	Argv         []string
	Env          map[string]string
	Environ      []string
	Workdir      string
	Hostname     string
	UID, GID     int
	PID          int
	Groups       []int
	Status       map[string]string
	Capabilities struct{ Effective, Bounding []string }
	Namespaces   map[string]string
	Writable     map[string]string
	Mounts       []Mount
	Limits       struct{ Memory, CPU, Pids, Shares float64 }
	Ulimits      map[string][2]int64
	Processes    []struct {
		PID  int
		Argv []string
	}
	Terminal, Stdin bool
	Addresses       []string
	Hosts           string
	Started, Now    int64 // in milliseconds
	Starts          int
	Signals         []string
}

// Mount is one file system that the probe sees.
type Mount struct {
	Path, Kind, Mode string
	Options          []string
	Size             int64
}

// Mount returns the mount at a path.
func (r *Report) Mount(path string) *Mount {
	for i := range r.Mounts {
		if r.Mounts[i].Path == path {
			return &r.Mounts[i]
		}
	}
	return nil
}

// Report asks the newest instance of a workload for all that it knows.
func (o *Observer) Report(workload string, port ...int) (r Report) {
	o.JSON(workload, "/report", &r, port...)
	return r
}

// File is one file as the probe reads it.
type File struct {
	Mode     string
	UID, GID int
	Size     int64
	Bytes    string // decoded by Text
	Names    []string
	Err      string
}

// Text is the content of the file.
func (f File) Text() string {
	text, _ := base64.StdEncoding.DecodeString(f.Bytes)
	return string(text)
}

// Stat reads a file in a workload.
func (o *Observer) Stat(workload, path string, port ...int) (f File) {
	o.JSON(workload, "/stat?path="+url.QueryEscape(path), &f, port...)
	return f
}

// Fetch has a workload send a request, and returns what came back; status 0 when nothing did.
func (o *Observer) Fetch(from, target string, port ...int) (status int, body string) {
	var answer struct {
		Code int
		Body string
	}
	o.JSON(from, "/get?url="+url.QueryEscape(target), &answer, port...)
	return answer.Code, answer.Body
}

// Answered waits until a workload is answered at a URL: on a busy machine the first answer may take its time.
func (o *Observer) Answered(from, target string, port ...int) {
	var status int
	var body string
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(time.Second) {
		if status, body = o.Fetch(from, target, port...); status == http.StatusOK {
			return
		}
	}
	o.Fail("%s is answered %d at %s: %s", from, status, target, body)
}

// Connects says whether a workload reaches an address by TCP.
func (o *Observer) Connects(from, address string, port ...int) bool {
	var answer struct{ OK bool }
	o.JSON(from, "/tcp?addr="+url.QueryEscape(address), &answer, port...)
	return answer.OK
}

// Resolves returns the addresses of a name, as a workload resolves it.
func (o *Observer) Resolves(from, name string, port ...int) []string {
	var answer struct{ Addrs []string }
	o.JSON(from, "/dns?name="+url.QueryEscape(name), &answer, port...)
	slices.Sort(answer.Addrs)
	return answer.Addrs
}

// Tell sends a request whose answer does not matter.
func (o *Observer) Tell(workload, path string, port ...int) {
	var answer any
	o.JSON(workload, path, &answer, port...)
}

// Output is what all containers of that name in a workload have written, once there is anything.
func (o *Observer) Output(workload, container string) (text string) {
	o.Eventually(60*time.Second, fmt.Sprintf("%s %s has written something", workload, container), func() bool {
		text = ""
		for _, i := range o.All(workload, container) {
			written, _ := o.Platform.Output(o.Deployment, i)
			text += written
		}
		return strings.TrimSpace(text) != ""
	})
	return text
}

// Reported is the report that a job or an init container has written: its last one.
func (o *Observer) Reported(workload, container string) (r Report) {
	o.Eventually(90*time.Second, fmt.Sprintf("%s %s has reported", workload, container), func() bool {
		found := false
		for line := range strings.Lines(o.Output(workload, container)) {
			if strings.HasPrefix(line, `{"`) && json.Unmarshal([]byte(line), &r) == nil {
				found = true
			}
		}
		return found
	})
	return r
}

// Who is a replica's short answer.
type Who struct {
	Hostname, Tag, Client, Host string
	IPs                         []string
	Started                     int64
}

// OutsideGet asks a published port from outside of the platform.
func (o *Observer) OutsideGet(workload, port, path string) (status int, body string, err error) {
	address, err := o.Platform.Outside(o.Deployment, workload, port)
	if err != nil || address == "" {
		return 0, "", fmt.Errorf("%s.%s is not published: %v", workload, port, err)
	}
	return get1(address, path, "")
}

func get1(address, path, host string) (int, string, error) {
	client := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true, Proxy: nil},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	request, err := http.NewRequest(http.MethodGet, "http://"+address+path, nil)
	if err != nil {
		return 0, "", err
	}
	request.Host = host
	response, err := client.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, string(text), err
}
