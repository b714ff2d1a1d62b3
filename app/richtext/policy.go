package richtext

import (
	"regexp"

	"github.com/microcosm-cc/bluemonday"
)

// policy is what may stand in the HTML of a text: what our own writer writes,
// and nothing more. It is the second wall; the writer is the first.
var policy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(true)
	p.AllowURLSchemes("http", "https", "mailto", "tel")

	p.AllowElements("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "strong", "em", "del", "code", "pre", "blockquote", "ul", "li", "table", "thead", "tbody", "tr", "figcaption")
	p.AllowNoAttrs().OnElements("ol", "th", "td", "figure", "span", "aside", "div")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,9}$`)).OnElements("ol")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^align-(left|center|right)$`)).OnElements("th", "td")

	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("title").OnElements("a")
	p.AllowAttrs("target").Matching(regexp.MustCompile(`^_blank$`)).OnElements("a")
	p.AllowAttrs("rel").Matching(regexp.MustCompile(`^noopener$`)).OnElements("a")
	p.AllowAttrs("download").Matching(regexp.MustCompile(`^$`)).OnElements("a")

	p.AllowAttrs("src").OnElements("img", "audio", "video")
	p.AllowAttrs("alt").OnElements("img")
	p.AllowAttrs("width", "height").Matching(regexp.MustCompile(`^[0-9]{1,5}$`)).OnElements("img", "video")
	p.AllowAttrs("loading").Matching(regexp.MustCompile(`^lazy$`)).OnElements("img")
	p.AllowAttrs("decoding").Matching(regexp.MustCompile(`^async$`)).OnElements("img")
	p.AllowAttrs("controls", "playsinline").Matching(regexp.MustCompile(`^$`)).OnElements("audio", "video")
	p.AllowAttrs("preload").Matching(regexp.MustCompile(`^(none|metadata)$`)).OnElements("audio", "video")
	p.AllowAttrs("aria-label").OnElements("audio", "video")

	p.AllowAttrs("class").Matching(regexp.MustCompile(`^(resource|resource-(image|audio|video|pdf|download|name|meta)|callout-title|table)( resource-(image|audio|video|pdf|download))?$`)).OnElements("a", "audio", "video", "figure", "span", "p", "div")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^callout callout-(note|tip|warning|danger)$`)).OnElements("aside")
	p.AllowAttrs("role").Matching(regexp.MustCompile(`^note$`)).OnElements("aside")
	p.AllowAttrs("tabindex").Matching(regexp.MustCompile(`^0$`)).OnElements("div", "pre")
	return p
}()
