package editor

import (
	"fmt"
	"strconv"
	"strings"

	"selfhelp/app/procedure"
	"selfhelp/app/procedure/edit"
	"selfhelp/app/web/frame"
)

// pictureOperation puts a resource into a text where the cursor stood: one of
// the project's, or one uploaded with the form.
func (s *Editor) pictureOperation(v *frame.Visit, b bench, post posting, l *look) (procedure.Operation, error) {
	path, lang, _ := strings.Cut(strings.TrimPrefix(post.args[0], edit.Text), ":")
	id, alt := post.fields.Get("resource"), ""
	if id == "" {
		added, err := s.KeepResource(v, b.project.ID)
		if err != nil {
			return procedure.Operation{}, err
		}
		id = added.ID
		alt, _ = added.Alt.Pick(s.Now(), lang)
	} else if i := resourceAt(b.project.Data.Resources, id); i >= 0 {
		alt, _ = b.project.Data.Resources[i].Alt.Pick(s.Now(), lang)
	}
	at, err := strconv.Atoi(post.fields.Get("picture_at"))
	if err != nil {
		at = -1 // without script nobody knows where the cursor stood
	}
	words := strings.ReplaceAll(post.fields.Get(edit.Text+path+":"+lang), "\r\n", "\n")
	return procedure.Operation{Do: "set_text", Step: l.step, Path: path, Language: lang, Words: withPicture(words, at, alt, id)}, nil
}

func resourceAt(list []procedure.Resource, id string) int {
	for i, r := range list {
		if r.ID == id {
			return i
		}
	}
	return -1
}

// altMarks are what would end the description of a picture.
var altMarks = strings.NewReplacer("[", "(", "]", ")", "\n", " ")

// withPicture puts a picture into a text as a paragraph of its own, at a place
// counted in characters, or at the end.
func withPicture(words string, at int, alt, id string) string {
	r := []rune(words)
	if at < 0 || at > len(r) {
		at = len(r)
	}
	before, after := strings.TrimRight(string(r[:at]), " \n"), strings.TrimLeft(string(r[at:]), " \n")
	if before != "" {
		before += "\n\n"
	}
	if after != "" {
		after = "\n\n" + after
	}
	return before + fmt.Sprintf("![%s](resource:%s)", altMarks.Replace(alt), id) + after
}
