package publication

import (
	"fmt"
	"strings"
	"sync"

	"selfhelp/app/publication/index"
)

// lazyIndex is an index that is read at its first use.
type lazyIndex struct {
	once  sync.Once
	first int // of its blocks
	it    *index.Index
	err   error
}

// readIndexes learns which languages can be searched.
func (b *Bundle) readIndexes() error {
	b.words = map[string]*lazyIndex{}
	rows, err := b.db.Query(selectIndexes)
	if err != nil {
		return fmt.Errorf("read indexes: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var lang string
		x := &lazyIndex{}
		if err := rows.Scan(&lang, &x.first); err != nil {
			return fmt.Errorf("read indexes: %w", err)
		}
		b.words[lang] = x
	}
	return rows.Err()
}

// language returns the language of the bundle that is nearest to the one asked
// for: the same, a sister of it (fr for fr-CA), or the project's first.
func (b *Bundle) language(asked string) string {
	if b.words[asked] != nil {
		return asked
	}
	base, _, _ := strings.Cut(asked, "-")
	for _, l := range b.project.Languages {
		if other, _, _ := strings.Cut(l, "-"); other == base {
			return l
		}
	}
	return b.project.Languages[0]
}

// index returns the index of a language of the bundle.
func (b *Bundle) index(lang string) (*index.Index, error) {
	x := b.words[lang]
	x.once.Do(func() {
		var kept index.Image
		x.err = b.db.QueryRow(selectIndex, lang).Scan(&kept.Words, &kept.Counts, &kept.Sizes, &kept.Lengths)
		if x.err == nil {
			x.it, x.err = index.Open(lang, len(b.reach.Audience), kept, func(block int) ([]byte, error) { return b.block(x.first + block) })
		}
	})
	if x.err != nil {
		return nil, fmt.Errorf("read index %s: %w", lang, x.err)
	}
	return x.it, nil
}

func (b *Bundle) block(at int) (data []byte, err error) {
	if err := b.ask.block.QueryRow(at).Scan(&data); err != nil {
		return nil, fmt.Errorf("read postings %d: %w", at, err)
	}
	return data, nil
}
