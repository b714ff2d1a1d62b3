package certificate

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"golang.org/x/crypto/ocsp"
)

// What one question to a responder may take.
const (
	stapleTime  = 10 * time.Second
	stapleBytes = 64 << 10
	stapleAgain = 5 * time.Minute // after a failure
)

// stapler keeps what responders say of certificates, and shows it with them. Large
// authorities have ended OCSP, and theirs name no responder: nothing is asked then.
type stapler struct {
	mu   sync.Mutex
	held map[string]*stapled // by certificate
}

// stapled is the last answer about a certificate.
type stapled struct {
	answer []byte
	until  time.Time // it is good
	due    time.Time // when to ask again
}

// with is a pair with what is known of it.
func (s *stapler) with(p *Pair) *Pair {
	s.mu.Lock()
	defer s.mu.Unlock()
	held := s.held[string(p.Leaf.Raw)]
	if held == nil || held.answer == nil {
		return p
	}
	shown := *p
	shown.OCSPStaple = held.answer
	return &shown
}

// client is bounded, and goes nowhere it is sent to from there.
var client = &http.Client{Timeout: stapleTime, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// stapleAll asks what is due, one after the other, until ctx is done.
func (h *Holder) stapleAll(ctx context.Context) {
	for {
		on := h.now.Load()
		all := on.given
		if on.files != nil {
			all = append([]*Pair{on.files}, all...)
		}
		h.staples.round(ctx, all, h.Now(), func(err error) {
			h.Log.Warn("the responder of a certificate gave no good answer", "err", err)
		})
		select {
		case <-ctx.Done():
			return
		case <-time.After(every):
		}
	}
}

// round asks for those pairs that are due, and forgets those that are no longer shown.
func (s *stapler) round(ctx context.Context, all []*Pair, now time.Time, failed func(error)) {
	s.mu.Lock()
	held := map[string]*stapled{}
	for _, p := range all {
		last := s.held[string(p.Leaf.Raw)]
		if last == nil {
			last = &stapled{}
		}
		if now.After(last.until) {
			last.answer = nil
		}
		held[string(p.Leaf.Raw)] = last
	}
	s.held = held
	s.mu.Unlock()
	for _, p := range all {
		last := held[string(p.Leaf.Raw)]
		if len(p.Leaf.OCSPServer) == 0 || len(p.Certificate.Certificate) < 2 || now.Before(last.due) || ctx.Err() != nil {
			continue
		}
		answer, said, err := ask(ctx, p)
		s.mu.Lock()
		if last.due = now.Add(stapleAgain); err == nil {
			last.answer, last.until = answer, said.NextUpdate
			last.due = now.Add(max(stapleAgain, said.NextUpdate.Sub(now)/2))
		} else {
			failed(err)
		}
		s.mu.Unlock()
	}
}

// ask asks the responder of a certificate.
func ask(ctx context.Context, p *Pair) ([]byte, *ocsp.Response, error) {
	issuer, err := x509.ParseCertificate(p.Certificate.Certificate[1])
	if err != nil {
		return nil, nil, err
	}
	question, err := ocsp.CreateRequest(p.Leaf, issuer, &ocsp.RequestOptions{Hash: crypto.SHA1}) // that of names, which responders know
	if err != nil {
		return nil, nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.Leaf.OCSPServer[0], bytes.NewReader(question))
	if err != nil {
		return nil, nil, err
	}
	request.Header.Set("Content-Type", "application/ocsp-request")
	reply, err := client.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer reply.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(reply.Body, stapleBytes))
	if err != nil || reply.StatusCode != http.StatusOK {
		return nil, nil, errors.Join(err, fmt.Errorf("%s answers %s", request.URL.Host, reply.Status))
	}
	said, err := ocsp.ParseResponseForCert(answer, p.Leaf, issuer)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", request.URL.Host, err)
	}
	if said.Status != ocsp.Good || said.NextUpdate.IsZero() {
		return nil, nil, fmt.Errorf("%s says that the certificate is not good, or not until when", request.URL.Host)
	}
	return answer, said, nil
}
