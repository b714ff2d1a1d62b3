package richtext

import (
	"sync"
	"testing"
)

func TestConcurrentUse(t *testing.T) {
	d := compiled(t, page)
	want, err := d.HTML(reader, nil, "fr")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 20 {
				own, err := Compile(page, shelf)
				if err != nil {
					t.Error(err)
					return
				}
				for _, one := range []*Doc{d, own} {
					if got, err := one.HTML(reader, nil, "fr"); err != nil || got != want {
						t.Errorf("together it gives %q, %v", got, err)
					}
				}
			}
		})
	}
	all.Wait()
}
