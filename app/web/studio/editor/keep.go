package editor

import (
	"net/url"
	"slices"
	"strings"

	"selfhelp/app/web/frame"
)

// carried are the fields of an edit that nobody types.
var carried = []string{"revision", "step", "lang", "tab", "view", "drawn", "after", "edge", "do", "quiet", "add", "history", "to", "show", "page"}

func isCarried(name string) bool {
	return slices.Contains(carried, name) || strings.HasPrefix(name, "b:")
}

// keepEdit keeps what was written in a procedure by whoever works without script.
func keepEdit(v *frame.Visit) frame.Kept {
	look := url.Values{}
	for _, name := range []string{"step", "lang", "tab", "view"} {
		if value := v.PostFormValue(name); value != "" {
			look.Set(name, value)
		}
	}
	if after := v.PostFormValue("after"); after != "" { // a step that is being added
		look.Set("step", after)
		look.Set("edge", v.PostFormValue("edge"))
		look.Set("add", "1")
	}
	page := url.URL{Path: strings.TrimSuffix(v.URL.Path, "/operations"), RawQuery: look.Encode()}
	does := postingOf(v.PostForm).verb
	return frame.Kept{Page: page.RequestURI(), Nothing: slices.Contains([]string{"undo", "redo", "restore"}, does), Inner: isCarried}
}

// keepTranslation keeps the texts of a translation.
func keepTranslation(v *frame.Visit) frame.Kept {
	shown := url.Values{}
	for _, name := range []string{"to", "show", "page"} {
		if value := v.PostFormValue(name); value != "" {
			shown.Set(name, value)
		}
	}
	return frame.Kept{Page: (&url.URL{Path: v.URL.Path, RawQuery: shown.Encode()}).RequestURI(), Inner: isCarried}
}
