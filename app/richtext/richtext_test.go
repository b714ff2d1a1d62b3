package richtext

import (
	"errors"
	"strings"
	"testing"

	"selfhelp/app/formula"
)

// shelf finds the resources of the tests.
func shelf(id string) (Resource, bool) {
	r, ok := resources[id]
	return r, ok
}

var resources = map[string]Resource{
	"router":  {Kind: "image", URL: "/files/router.png", Alt: "Le routeur", Width: 640, Height: 480},
	"icon":    {Kind: "image", URL: "/files/icon.png"},
	"voice":   {Kind: "audio", URL: "/files/voice.mp3", Name: "Message"},
	"film":    {Kind: "video", URL: "/files/film.mp4", Alt: "La démonstration", Width: 1280, Height: 720},
	"guide":   {Kind: "pdf", URL: "/files/guide.pdf", Name: "Guide & co", Size: 1_240_000},
	"tool":    {Kind: "download", URL: "/files/tool.zip", Name: "outil.zip", Size: 4_200},
	"hello":   {Kind: "snippet", Snippet: "Bonjour **{{ user.name }}**"},
	"steps":   {Kind: "snippet", Snippet: "First\n\n- one\n- two"},
	"loop":    {Kind: "snippet", Snippet: "again ![x](resource:loop2)"},
	"loop2":   {Kind: "snippet", Snippet: "and ![x](resource:loop)"},
	"outer":   {Kind: "snippet", Snippet: "outer ![x](resource:hello)"},
	"broken":  {Kind: "snippet", Snippet: "{{ 1 + }}"},
	"bad":     {Kind: "image", URL: "javascript:alert(1)", Alt: "mauvaise"},
	"quoted":  {Kind: "image", URL: `/files/a"b.png`, Alt: "quoted"},
	"wicked":  {Kind: "image", URL: "/files/w.png", Alt: `"><script>alert(1)</script>`},
	"cdn":     {Kind: "image", URL: "https://cdn.example.org/a.png", Alt: "cdn"},
	"marked":  {Kind: "image", URL: "/files/m.png", Alt: "zq7szq7slotlot0z"},
	"laugh5":  {Kind: "snippet", Snippet: "ha"},
	"laugh4":  {Kind: "snippet", Snippet: strings.Repeat("![x](resource:laugh5)", 400)},
	"laugh3":  {Kind: "snippet", Snippet: strings.Repeat("![x](resource:laugh4)", 400)},
	"laugh2":  {Kind: "snippet", Snippet: strings.Repeat("![x](resource:laugh3)", 400)},
	"laugh1":  {Kind: "snippet", Snippet: strings.Repeat("![x](resource:laugh2)", 400)},
	"spelled": {Kind: "snippet", Snippet: "## Titre\n\n> [!TIP]\n> conseil"},
}

var reader = formula.Vars{
	"user": map[string]any{"name": "Élodie <b>", "mail": "e@example.org"},
	"var": map[string]any{"id": "a/b?c=d&e", "n": 1234.5, "lines": "one\ntwo <3", "url": "https://example.org/x?a=1&b=2", "script": "javascript:alert(1)", "data": "data:text/html,x",
		"local": "/help", "twice": "//evil.example", "host": "srv1", "evil": ".evil.example", "dots": "..", "tel": "+33 (0)2 54", "blank": "", "quote": `a" onclick="x`, "port": 8080.0, "day": "2026-11-23"},
}

func compiled(t *testing.T, source string) *Doc {
	t.Helper()
	d, err := Compile(source, shelf)
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	return d
}

func TestHTML(t *testing.T) {
	const fr = "\u202f"
	tests := []struct{ source, want string }{
		// CommonMark.
		{"Bonjour *vous* et **tous**", "<p>Bonjour <em>vous</em> et <strong>tous</strong></p>\n"},
		{"# Titre\n\n## Sous\n\n###### Six", "<h2>Titre</h2>\n<h3>Sous</h3>\n<h6>Six</h6>\n"}, {"Titre\n=====", "<h2>Titre</h2>\n"},
		{"- a\n- b\n  1. c\n  2. d", "<ul>\n<li>a</li>\n<li>b\n<ol>\n<li>c</li>\n<li>d</li>\n</ol>\n</li>\n</ul>\n"}, {"3. a\n4. b", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>\n"}, {"- a\n\n- b", "<ul>\n<li><p>a</p>\n</li>\n<li><p>b</p>\n</li>\n</ul>\n"},
		{"`a < b`", "<p><code>a &lt; b</code></p>\n"}, {"```sh\nls <x>\n  y\n```", "<pre tabindex=\"0\"><code>ls &lt;x&gt;\n  y\n</code></pre>\n"}, {"    indented", "<pre tabindex=\"0\"><code>indented\n</code></pre>\n"}, {"a\n\n---\n\nb", "<p>a</p>\n<hr>\n<p>b</p>\n"},
		{"a  \nb\nc", "<p>a<br>\nb\nc</p>\n"}, {"~~old~~ new", "<p><del>old</del> new</p>\n"}, {"> quote", "<blockquote>\n<p>quote</p>\n</blockquote>\n"}, {"&eacute; &amp; \\* \\&amp; &#233;", "<p>é &amp; * &amp;amp; é</p>\n"}, {"", ""},
		{"| a | b |\n|:--|--:|\n| 1 | 2 |", "<div class=\"table\" tabindex=\"0\"><table>\n<thead>\n<tr><th class=\"align-left\">a</th><th class=\"align-right\">b</th></tr>\n</thead>\n<tbody>\n<tr><td class=\"align-left\">1</td><td class=\"align-right\">2</td></tr>\n</tbody>\n</table></div>\n"},
		{"Tapez <Entrée> puis <b>x</b>", "<p>Tapez &lt;Entrée&gt; puis &lt;b&gt;x&lt;/b&gt;</p>\n"}, {"<div>\nx\n</div>", "<p>&lt;div&gt;\nx\n&lt;/div&gt;</p>\n"},
		// Links.
		{"[a](https://example.org/x?a=1&b=2)", "<p><a href=\"https://example.org/x?a=1&amp;b=2\" target=\"_blank\" rel=\"noopener\">a</a></p>\n"}, {"[a](/help \"Aide\")", "<p><a href=\"/help\" title=\"Aide\">a</a></p>\n"}, {"[a](#part)", "<p><a href=\"#part\">a</a></p>\n"},
		{"[a](mailto:it@example.org) [b](tel:+33254)", "<p><a href=\"mailto:it@example.org\">a</a> <a href=\"tel:+33254\">b</a></p>\n"}, {"<https://example.org>", "<p><a href=\"https://example.org\" target=\"_blank\" rel=\"noopener\">https://example.org</a></p>\n"}, {"<it@example.org>", "<p><a href=\"mailto:it@example.org\">it@example.org</a></p>\n"},
		{"voir https://example.org/a, merci", "<p>voir <a href=\"https://example.org/a\" target=\"_blank\" rel=\"noopener\">https://example.org/a</a>, merci</p>\n"}, {"[a][r]\n\n[r]: https://example.org", "<p><a href=\"https://example.org\" target=\"_blank\" rel=\"noopener\">a</a></p>\n"},
		{"[a **b**](javascript:alert(1))", "<p>a <strong>b</strong></p>\n"}, {"[a](page.html) [b](//evil.example) [c](ftp://x) [d](https://u:p@x.example) [e]()", "<p>a b c d e</p>\n"},
		// Callouts.
		{"> [!NOTE]\n> Words\n>\n> More", "<aside class=\"callout callout-note\" role=\"note\">\n<p class=\"callout-title\">Note</p>\n<p>Words</p>\n<p>More</p>\n</aside>\n"}, {"> [!warning]\n> x", "<aside class=\"callout callout-warning\" role=\"note\">\n<p class=\"callout-title\">Attention</p>\n<p>x</p>\n</aside>\n"},
		{"> [!TIP]\n\nx", "<aside class=\"callout callout-tip\" role=\"note\">\n<p class=\"callout-title\">Astuce</p>\n</aside>\n<p>x</p>\n"}, {"> [!DANGER]\n> - a", "<aside class=\"callout callout-danger\" role=\"note\">\n<p class=\"callout-title\">Danger</p>\n<ul>\n<li>a</li>\n</ul>\n</aside>\n"}, {"> [!OTHER]\n> x", "<blockquote>\n<p>[!OTHER]\nx</p>\n</blockquote>\n"}, {"> a\n> [!NOTE]", "<blockquote>\n<p>a\n[!NOTE]</p>\n</blockquote>\n"},
		// Resources.
		{"![](resource:router)", "<figure class=\"resource resource-image\"><img src=\"/files/router.png\" alt=\"Le routeur\" width=\"640\" height=\"480\" loading=\"lazy\" decoding=\"async\"></figure>\n"}, {"![Devant](resource:router \"Vue de face\")", "<figure class=\"resource resource-image\"><img src=\"/files/router.png\" alt=\"Devant\" width=\"640\" height=\"480\" loading=\"lazy\" decoding=\"async\"><figcaption>Vue de face</figcaption></figure>\n"},
		{"Cliquez ![roue](resource:icon) ici", "<p>Cliquez <img src=\"/files/icon.png\" alt=\"roue\" loading=\"lazy\" decoding=\"async\"> ici</p>\n"}, {"![](resource:voice)", "<p><audio class=\"resource resource-audio\" controls=\"\" preload=\"none\" src=\"/files/voice.mp3\" aria-label=\"Message\"></audio></p>\n"}, {"![](resource:film)", "<p><video class=\"resource resource-video\" controls=\"\" playsinline=\"\" preload=\"metadata\" src=\"/files/film.mp4\" width=\"1280\" height=\"720\" aria-label=\"La démonstration\"></video></p>\n"},
		{"![](resource:guide)", "<p><a href=\"/files/guide.pdf\" target=\"_blank\" rel=\"noopener\" class=\"resource resource-pdf\"><span class=\"resource-name\">Guide &amp; co</span> <span class=\"resource-meta\">PDF · 1,2\u00a0Mo</span></a></p>\n"}, {"![](resource:tool)", "<p><a href=\"/files/tool.zip\" download=\"\" class=\"resource resource-download\"><span class=\"resource-name\">outil.zip</span> <span class=\"resource-meta\">4,2\u00a0Ko</span></a></p>\n"},
		{"[le guide](resource:guide)", "<p><a href=\"/files/guide.pdf\" target=\"_blank\" rel=\"noopener\">le guide</a></p>\n"}, {"[rien](resource:nothing)", "<p>rien</p>\n"},
		{"a ![alt *words*](https://tracker.example/p.gif) b ![x](resource:nothing)", "<p>a alt words b x</p>\n"}, {"![](resource:bad) ![](resource:quoted)", "<p>mauvaise quoted</p>\n"}, {"![](resource:cdn) x", "<p><img src=\"https://cdn.example.org/a.png\" alt=\"cdn\" loading=\"lazy\" decoding=\"async\"> x</p>\n"}, {"x ![](resource:wicked)", "<p>x <img src=\"/files/w.png\" alt=\"&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\" loading=\"lazy\" decoding=\"async\"></p>\n"}, {"x ![](resource:marked)", "<p>x <img src=\"/files/m.png\" alt=\"0z\" loading=\"lazy\" decoding=\"async\"></p>\n"},
		// Snippets.
		{"![x](resource:hello)", "<p>Bonjour <strong>Élodie &lt;b&gt;</strong></p>\n"}, {"Dites ![x](resource:hello) !", "<p>Dites Bonjour <strong>Élodie &lt;b&gt;</strong> !</p>\n"}, {"![x](resource:steps)", "<p>First</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"}, {"a ![x](resource:steps) b", "<p>a </p>\n<p>First</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n<p> b</p>\n"}, {"**![x](resource:steps)**", "<p><strong>First - one - two</strong></p>\n"}, {"- ![x](resource:hello)", "<ul>\n<li>Bonjour <strong>Élodie &lt;b&gt;</strong></li>\n</ul>\n"},
		{"![x](resource:outer) ![x](resource:outer)", "<p>outer Bonjour <strong>Élodie &lt;b&gt;</strong> outer Bonjour <strong>Élodie &lt;b&gt;</strong></p>\n"}, {"![x](resource:loop)", "<p>again and </p>\n"}, {"![x](resource:spelled)", "<h3>Titre</h3>\n<aside class=\"callout callout-tip\" role=\"note\">\n<p class=\"callout-title\">Astuce</p>\n<p>conseil</p>\n</aside>\n"},
		// Placeholders.
		{"Bonjour {{ user.name }}, {{ var.n }}", "<p>Bonjour Élodie &lt;b&gt;, 1" + fr + "234,5</p>\n"}, {"**{{ var.n }}** _{{ var.n }}_ `{{ var.n }}`", "<p><strong>1" + fr + "234,5</strong> <em>1" + fr + "234,5</em> <code>1" + fr + "234,5</code></p>\n"}, {"# {{ var.day }}", "<h2>23 novembre 2026</h2>\n"}, {"{{ var.lines }}", "<p>one<br>\ntwo &lt;3</p>\n"}, {"```\n{{ var.lines }}\n```", "<pre tabindex=\"0\"><code>one\ntwo &lt;3\n</code></pre>\n"}, {"| a |\n|---|\n| {{ \"x|y\" }} |", "<div class=\"table\" tabindex=\"0\"><table>\n<thead>\n<tr><th>a</th></tr>\n</thead>\n<tbody>\n<tr><td>x|y</td></tr>\n</tbody>\n</table></div>\n"},
		{"x ![{{ var.quote }} et {{ var.n }}](resource:icon)", "<p>x <img src=\"/files/icon.png\" alt=\"a&#34; onclick=&#34;x et 1" + fr + "234,5\" loading=\"lazy\" decoding=\"async\"></p>\n"}, {"[a](/x \"{{ var.quote }}\")", "<p><a href=\"/x\" title=\"a&#34; onclick=&#34;x\">a</a></p>\n"}, {"\\{{ no }}", "<p>{{ no }}</p>\n"}, {"{{ \"**x** <i> [a](b)\" }}", "<p>**x** &lt;i&gt; [a](b)</p>\n"}, {"{{ nil }}", "<p></p>\n"}, {"![x](resource:{{ \"icon\" }})", "<p>x</p>\n"},
		// Placeholders in addresses.
		{"[a](https://example.org/{{ var.id }}?q={{ var.id }})", "<p><a href=\"https://example.org/a%2Fb%3Fc%3Dd%26e?q=a%2Fb%3Fc%3Dd%26e\" target=\"_blank\" rel=\"noopener\">a</a></p>\n"}, {"[a]({{ var.url }})", "<p><a href=\"https://example.org/x?a=1&amp;b=2\" target=\"_blank\" rel=\"noopener\">a</a></p>\n"}, {"[a]({{ var.local }}/{{ var.n }})", "<p><a href=\"/help/1234.5\">a</a></p>\n"}, {"[a](/d/{{ var.day }})", "<p><a href=\"/d/2026-11-23\">a</a></p>\n"},
		{"[a](mailto:{{ user.mail }}?subject={{ var.id }})", "<p><a href=\"mailto:e@example.org?subject=a%2Fb%3Fc%3Dd%26e\">a</a></p>\n"}, {"[a](tel:{{ var.tel }})", "<p><a href=\"tel:+33\">a</a></p>\n"}, {"https://example.org/{{ var.id }}", "<p><a href=\"https://example.org/a%2Fb%3Fc%3Dd%26e\" target=\"_blank\" rel=\"noopener\">https://example.org/a/b?c=d&amp;e</a></p>\n"},
		{"[a](https://{{ var.host }}.example.org/x)", "<p><a href=\"https://srv1.example.org/x\" target=\"_blank\" rel=\"noopener\">a</a></p>\n"}, {"[a](https://{{ var.host }})", "<p><a href=\"https://srv1\" target=\"_blank\" rel=\"noopener\">a</a></p>\n"}, {"[a](https://x.example:{{ var.port }}/)", "<p><a href=\"https://x.example:8080/\" target=\"_blank\" rel=\"noopener\">a</a></p>\n"},
	}
	for _, tt := range tests {
		d := compiled(t, tt.source)
		got, err := d.HTML(reader, formula.NewBudget(), "fr")
		want := strings.Replace(tt.want, "tel:+33\"", "tel:+330254\"", 1)
		if err != nil || got != want {
			t.Errorf("%q\n got %q, %v\nwant %q", tt.source, got, err, want)
		}
	}
}

// TestLinksThatLeadNowhere fills addresses with values that must not be
// followed: the words stay, the link does not.
func TestLinksThatLeadNowhere(t *testing.T) {
	for _, source := range []string{
		"[a]({{ var.script }})", "[a]({{ var.data }})", "[a]({{ var.twice }})", "[a](java{{ \"script:alert(1)\" }})", "[a]({{ \"java\" }}{{ \"script:alert(1)\" }})", "[a]({{ \"JaVa\\tScript:alert(1)\" }})", "[a]({{ \" javascript:alert(1)\" }})", "[a]({{ \"/\\\\evil.example\" }})", "[a]({{ \"/\\t/evil.example\" }})", "[a]({{ \"vbscript:x\" }})", "[a]({{ \"blob:x\" }})", "[a]({{ \"https://u:p@evil.example\" }})", "[a]({{ \"https:evil\" }})", "[a]({{ \"https://\" }})", "[a]({{ var.blank }})", "[a]({{ nil }})",
		"[a](https://example.org{{ var.evil }})", "[a](https://example.org{{ \"@evil.example\" }})", "[a](https://example.org{{ var.host }}/x)", "[a](https://{{ \"evil.example/\" }}.example.org)", "[a](https://{{ \"evil.example#\" }}.example.org)", "[a](https://example.org:{{ \"80@evil.example\" }})", "[a](https://{{ var.blank }}.example.org)", "[a](/x/{{ var.dots }}/y)", "[a]({{ \"x\" }}:alert(1))", "[a]({{ \"javascript\" }}:alert(1))", "[a](https://{{ var.blank }}/{{ var.twice }})",
		"<{{ var.script }}>", "[a]({{ \"http://exa mple.org\" }})", "[a]({{ \"https://example.org/\\\"onclick=\\\"x\" }})", "[a](javascript:{{ 1 }})", "[a](data:{{ 1 }})", "[a]({{ \"java&#x09;script:alert(1)\" }})", "[a](&#106;avascript:{{ 1 }})",
	} {
		got, err := compiled(t, source).HTML(reader, nil, "fr")
		if err != nil || strings.Contains(got, "href") || !strings.Contains(got, "a") {
			t.Errorf("%s gives %q, %v", source, got, err)
		}
		plain, err := compiled(t, source).Plain(reader, nil, "fr")
		if err != nil || strings.Contains(plain, "(j") || strings.Contains(plain, "evil") && !strings.Contains(source, "<") {
			t.Errorf("%s reads %q, %v", source, plain, err)
		}
	}
}

func TestEnglish(t *testing.T) {
	d := compiled(t, "> [!WARNING]\n> x\n\n![](resource:guide)")
	if !d.Static() {
		t.Error("a text without placeholders is not static")
	}
	for lang, want := range map[string][]string{"en": {"Warning", "PDF · 1.2\u00a0MB"}, "fr-CA": {"Attention", "PDF · 1,2\u00a0Mo"}, "de": {"Warning", "MB"}} {
		got, err := d.HTML(nil, nil, lang)
		for _, w := range want {
			if err != nil || !strings.Contains(got, w) {
				t.Errorf("%s: %q, %v lacks %q", lang, got, err, w)
			}
		}
	}
	if compiled(t, "{{ 1 }}").Static() || compiled(t, "[a](/{{ 1 }})").Static() || !compiled(t, "").Static() {
		t.Error("what has placeholders is taken for static, or what has none is not")
	}
}

func TestPlain(t *testing.T) {
	tests := []struct{ source, want string }{
		{"# Titre\n\nBonjour *vous*  \nligne\nsuite", "Titre\n\nBonjour vous\nligne suite"}, {"- a\n- b\n  1. c\n  2. d", "- a\n- b\n  1. c\n  2. d"}, {"> quote\n> more", "> quote more"}, {"> [!TIP]\n> conseil", "Astuce\u202f: conseil"}, {"| a | b |\n|---|---|\n| 1 | 2 |", "a | b\n1 | 2"}, {"```\nls\n  x\n```", "ls\n  x"}, {"a\n\n***\n\nb", "a\n\n———\n\nb"},
		{"[voir](https://example.org/x) [ici](/help) https://example.org", "voir (https://example.org/x) ici https://example.org"}, {"[x](javascript:a)", "x"}, {"![](resource:router) ![roue](resource:icon) ![](resource:guide) ![non](resource:nothing)", "[Le routeur] [roue] [Guide & co] non"}, {"![x](resource:steps)", "First\n\n- one\n- two"}, {"&lt;b&gt; \\*", "<b> *"},
		{"Bonjour {{ user.name }} : {{ var.lines }}", "Bonjour Élodie <b> : one\ntwo <3"}, {"[a]({{ var.url }}) [b]({{ var.script }})", "a (https://example.org/x?a=1&b=2) b"}, {"`{{ 7 * 7 }}`", "49"},
	}
	for _, tt := range tests {
		if got, err := compiled(t, tt.source).Plain(reader, nil, "fr"); err != nil || got != tt.want {
			t.Errorf("%q\n got %q, %v\nwant %q", tt.source, got, err, tt.want)
		}
	}
	if got := compiled(t, "Bonjour {{ 1 / 0 }}, **lisez** [ceci](/{{ 1 }})").Words("fr"); got != "Bonjour , lisez ceci" {
		t.Errorf("words: %q", got)
	}
}

func TestCompileErrors(t *testing.T) {
	_, err := Compile("ligne\n\n**{{ vra.x }}**", nil)
	if e, ok := errors.AsType[*formula.Error](err); !ok || e.Line != 3 || e.Column != 6 || e.Key != "formula.root" {
		t.Errorf("a wrong placeholder: %v", err)
	}
	_, err = Compile("![x](resource:broken)", shelf)
	if e, ok := errors.AsType[*formula.Error](err); !ok || e.Key != "formula.end" || !strings.Contains(err.Error(), "broken") {
		t.Errorf("a wrong snippet: %v", err)
	}
	for _, source := range []string{strings.Repeat("a", MaxSource+1), strings.Repeat(">", 100), strings.Repeat("- ", 100) + "a", "![x](resource:laugh1)"} {
		if _, err := Compile(source, shelf); err == nil {
			t.Errorf("%.20s is compiled", source)
		}
	}
	if _, err := compiled(t, "{{ 1 / var.zero }}").HTML(formula.Vars{"var": map[string]any{"zero": 0.0}}, nil, "fr"); err == nil {
		t.Error("a placeholder that fails says nothing")
	}
}

func TestFormulas(t *testing.T) {
	d := compiled(t, "{{ var.a }} [x](/{{ var.b }}) ![x](resource:hello) ![x](resource:hello)")
	var reads []string
	for _, f := range d.Formulas() {
		reads = append(reads, f.Reads()...)
	}
	if got := strings.Join(reads, " "); got != "var.a var.b user.name" {
		t.Errorf("formulas: %s", got)
	}
}
