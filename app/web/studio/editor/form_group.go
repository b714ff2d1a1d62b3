package editor

import (
	"strings"

	"selfhelp/app/web/frame"
)

// groupWords tell the groups of the domain as people call them, each with the
// name to write down where that is another.
func (s *Editor) groupWords(v *frame.Visit, b bench) (string, error) {
	groups, err := s.Content.Groups(v.Context(), b.project.Domain)
	if err != nil || len(groups) == 0 {
		return "", err
	}
	var words []string
	for _, g := range groups {
		title := s.GroupTitle(v, g)
		if title != g.Name {
			title = v.Words.T("editor.group", title, g.Name)
		}
		words = append(words, title)
	}
	return v.Words.T("editor.groups", strings.Join(words, ", ")), nil
}
