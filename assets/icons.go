package assets

import (
	"regexp"
	"slices"
	"sync"
)

const spriteFile = "icons/icons.svg"

var symbol = regexp.MustCompile(`<symbol id="([a-z0-9-]+)"`)

// Icons returns the name of every icon of the sprite, in its order.
var Icons = sync.OnceValue(func() []string {
	var names []string
	for _, found := range symbol.FindAllSubmatch(served[spriteFile].plain, -1) {
		names = append(names, string(found[1]))
	}
	return names
})

// HasIcon reports whether the sprite has an icon of that name.
func HasIcon(name string) bool { return slices.Contains(Icons(), name) }

// SpriteURL returns the address of the sprite; an icon is "#" and its name
// after it.
func SpriteURL() string { return URL(spriteFile) }
