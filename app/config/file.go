package config

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// readFile reads the x-app part of a file in Litestream's format. The
// rest of the file is the replicator's, which passes over our part as we pass
// over its.
func readFile(name string, env Environment) (map[string]string, error) {
	if name == "" {
		return nil, nil
	}
	b, err := readBounded(name, maxFile)
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	expanded := os.Expand(string(b), func(variable string) string { v, _ := env(variable); return v })
	var file struct {
		Ours map[string]string `yaml:"x-app"`
	}
	if err := yaml.Unmarshal([]byte(expanded), &file); err != nil {
		return nil, fmt.Errorf("read the configuration %s: %w", name, err)
	}
	for _, key := range slices.Sorted(maps.Keys(file.Ours)) {
		if !slices.ContainsFunc(settings, func(s setting) bool { return s.name == key }) {
			return nil, wrong("%s: x-app has no key %q; it has: %s", name, key, strings.Join(fileKeys(), ", "))
		}
	}
	return file.Ours, nil
}

func fileKeys() (keys []string) {
	for _, s := range settings {
		keys = append(keys, s.name)
	}
	return keys
}
