package execution

import (
	"strings"

	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/program"
	"selfhelp/app/procedure"
)

// usualFile is how large a file may be, in megabytes.
const usualFile = 10

func (r *run) showUpload(p *Page, u *procedure.Upload) {
	p.Name, p.Min, p.Max = NameFiles, u.Min, max(u.Max, 1)
	p.Upload = &UploadView{Types: u.Types, MaxSize: maxSize(u)}
	if before := r.before(); before != nil {
		p.Upload.Files = before.Files[NameFiles]
	}
	p.Buttons = []Button{r.button("", "button.continue")}
}

func maxSize(u *procedure.Upload) int64 {
	mb := u.MaxMB
	if mb <= 0 {
		mb = usualFile
	}
	return int64(mb) << 20
}

func (r *run) answerUpload(n *program.Node, p *entry.Posted) (edge, to string, err error) {
	u := n.Step.Upload
	files := p.Sent(r.before(), NameFiles, NameKept)
	for _, f := range files {
		if key := entry.RefusesFile(f, u.Types, maxSize(u)); key != "" {
			r.refuse(NameFiles, key, f.Name)
			return "", "", nil
		}
	}
	switch {
	case len(files) < u.Min:
		r.refuse(NameFiles, "files.too_few", u.Min)
		return "", "", nil
	case len(files) > max(u.Max, 1):
		r.refuse(NameFiles, "files.too_many", max(u.Max, 1))
		return "", "", nil
	}
	value, names := entry.FileValues(files)
	if u.Into != "" {
		if err := r.assign(u.Into, value, program.Open); err != nil {
			return "", "", err
		}
	}
	r.accept(n, taken{value: value, words: strings.Join(names, ", "), posted: &entry.Posted{Files: map[string][]File{NameFiles: files}}})
	return "next", n.Step.Next, nil
}
