package shape

import (
	"testing"

	"selfhelp/app/fault"
)

func TestOldLibrariesAreRefused(t *testing.T) {
	for version, ok := range map[string]bool{
		"3.53.2": true, "3.53.10": true, "3.54.1": true, "4.0.0": true,
		"3.53.1": false, "3.51.3": false, "3.9.99": false, "2.99.99": false, "": false,
	} {
		err := checkLibrary(version)
		if (err == nil) != ok {
			t.Errorf("%q: got %v", version, err)
		}
		if !ok {
			if key, _ := fault.TextOf(err); !fault.Is(err, fault.Unavailable) || key != "fault.store.library" {
				t.Errorf("%q is refused with %v", version, err)
			}
		}
	}
}
