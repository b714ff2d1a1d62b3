package richtext

import (
	"strings"
	"testing"

	"selfhelp/app/formula"
)

func TestApart(t *testing.T) {
	for name, c := range map[string]struct{ source, media, words string }{
		"nothing to look at":      {"One.\n\n- two", "", "One. two"},
		"a picture by itself":     {"One.\n\n![](resource:router)\n\nTwo.", "router.png", "One. Two."},
		"a film and a sound":      {"![](resource:film)\n\nOne.\n\n![](resource:voice)", "film.mp4 voice.mp3", "One."},
		"a picture with a title":  {"![](resource:router \"Behind\")", "router.png Behind", ""},
		"a picture among words":   {"See ![](resource:icon) here.", "", "See icon.png here."},
		"a picture in a list":     {"- one\n\n  ![](resource:router)\n\n- two", "", "one router.png two"},
		"a picture in a callout":  {"> [!TIP]\n> tip\n>\n> ![](resource:router)", "", "Tip tip router.png"},
		"a picture under a rule":  {"One.\n\n---\n\n![](resource:router)", "router.png", "One."},
		"a document stays a link": {"![](resource:guide)\n\nOne.", "", "Guide & co PDF · 1.2 MB One."},
		"nothing at all":          {"", "", ""},
		"a broken line":           {"One  \ntwo\n\n![](resource:router)", "router.png", "One two"},
	} {
		page, err := compiled(t, c.source).HTML(reader, formula.NewBudget(), "en")
		if err != nil {
			t.Fatal(err)
		}
		media, words := Apart(page)
		if len(media)+len(words) != len(page) {
			t.Errorf("%s: %d and %d bytes of %d", name, len(media), len(words), len(page))
		}
		if seen(media) != c.media || seen(words) != c.words {
			t.Errorf("%s: %q and %q", name, seen(media), seen(words))
		}
	}
}

// seen is the words of some HTML, and the file names of what it shows.
func seen(page string) string {
	for _, name := range []string{"router.png", "icon.png", "film.mp4", "voice.mp3"} {
		page = strings.ReplaceAll(page, ` src="/files/`+name+`"`, ">"+name+"<")
	}
	var out strings.Builder
	inside := false
	for _, c := range page {
		switch {
		case c == '<':
			inside = true
			out.WriteByte(' ')
		case c == '>':
			inside = false
		case !inside:
			out.WriteRune(c)
		}
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(out.String(), "&amp;", "&")), " ")
}
