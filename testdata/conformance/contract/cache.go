package contract

import (
	"sync"
	"time"

	"github.com/decamp-dev/decamp/testdata/conformance/contract/platform"
)

// instanceCache keeps the list of instances for a moment: many rows ask for it at once, and a platform's own program
// takes a tenth of a second of a processor for each answer.
type instanceCache struct {
	sync.Mutex
	at   time.Time
	kept []platform.Instance
	err  error
}

const cacheTime = 1500 * time.Millisecond

func (c *instanceCache) list(o *Observer) ([]platform.Instance, error) {
	c.Lock()
	defer c.Unlock()
	if time.Since(c.at) > cacheTime {
		c.kept, c.err = o.Platform.Instances(o.Deployment)
		c.at = time.Now()
	}
	return c.kept, c.err
}
