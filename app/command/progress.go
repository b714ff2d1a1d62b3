package command

import (
	"fmt"
	"io"
	"strings"

	"selfhelp/store/disk"
)

// barWidth is how many characters a bar has.
const barWidth = 30

// progressOn says what a restore does, and on a terminal how far it is, as a bar.
func progressOn(w io.Writer) disk.Progress {
	p := progress{w: w, bars: atTerminal(w)}
	return p.tell
}

type progress struct {
	w       io.Writer
	bars    bool
	step    string
	percent int64
	open    bool // a bar stands in the line
}

func (p *progress) tell(step string, done, total int64) {
	if step != p.step {
		p.close()
		p.step, p.percent = step, 0
		fmt.Fprintf(p.w, "restoring %s\n", step)
	}
	if !p.bars || total == 0 || done*100/total <= p.percent {
		return
	}
	p.percent, p.open = done*100/total, true
	full := int(p.percent * barWidth / 100)
	fmt.Fprintf(p.w, "\r  [%s%s] %d %%", strings.Repeat("#", full), strings.Repeat(".", barWidth-full), p.percent)
	if done == total {
		p.close()
	}
}

// close ends the line of a bar.
func (p *progress) close() {
	if p.open {
		fmt.Fprintln(p.w)
	}
	p.open = false
}
