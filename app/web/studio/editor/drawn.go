package editor

import (
	"hash/maphash"
	"strconv"
	"strings"

	"selfhelp/views"
)

// drawnSeed makes the marks of a drawing; after a restart none is known again,
// and whole drawings are sent.
var drawnSeed = maphash.MakeSeed()

// mark gives the drawing and each of its cards a mark that changes with what it
// shows. That of the drawing stands for all but what is written on the cards.
func mark(c *views.Canvas, l look) {
	var h maphash.Hash
	h.SetSeed(drawnSeed)
	maphash.WriteComparable(&h, [2]string{l.lang, l.tab}) // where the cards lead keeps these
	maphash.WriteComparable(&h, [2]int{c.Width, c.Height})
	for _, box := range c.Boxes {
		maphash.WriteComparable(&h, box)
	}
	for _, line := range c.Lines {
		maphash.WriteComparable(&h, line)
	}
	for i := range c.Cards {
		maphash.WriteComparable(&h, c.Cards[i].ID) // their order is that of the marks
		c.Cards[i].Mark = markWord(maphash.Comparable(drawnSeed, c.Cards[i]))
	}
	c.Mark = markWord(h.Sum64())
}

func markWord(sum uint64) string { return strconv.FormatUint(uint64(uint32(sum)), 36) }

// lessen leaves of a drawing what a page does not show yet that has the marks
// drawn: first that of the drawing, then those of its cards.
func lessen(c *views.Canvas, drawn string) {
	marks := strings.Fields(drawn)
	if len(marks) != len(c.Cards)+1 || marks[0] != c.Mark {
		return
	}
	c.Lessened = true
	var changed []views.StepCard
	for i, card := range c.Cards {
		if card.Mark != marks[i+1] {
			changed = append(changed, card)
		}
	}
	c.Cards = changed
}
