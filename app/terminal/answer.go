package terminal

import (
	"fmt"
	"strconv"
	"strings"

	"selfhelp/app/execution"
)

// choice is one thing a person may pick by its number, its key or its words.
type choice struct {
	key, text string
	chosen    bool
}

// answer asks what a page asks.
func (p *Player) answer(page *execution.Page, problems map[string]execution.Message) (execution.Input, error) {
	switch page.Kind {
	case execution.PageQuestion:
		return p.pickOne(page, answersOf(page))
	case execution.PageChoices:
		return p.pickMany(page, answersOf(page))
	case execution.PageForm:
		return p.fill(page, problems)
	case execution.PageTable:
		return p.pickRows(page)
	case execution.PageUpload:
		return p.send(page)
	case execution.PageFeedback:
		return p.opinion(page)
	case execution.PageLink:
		fmt.Fprintf(p.Out, "\n"+p.words.seen+"\n", plain(page.Link.URL))
		_, err := p.read(fmt.Sprintf(p.words.enter, page.Link.Text))
		return posted(execution.NameVisited, "true"), err
	case execution.PageWait:
		fmt.Fprintf(p.Out, "\n"+p.words.jumped+"\n", page.Wait.Until.Format("2006-01-02 15:04:05"))
		p.ahead += page.Wait.Until.Sub(p.now())
		return execution.Input{Kind: execution.DoResume}, nil
	case execution.PageProblem:
		_, err := p.read(p.words.hint)
		return execution.Input{Kind: execution.DoRestart}, err
	}
	return p.press(page)
}

func posted(name string, values ...string) execution.Input {
	return execution.Input{Values: map[string][]string{name: values}}
}

func answersOf(page *execution.Page) []choice {
	list := make([]choice, len(page.Answers))
	for i, a := range page.Answers {
		text := a.Text
		if a.Hint != "" {
			text += " – " + a.Hint
		}
		list[i] = choice{a.Key, text, a.Chosen}
	}
	return list
}

// press asks for one of the buttons; one alone needs no number.
func (p *Player) press(page *execution.Page) (execution.Input, error) {
	if len(page.Buttons) == 0 {
		_, err := p.read(fmt.Sprintf(p.words.enter, ""))
		return execution.Input{}, err
	}
	if len(page.Buttons) == 1 {
		_, err := p.read(fmt.Sprintf(p.words.enter, page.Buttons[0].Text))
		return posted(nameOf(page), page.Buttons[0].ID), err
	}
	var list []choice
	for _, b := range page.Buttons {
		list = append(list, choice{key: b.ID, text: b.Text})
	}
	return p.pickOne(page, list)
}

// nameOf is the input name of a page's answer.
func nameOf(page *execution.Page) string {
	if page.Name == "" {
		return execution.NameAnswer
	}
	return page.Name
}

// pickOne asks for exactly one of a list.
func (p *Player) pickOne(page *execution.Page, list []choice) (execution.Input, error) {
	key, err := p.one(list, true)
	return posted(nameOf(page), key), err
}

// one asks until one of the list is picked; nothing when it need not be.
func (p *Player) one(list []choice, must bool) (string, error) {
	kept := p.list(list)
	for {
		line, err := p.read(fmt.Sprintf(p.words.answer, len(list)))
		if err != nil {
			return "", err
		}
		if line == "" && (len(kept) > 0 || !must) {
			return strings.Join(kept, ""), nil
		}
		if c, found := pick(list, line); found {
			return c.key, nil
		}
		if err := p.refuse(); err != nil {
			return "", err
		}
	}
}

// refuse says that a line is not one of the possibilities.
func (p *Player) refuse() error {
	if p.bad++; p.bad > maxBad {
		return ErrTooManyBad
	}
	fmt.Fprintln(p.Out, p.words.notThis)
	return nil
}

// pickMany asks for several of a list.
func (p *Player) pickMany(page *execution.Page, list []choice) (execution.Input, error) {
	keys, err := p.many(list)
	return posted(nameOf(page), keys...), err
}

func (p *Player) many(list []choice) ([]string, error) {
	kept := p.list(list)
	for {
		line, err := p.read(p.words.answers)
		if err != nil {
			return nil, err
		}
		if line == "" {
			return kept, nil
		}
		if keys, all := pickAll(list, line); all {
			return keys, nil
		}
		if err := p.refuse(); err != nil {
			return nil, err
		}
	}
}

// list prints the choices and returns the keys of those that stand chosen.
func (p *Player) list(list []choice) (chosen []string) {
	fmt.Fprintln(p.Out)
	for i, c := range list {
		mark := " "
		if c.chosen {
			mark, chosen = "*", append(chosen, c.key)
		}
		fmt.Fprintf(p.Out, " %s%2d. %s\n", mark, i+1, plain(c.text))
	}
	return chosen
}

// pick finds a choice by its number, its key, its words, or a beginning of them
// that no other has.
func pick(list []choice, line string) (choice, bool) {
	if line == "" {
		return choice{}, false
	}
	if n, err := strconv.Atoi(line); err == nil {
		if n < 1 || n > len(list) {
			return choice{}, false
		}
		return list[n-1], true
	}
	var like []choice
	for _, c := range list {
		if strings.EqualFold(line, c.key) || strings.EqualFold(line, c.text) {
			return c, true
		}
		if strings.HasPrefix(strings.ToLower(c.text), strings.ToLower(line)) {
			like = append(like, c)
		}
	}
	if len(like) != 1 {
		return choice{}, false
	}
	return like[0], true
}

func pickAll(list []choice, line string) (keys []string, all bool) {
	for part := range strings.SplitSeq(line, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		c, found := pick(list, part)
		if !found {
			return nil, false
		}
		keys = append(keys, c.key)
	}
	return keys, true
}

// opinion asks for a score and a comment.
func (p *Player) opinion(page *execution.Page) (execution.Input, error) {
	f := page.Feedback
	score, err := p.read(fmt.Sprintf(p.words.rating, f.Lowest, f.Highest))
	in := posted(execution.NameScore, score)
	if err != nil || !f.Comment {
		return in, err
	}
	comment, err := p.read(p.words.comment)
	in.Values[execution.NameComment] = []string{comment}
	return in, err
}

// send asks for files, one path a line.
func (p *Player) send(page *execution.Page) (execution.Input, error) {
	in := execution.Input{Files: map[string][]execution.File{}, Values: map[string][]string{}}
	for _, f := range page.Upload.Files {
		in.Values[execution.NameKept] = append(in.Values[execution.NameKept], f.Hash)
	}
	files, err := p.files()
	in.Files[execution.NameFiles] = files
	return in, err
}

func (p *Player) files() ([]execution.File, error) {
	var files []execution.File
	for {
		line, err := p.read(p.words.path)
		if err != nil || line == "" {
			return files, err
		}
		f, err := p.Keep(line)
		if err != nil {
			fmt.Fprintln(p.Out, plain(err.Error()))
			if err := p.refuse(); err != nil {
				return nil, err
			}
			continue
		}
		files = append(files, f)
	}
}
