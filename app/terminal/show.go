package terminal

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"selfhelp/app/execution"
)

const width = 72

// show prints a page: where one is, what it says, what is wrong.
func (p *Player) show(page *execution.Page, problems map[string]execution.Message) {
	fmt.Fprintf(p.Out, "\n%s\n", strings.Repeat("─", width))
	where := plain(page.Heading)
	if page.Progress != nil {
		where = fmt.Sprintf("%s  (%d/%d)", where, page.Progress.Place, page.Progress.Of)
	}
	fmt.Fprintf(p.Out, "%s  %s\n", where, p.words.hint)
	if page.Title != "" {
		title := plain(page.Title)
		fmt.Fprintf(p.Out, "\n%s\n%s\n", title, strings.Repeat("=", min(width, utf8.RuneCountInString(title))))
	}
	body := page.Plain()
	p.say(body)
	if !strings.Contains(body, page.Problem) {
		p.say("! " + page.Problem)
	}
	if len(page.Fields) == 0 { // those of fields are said beside them
		for _, name := range slices.Sorted(maps.Keys(problems)) {
			if said := problems[name].In(page.Language); said != page.Problem {
				p.say("! " + said)
			}
		}
	}
	for _, w := range page.Watch {
		if !p.Watch {
			break
		}
		fmt.Fprintf(p.Out, "    %s = %s\n", plain(w.Name), plain(w.Value))
	}
}

// showEnding prints the outcome page.
func (p *Player) showEnding(page *execution.Page) {
	p.show(page, nil)
	fmt.Fprintf(p.Out, "\n"+p.words.outcome+"\n", outcomeIn(page.Language, string(page.Ending.Outcome)))
	if t := page.Ending.Ticket; t != nil {
		fmt.Fprintf(p.Out, p.words.ticket+"\n", plain(t.Number))
	}
	if page.Ending.Redirect != "" {
		fmt.Fprintf(p.Out, p.words.continued+"\n", plain(page.Ending.Redirect))
	}
}

// say prints words, folded to the width, after an empty line.
func (p *Player) say(text string) {
	if text = strings.TrimSpace(plain(text)); text == "" {
		return
	}
	fmt.Fprintln(p.Out)
	for line := range strings.Lines(text) {
		for _, folded := range fold(strings.TrimRight(line, "\n")) {
			fmt.Fprintln(p.Out, folded)
		}
	}
}

// fold breaks a line between words.
func fold(line string) []string {
	var lines []string
	var current strings.Builder
	length := 0
	for word := range strings.SplitSeq(line, " ") {
		n := utf8.RuneCountInString(word)
		if length > 0 && length+1+n > width {
			lines = append(lines, current.String())
			current.Reset()
			length = 0
		}
		if length > 0 {
			current.WriteByte(' ')
			length++
		}
		current.WriteString(word)
		length += n
	}
	return append(lines, current.String())
}

// plain keeps texts from moving the cursor or changing the terminal.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || !unicode.IsControl(r) {
			return r
		}
		return -1
	}, text)
}
