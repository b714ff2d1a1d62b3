package drive

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"time"

	"selfhelp/app/execution"
	"selfhelp/app/fault"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/seal"
	"selfhelp/store"
)

// A platform may have several presentation servers, each of which keeps what was done
// there and knows nothing of the others. Its people are sent to any of them, and the
// one that served them may be gone. So each page carries along where its execution
// stands: a form in its fields, an address in cookies for the addresses of that
// execution only. A server that does not know an execution, or not as far, goes on
// from there and keeps what follows under the next number.
//
// What stands in the cookies is the pass, which is signed, and the state, which is
// sealed and bound to its execution: neither can be made, changed or mixed with
// another's. They are no way to go back to an earlier time either, any more than the
// fields of an old page are: what was kept stays kept.

const (
	standCookie = "stand"
	// A cookie may have 4096 bytes with its name and attributes. Of the states of the
	// demo half have less than 800 bytes, 99 of 100 less than 4100, and the largest
	// 5300: one cookie or two. A form with a text as long as a field takes (10,000
	// characters) makes 8200 bytes: three. Larger ones are not carried: proxies take
	// some 16 KB of headers, HAProxy by itself, nginx where it is told so (by
	// large_client_header_buffers and proxy_buffer_size).
	standPiece  = 3800
	standPieces = 3
	// standTime is how long a browser carries along where an execution stands, and
	// endedTime where it ended: long enough to go on when a server is gone. Browsers
	// keep some 180 cookies of a site, and forget the oldest.
	standTime = 12 * time.Hour
	endedTime = 15 * time.Minute
	// broughtTime is how old a page may be that an execution is adopted from: as old
	// as one resumed may stay in its browser. What retention took out here does not
	// come back by an older page.
	broughtTime = 30 * 24 * time.Hour
	// mostTurns bounds the number that a page of before claims unsigned.
	mostTurns = 100_000
)

// Sign returns the pass of a page that shows where an execution stands.
func (s *Driver) Sign(v *frame.Visit, at Stand) string {
	v.Pass.Owner, v.Pass.Turn = v.Who.ID, at.Turn
	if !at.At.IsZero() {
		v.Pass.At, v.Pass.Input = at.At, at.Input
	}
	if v.Signed == "" || v.SignedPass != v.Pass { // once for the page and what the browser carries along
		v.Signed, v.SignedPass = s.SignPass(v.Pass), v.Pass
	}
	return v.Signed
}

// Carry has the browser carry along where an execution stands, and reports whether it
// can. Where it cannot, the page that an answer leads to is to be the reply itself:
// another server would have nothing to show at its address.
func (s *Driver) Carry(w http.ResponseWriter, v *frame.Visit, at Stand) bool {
	if !s.IsOneOfSeveral() {
		return true
	}
	lasts := standTime
	if at.Page.Kind == execution.PageEnd {
		lasts = endedTime
	}
	text := s.Sign(v, at)
	whole := len(text)+1+len(at.Token) <= standPiece*standPieces
	if whole {
		text += "~" + at.Token
	}
	pieces := (len(text) + standPiece - 1) / standPiece
	for i := range pieces {
		value := text[i*standPiece : min(len(text), (i+1)*standPiece)]
		if i == 0 {
			value = strconv.Itoa(pieces) + "~" + value
		}
		http.SetCookie(w, &http.Cookie{
			Name: standName(i), Value: value, Path: "/x/" + v.Pass.Execution, MaxAge: int(lasts / time.Second),
			HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode,
		})
	}
	return whole
}

// standName is the cookie of a piece.
func standName(i int) string { return standCookie + strings.Repeat("+", i) }

// carried reads where the browser of a visit last saw its execution, as far as that
// is the visitor's.
func (s *Driver) carried(v *frame.Visit) (c seal.Carried, ok bool) {
	if !s.IsOneOfSeveral() {
		return c, false
	}
	count, text, ok := strings.Cut(v.CookieValue(standName(0)), "~")
	pieces, err := strconv.Atoi(count)
	if !ok || err != nil || pieces < 1 || pieces > standPieces {
		return c, false
	}
	for i := 1; i < pieces; i++ {
		text += v.CookieValue(standName(i))
	}
	signed, state, _ := strings.Cut(text, "~")
	c.Pass, ok = s.readPass(signed)
	if !ok || c.Pass.Turn == 0 || c.Pass.Execution != v.PathValue("execution") || !s.isOwner(v, c.Pass.Owner) {
		return seal.Carried{}, false
	}
	c.State = state
	return c, true
}

// takeCarried has a visit go on from where its browser last saw the execution, unless
// this server knows of something later, and reports whether it does. What a server
// knows nothing of, and no browser could carry, is said to be elsewhere.
func (s *Driver) takeCarried(v *frame.Visit, known error, here store.Execution) (bool, error) {
	c := v.Carried
	later := fault.Is(known, fault.NotFound) || known == nil && cmp.Or(c.Pass.At.Compare(here.Touched), cmp.Compare(c.Pass.Turn, here.Turns)) > 0
	switch {
	case c.Pass.Execution == "", !later:
		return false, known
	case c.State != "":
		v.Pass, v.Last = c.Pass, store.Turn{Execution: c.Pass.Execution, Seq: c.Pass.Turn, State: []byte(c.State)}
		return true, nil
	case v.Method == http.MethodPost: // the state is in the form
		v.Pass = c.Pass
		return true, nil
	}
	return false, fault.Because(fault.Unavailable, known, "fault.execution.elsewhere")
}

// answeredElsewhere returns the page to which an answer led at another server, as far
// as the browser has been shown it: what the answer asked of the outside world is
// then not asked again.
//
// Whether an effect was performed is known where its claim is, and where the reply
// that came of it was shown. A server that performed one and was gone before its
// reply was shown told nobody: the same answer, sent to another server, asks for the
// effect once more. Its key is the same, being made of the state and what is asked;
// who merges the claims of two servers sees that it was performed twice.
func (j *Journey) answeredElsewhere(turn execution.Turn) (store.Turn, bool) {
	c := j.v.Carried
	if c.State == "" || c.Pass.Input == "" || c.Pass.Input != turn.Key {
		return store.Turn{}, false
	}
	return store.Turn{Execution: c.Pass.Execution, Seq: c.Pass.Turn, Input: c.Pass.Input, At: c.Pass.At, State: []byte(c.State)}, true
}

// isBrought reports whether an execution that is not here, or not as far, may come
// with the page that is answered: not to a single server, and not by a page that is
// too old or says another turn.
func (j *Journey) isBrought(parent int64) bool {
	p := j.v.Pass
	return j.site.IsOneOfSeveral() && p.Turn == parent && (p.At.IsZero() || j.site.Now().Sub(p.At) <= broughtTime)
}

// brought is the execution of a visit as its page knows it.
func (j *Journey) brought(state execution.State) (*store.Execution, error) {
	p := j.v.Pass
	project, err := j.site.ProjectID(j.v, p.Domain, p.Project)
	if err != nil {
		return nil, err
	}
	if p.Started.IsZero() { // a page of before does not say
		p.Started = j.site.Now()
	}
	return &store.Execution{
		ID: p.Execution, Project: project, Procedure: state.Entry(), Alias: p.Alias, Version: p.Version, User: p.Holder.User, Owner: p.Holder.Mark,
		Channel: state.Context.Channel, Language: state.Context.Language, Test: state.Test(), Started: p.Started,
	}, nil
}

// Answers takes what a page says of itself into a visit: the pass that came with it,
// and the number of its turn where that of before did not say.
func (s *Driver) Answers(v *frame.Visit, posted Posted) {
	if p, ok := s.readPass(posted.Pass); ok && p.Execution == v.PathValue("execution") && s.isOwner(v, p.Owner) {
		v.Pass = p
	}
	if v.Pass.Turn == 0 && v.Pass.Started.IsZero() && posted.Turn <= mostTurns {
		v.Pass.Turn, v.Pass.Holder = posted.Turn, s.holderOf(v.Pass.Owner)
	}
}

// holderOf is whose an execution is by the identity that a page of before names.
func (s *Driver) holderOf(owner string) seal.Holder {
	switch {
	case strings.HasPrefix(owner, frame.VisitorPrefix):
		return seal.Holder{Mark: s.OwnerMark(owner)}
	case strings.HasPrefix(owner, resumedPrefix):
		return seal.Holder{} // known by the cookie of its code
	}
	return seal.Holder{User: owner}
}
