package servers

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"selfhelp/app/platform"
	"selfhelp/app/publication"
	"selfhelp/app/web/frame"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// mostNamed is how many publications a sentence names.
const mostNamed = 5

// unknownHere names what a server serves and this one does not know, since it was brought
// back to an earlier state; "" where that is not known, or nothing.
func (s *Room) unknownHere(v *frame.Visit, m platform.Standing) string {
	here := s.Shelf.Catalogue().Publications
	var names []string
	for _, one := range m.Serving {
		known := slices.ContainsFunc(here, func(had publication.Publication) bool { return had.Hash == one.Hash })
		if one.Active && !known {
			names = append(names, fmt.Sprintf("%s %s", s.projectName(v, one), one.Number))
		}
	}
	if len(names) == 0 {
		return ""
	}
	said := strings.Join(names[:min(len(names), mostNamed)], ", ")
	if len(names) > mostNamed {
		said += ", …"
	}
	return " " + v.Words.T("servers.newer.what", said)
}

// projectName is the title of a project that is published, or its alias where it is not
// here.
func (s *Room) projectName(v *frame.Visit, one publication.Publication) string {
	p, err := s.Content.ProjectByUID(v.Context(), one.Domain, one.Project)
	if err != nil {
		return one.Alias
	}
	return s.Pick(v, p.Data, p.Data.Name)
}

// versions says whether a server runs another version of the program than this one.
func (s *Room) versions(v *frame.Visit, c *views.ServerCard, m platform.Standing) {
	if m.State.Version == "" || m.State.Version == s.Build {
		return
	}
	key := "servers.version.newer"
	if slices.Compare(numbers(m.State.Version), numbers(s.Build)) < 0 {
		key = "servers.version.older"
	}
	c.Detail = strings.TrimSpace(c.Detail + " " + v.Words.T(key, m.State.Version, s.Build))
	if c.Tone == ui.OK {
		c.Tone = ui.Info
	}
}

// numbers are those of a version, like 0.1.0.
func numbers(version string) (all []int) {
	version, _, _ = strings.Cut(version, "-")
	for part := range strings.SplitSeq(version, ".") {
		n, _ := strconv.Atoi(part)
		all = append(all, n)
	}
	return all
}
