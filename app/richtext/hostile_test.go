package richtext

import (
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"
	"time"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"selfhelp/app/formula"
)

// attacks are hostile texts, as a writer, an import or an
// answer may bring them.
var attacks = []string{
	// Scripts and elements whose parsing changes.
	`<img src=x onerror=alert(1)>`, `<svg onload=alert(1)>`, `<svg><script>alert(1)</script></svg>`, `<script>alert(1)</script>`, `<ScRiPt src=//evil.example></sCrIpT>`, `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`, `<math><mi//xlink:href="data:x,<script>alert(4)</script>">`, `<noscript><p title="</noscript><img src=x onerror=alert(1)>">`, `<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>`, `<details open ontoggle=alert(1)>`, `<body onload=alert(1)>`, `<a onmouseover=alert(1)>x</a>`, `<template><script>alert(1)</script></template>`, `<!--><img src=x onerror=alert(1)>-->`, `<![CDATA[<script>alert(1)</script>]]>`, `<?php x ?>`, `<x/onclick=alert(1)>`, "<img src=`x` onerror=alert(1)>", `&lt;script&gt;alert(1)&lt;/script&gt;`, `&#60;script&#62;alert(1)&#60;/script&#62;`, `\<script>alert(1)\</script>`, "`<script>alert(1)</script>`", "```\n</code></pre><script>alert(1)</script>\n```", "``` \"onload=alert(1)\nx\n```", `<textarea><script>alert(1)</script></textarea>`, `<title><script>alert(1)</script></title>`,
	// Addresses.
	`[a](javascript:alert(1))`, `[a](jAvA&#x09;script:alert(1))`, `[a](&#106;&#97;vascript:alert(1))`, `[a](java&Tab;script:alert(1))`, `[a](java&NewLine;script:alert(1))`, `[a](&#x01;javascript:alert(1))`, `[a]( javascript:alert(1) )`, `[a](<javascript:alert(1)>)`, `[a](<java script:alert(1)>)`, `[a](data:text/html;base64,PHNjcmlwdD4=)`, `[a](vbscript:msgbox(1))`, `[a](file:///etc/passwd)`, `[a](blob:x)`, `[a](view-source:x)`, `<javascript:alert(1)>`, `<data:text/html,x>`, `<vbscript:x>`, "[a]\n\n[a]: javascript:alert(1)", "[a][b]\n\n[b]: <java\tscript:alert(1)>", `[a](//evil.example)`, `[a](/\evil.example)`, `[a](\\evil.example)`, `[a](https:evil.example)`, `[a](javascript&colon;alert(1))`, `[a](javascript%3Aalert(1))`, `[a](x"onclick="alert(1))`, `[a](https://x.example/"onclick="alert(1))`, `[a](https://x.example/ "t" onclick=alert(1))`, `[a](https://x.example/ "\" onclick=alert(1) x=\"")`, `[a](https://x.example/ '"><script>alert(1)</script>')`, `[a](https://x.example/'onclick='alert(1))`, "[a](https://x.example/`onclick=alert(1)`)", `https://x.example/"onclick="alert(1)`, `https://x.example/<script>`, `www.evil.example/"onmouseover="alert(1)`, `[![x](javascript:alert(1))](javascript:alert(1))`, `[a](http://x.example&#x22;onclick=alert(1))`, `<https://x.example/"onclick=alert(1)>`, `<a"onclick=alert(1)@x.example>`,
	// Frames, forms, documents.
	`<iframe srcdoc="<script>alert(1)</script>"></iframe>`, `<iframe src=javascript:alert(1)>`, `<object data=x>`, `<embed src=x>`, `<base href=//evil.example>`, `<meta http-equiv=refresh content="0;url=//evil.example">`, `<form action=//evil.example><input name=p><button>x</button></form>`, `<link rel=stylesheet href=//evil.example>`, `<portal src=x>`,
	// Styles.
	`<style>@import url(//evil.example)</style>`, `<p style="position:fixed;top:0;background:url(//evil.example)">x</p>`, `<div style=x:expression(alert(1))>`, `# x {style="position:fixed"}`, `<font color=red>`, `# x {onclick=alert(1)}`, "| a |\n|:-:|\n| <p style=x> |",
	// Pictures elsewhere.
	`![x](https://tracker.example/p.gif)`, `![x](//tracker.example/p.gif)`, `![x](data:image/svg+xml,<svg onload=alert(1)>)`, `![x](/files/other.png)`, `![x](javascript:alert(1))`, `![x" onerror="alert(1)](resource:icon)`, `![x](resource:icon "t" onerror=alert(1))`, `![x](resource:icon "\"onerror=alert(1)")`, `![x](resource:bad)`, `![x](resource:../../etc)`, `![x](RESOURCE:icon)`, `![x](resource:quoted)`, `![<script>alert(1)</script>](resource:icon)`, `[![x](resource:icon)](javascript:alert(1))`, `![x](resource:wicked)`, `[x](resource:bad)`, `[x](resource:hello)`, "![x]\n\n[x]: https://tracker.example/p.gif",
	// Marks and placeholders in what is only text.
	`zq7slot0z`, `&#122;q7slot0z {{ 1 }}`, `[a](&#122;q7slot0z) {{ 1 }}`, `[a](/x&#122;q7slot0z) {{ 1 }}`, `[a](/{{ 1 }}) &#122;q7slot1z [b](/&#122;q7slot1z)`, `[a](/{{ 1 }}) [b](&#122;q7slot1z)`, `![&#122;q7slot0z](resource:icon) {{ 1 }}`, `&#122;q7slot99999999999999999999z`, `&#122;q7slot7z`, `zq7s*l*ot0z {{ 1 }}`, `\{{7*7}} ${env} #name# <%= 7*7 %>`, `{{ "{{7*7}}" }}`, `> [!NOTE" onclick="alert(1)]`, `> [!NOTE]<script>alert(1)</script>`, "> [!NOTE]\n> <script>alert(1)</script>", `{{ "<script>alert(1)</script>" }}`, `[{{ "]" }}](javascript:alert(1))`, "{{ \"`\" }}`<script>`",
}

// TestAttacks holds for every attack, alone, inside other text, and as what a
// person answered.
func TestAttacks(t *testing.T) {
	for _, attack := range attacks {
		for _, around := range []string{"%s", "> [!NOTE]\n> %s", "- a %s b", "**%s**", "[%s](https://example.org)", "| a |\n|---|\n| %s |", "# %s", "![%s](resource:icon)", "a\n%s\nb"} {
			d, err := Compile(fmt.Sprintf(around, attack), shelf)
			if err != nil {
				continue // refused whole
			}
			checkDoc(t, fmt.Sprintf(around, attack), d, reader)
		}
		for _, source := range []string{"{{ var.a }}", "**{{ var.a }}** `{{ var.a }}`", "[{{ var.a }}]({{ var.a }})", "[x](/{{ var.a }}?q={{ var.a }} \"{{ var.a }}\")", "![{{ var.a }}](resource:icon)", "<{{ var.a }}>", "https://example.org/{{ var.a }}", "[x](https://{{ var.a }}/)", "[x](mailto:{{ var.a }})", "```\n{{ var.a }}\n```"} {
			vars := formula.Vars{"var": map[string]any{"a": attack}}
			d := compiled(t, source)
			checkDoc(t, source+" with "+attack, d, vars)
			if out, err := d.HTML(vars, nil, "fr"); err == nil && source == "{{ var.a }}" && out != "<p>"+strings.ReplaceAll(html.EscapeString(attack), "\n", "<br>\n")+"</p>\n" {
				t.Errorf("the answer %q comes out as %q", attack, out)
			}
		}
	}
}

func checkDoc(t *testing.T, name string, d *Doc, v formula.Vars) {
	t.Helper()
	out, err := d.HTML(v, nil, "fr")
	if err != nil {
		return
	}
	if flaw := flawOf(out); flaw != "" {
		t.Errorf("%q gives %s: %q", name, flaw, out)
	}
	// What was sanitized once stays as it is when it is again, and when a
	// browser reads and writes it.
	if again := policy.Sanitize(out); d.Static() && again != out {
		t.Errorf("%q is not stable:\n%q\n%q", name, out, again)
	}
	if flaw := flawOf(rewritten(t, out)); flaw != "" {
		t.Errorf("%q gives %s once a browser has read and written it: %q", name, flaw, rewritten(t, out))
	}
}

// rewritten parses HTML as a browser does and writes the tree again.
func rewritten(t *testing.T, s string) string {
	t.Helper()
	nodes, err := xhtml.ParseFragment(strings.NewReader(s), &xhtml.Node{Type: xhtml.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, n := range nodes {
		if err := xhtml.Render(&out, n); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

// elements and attributes are all that may stand in the HTML of a text.
var (
	elements   = set("p br hr h2 h3 h4 h5 h6 strong em del code pre blockquote ul ol li table thead tbody tr th td a img audio video figure figcaption span aside div")
	attributes = set("href title target rel download src alt width height loading decoding controls playsinline preload aria-label class role tabindex start")
)

func set(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

// flawOf says what in a page's HTML should not be there, "" when nothing is.
func flawOf(s string) string {
	z := xhtml.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case xhtml.ErrorToken:
			return ""
		case xhtml.CommentToken, xhtml.DoctypeToken:
			return "a comment or doctype"
		case xhtml.StartTagToken, xhtml.SelfClosingTagToken:
			token := z.Token()
			if !elements[token.Data] {
				return "the element " + token.Data
			}
			for _, a := range token.Attr {
				if !attributes[a.Key] {
					return "the attribute " + a.Key
				}
				if a.Key == "href" || a.Key == "src" {
					if flaw := addressFlaw(a.Val, a.Key); flaw != "" {
						return flaw
					}
				}
			}
		}
	}
}

// addressFlaw judges an address as a browser does: without line ends and tabs,
// backslashes taken for slashes, no matter the capitals.
func addressFlaw(address, attribute string) string {
	address = strings.NewReplacer("\t", "", "\n", "", "\r", "", "\\", "/").Replace(strings.Trim(address, "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f "))
	if strings.HasPrefix(address, "//") {
		return "the address " + address
	}
	if address[:1] == "/" || address[:1] == "#" {
		return ""
	}
	u, err := url.Parse(address)
	if err != nil {
		return "the unreadable address " + address
	}
	allowed := map[string]bool{"http": true, "https": true, "mailto": attribute == "href", "tel": attribute == "href"}
	if !allowed[strings.ToLower(u.Scheme)] || attribute == "src" && u.Host != "cdn.example.org" {
		return "the address " + address
	}
	return ""
}

// TestHostileSizes compiles what is long, deep or repeated.
func TestHostileSizes(t *testing.T) {
	const n = MaxSource
	fill := func(s string) string { return strings.Repeat(s, n/len(s)) }
	for _, s := range []string{"[", "![", "]", "(", "*", "_", "**a ", "*a **b ", "a*", "_a_", "`", "``` ", "`a``", "~", "~~a", "<", "<a ", "<https://", "&", "&#", "\\", "> ", ">", "- ", "-", "1. ", "#", "# a\n", "|", "|a", "| a |\n", "a\n\n", "\n", "[a](", "[a]: b\n", "[a][a]", "[a]: <", "![a](resource:icon)", "[a](/b \"", "https://a.b/", "www.a.b ", "a@b.c ", "{{ 1 }}", "{{ var.id }} ", "[a](/{{ 1 }})", "`{{ 1 }}`", "\t", "- a\n", "* a\n  ", " ", "a ", "> [!NOTE]\n", "---\n", "a\n---\n", "é", "\x00", "\xff", "zq7slot", "&amp;", "*a_b", "[*a](", "<!--", "\n    ", "|-", "|a|b|c|d|e|f|g|h\n|-|-|-|-|-|-|-|-\n"} {
		begin := time.Now()
		d, err := Compile(fill(s), shelf)
		if err == nil {
			_, err = d.HTML(reader, nil, "fr")
		}
		if took := time.Since(begin); took > 500*time.Millisecond {
			t.Logf("%-12q %8.1f ms %v", s, float64(took.Microseconds())/1000, err)
			if took > 10*time.Second {
				t.Errorf("%q takes %v", s, took)
			}
		}
	}
}
