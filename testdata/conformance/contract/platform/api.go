package platform

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"
)

// api is the HTTP interface of a platform. What is asked again and again is asked there: each start of a platform's own
// program takes a quarter of a second of a processor.
type api struct {
	client http.Client
	base   string
}

// send makes one request and returns the answer's body; an answer that is no success is an error.
func (a *api) send(method, path, body string) ([]byte, error) {
	request, err := http.NewRequest(method, a.base+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := a.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode/100 != 2 {
		err = fmt.Errorf("%s %s: %s %s", method, path, response.Status, text)
	}
	return text, err
}

// get asks for one object and decodes it.
func (a *api) get(path string, into any) error {
	text, err := a.send(http.MethodGet, path, "")
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// engineAPI is that of the Docker Engine, at the socket that the docker command uses.
var engineAPI = sync.OnceValue(func() *api {
	socket := strings.TrimPrefix(os.Getenv("DOCKER_HOST"), "unix://")
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}
	return &api{base: "http://engine", client: http.Client{Timeout: time.Minute, Transport: &http.Transport{Proxy: nil, DialContext: dial}}}
})

// nomadAPI is that of the Nomad agent, which takes a hundred connections from one address at most.
var nomadAPI = sync.OnceValue(func() *api {
	return &api{base: os.Getenv("NOMAD_ADDR"), client: http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{Proxy: nil, MaxConnsPerHost: 4}}}
})

// clusterAPI is that of the cluster, with the certificate files that the kubeconfig of testdata/platforms names.
var clusterAPI = sync.OnceValues(func() (*api, error) {
	var config struct {
		Clusters []struct {
			Cluster struct {
				Server string
				CA     string `yaml:"certificate-authority"`
			}
		}
		Users []struct {
			User struct {
				Certificate string `yaml:"client-certificate"`
				Key         string `yaml:"client-key"`
			}
		}
	}
	text, err := os.ReadFile(os.Getenv("KUBECONFIG"))
	if err == nil {
		err = yaml.Unmarshal(text, &config)
	}
	if err != nil || len(config.Clusters) == 0 || len(config.Users) == 0 {
		return nil, fmt.Errorf("%s names no cluster or no user: %w", os.Getenv("KUBECONFIG"), err)
	}
	cluster, user := config.Clusters[0].Cluster, config.Users[0].User
	authority, err := os.ReadFile(cluster.CA)
	if err != nil {
		return nil, err
	}
	pair, err := tls.LoadX509KeyPair(user.Certificate, user.Key)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	transport := &http.Transport{Proxy: nil, TLSClientConfig: &tls.Config{RootCAs: pool, Certificates: []tls.Certificate{pair}}}
	return &api{base: cluster.Server, client: http.Client{Timeout: time.Minute, Transport: transport}}, nil
})

// unwrapStreams joins the two streams in which an Engine sends what a container without a terminal has written: each piece
// has a head of eight bytes, the last four of which are its length.
func unwrapStreams(text []byte) string {
	var output bytes.Buffer
	for len(text) >= 8 && text[0] <= 2 && text[1] == 0 {
		n := min(int(binary.BigEndian.Uint32(text[4:8])), len(text)-8)
		output.Write(text[8 : 8+n])
		text = text[8+n:]
	}
	output.Write(text) // with a terminal there are no heads
	return output.String()
}
