package richtext

import (
	"strings"

	"golang.org/x/net/html"
)

// Apart takes what stands by itself to be looked at or listened to out of HTML
// that this package made, so that a page can put it elsewhere than among the
// words. What is inside lists, tables and callouts belongs there and stays.
func Apart(page string) (media, words string) {
	var apart, rest, block strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(page))
	for depth := 0; ; {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			rest.WriteString(block.String())
			return apart.String(), rest.String()
		}
		block.Write(tokens.Raw())
		name, _ := tokens.TagName()
		switch {
		case kind == html.StartTagToken && !isVoid(string(name)):
			depth++
		case kind == html.EndTagToken:
			depth--
		}
		if depth > 0 {
			continue
		}
		to := &rest
		if isMedia(block.String()) {
			to = &apart
		}
		to.WriteString(block.String())
		block.Reset()
	}
}

// isVoid reports whether an element that richtext writes never ends.
func isVoid(name string) bool { return name == "img" || name == "br" || name == "hr" }

// isMedia reports whether a block is what alone writes of an image, a film or a
// sound.
func isMedia(block string) bool {
	return strings.HasPrefix(block, `<figure class="resource resource-image">`) || isOnly(block, "video") || isOnly(block, "audio")
}

// isOnly reports whether a paragraph holds one element and nothing else.
func isOnly(block, element string) bool {
	begins, ends := "<p><"+element+" ", "</"+element+"></p>"
	return strings.HasPrefix(block, begins) && strings.HasSuffix(block, ends) && strings.Count(block, "</"+element+">") == 1
}
