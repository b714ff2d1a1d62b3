package disk

import "testing"

func TestKindsOfFileSystem(t *testing.T) {
	if kind := networkKind(t.TempDir()); kind != "" {
		t.Errorf("the folder for tests is said to be on %s", kind)
	}
	if kind := networkKind("/no/such/folder"); kind != "" {
		t.Errorf("nothing is said to be on %s", kind)
	}
}
