package disk

import "io"

// Progress is told what is being done, and how many bytes of how many are: 0 of 0 where
// that is not known, or has just begun.
type Progress func(step string, done, total int64)

// Reader tells of a step as what it reads goes by.
func (p Progress) Reader(r io.Reader, step string, total int64) io.Reader {
	return &passing{r: r, told: p, step: step, total: total}
}

type passing struct {
	r           io.Reader
	told        Progress
	step        string
	done, total int64
}

func (p *passing) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	if p.done += int64(n); p.told != nil {
		p.told(p.step, min(p.done, p.total), p.total)
	}
	return n, err
}
