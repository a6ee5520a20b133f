=== src/flow.go
// Package a.
package a

import (
	"crypto/md5"
	. "fmt"
	x "net/http"
	_ "example.org/b/internal/c"
	"os/exec"
)

type T[K comparable, V any] struct { m map[K][]V `json:"m"`; *U }

// F doc.
func (t *T[K, V]) F(w x.ResponseWriter, r *x.Request) (err error) {
	q := r.URL.Query().Get("q")
	db.Query("select " + q)
	if out, err := exec.Command("sh", "-c", Sprintf("ls %s", q)).Output(); err != nil || out == nil { return err }
	for i, v := range t.m { defer func() { recover() }(); go f(i, v...) }
	switch y := any(q).(type) { case string, nil: fallthrough; default: goto L }
	select { case c <- 1: case v, ok := <-c: _ = v; _ = ok }
L:
	md5.Sum([]byte(q)); x.Redirect(w, r, q, 302)
	return
}
const ( A = iota; B ); var p = `raw`
func TestF(t *testing.T) {}
