package disk

import (
	"os"
	"strings"
)

// Boot is the start that the machine is in, "" where nobody knows.
func Boot() string {
	b, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}
