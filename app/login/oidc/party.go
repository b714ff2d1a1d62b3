package oidc

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	rp "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"selfhelp/app/fault"
	"selfhelp/app/login"
)

// Party is us, the party that relies on a provider. It keeps what the provider
// says of itself, and its keys. It may be used by many at a time.
type Party struct {
	provider Provider
	back     string
	client   *http.Client

	mu    sync.Mutex
	known *described
}

// described is what a provider says of itself (Discovery 1.0, section 3).
type described struct {
	*rp.Provider
	read time.Time
	how  oauth2.AuthStyle
	keys rp.KeySet

	Keys        string   `json:"jwks_uri"`
	Algorithms  []string `json:"id_token_signing_alg_values_supported"`
	EndSession  string   `json:"end_session_endpoint"`
	SendsIssuer bool     `json:"authorization_response_iss_parameter_supported"` // RFC 9207, section 3
	Methods     []string `json:"token_endpoint_auth_methods_supported"`
}

// How long a description is believed, and how soon it is read again after a
// failure, which strangers can cause.
const (
	believed = time.Hour
	doubted  = time.Minute
)

// New returns the party that relies on a provider. People come back to the
// address back, which belongs to this provider alone, so that no other's answer
// is taken for its (RFC 9700, section 4.4.2). Everything is asked through the
// client's transport; redirects are not followed and times are ours.
func New(p Provider, back string, client *http.Client) *Party {
	return &Party{provider: p, back: back, client: client}
}

// Kept is what whoever began a sign-in has to bring back; the caller seals it in
// a cookie of theirs, and takes the cookie away when they come back.
type Kept struct {
	State    string    `json:"state"`    // that the answer is to our question
	Nonce    string    `json:"nonce"`    // that the token was made for it
	Verifier string    `json:"verifier"` // that who brings the code is who asked for it (RFC 7636)
	Begun    time.Time `json:"begun"`
}

// Recent is how long ago somebody proved who they are who does not have to do it
// again, where they are asked to: the provider then says when it was (Core,
// section 3.1.2.1, prompt and max_age).
const Recent = 10 * time.Minute

// Start returns the address where a person proves who they are, and what has to
// be kept until they come back. They may be asked to prove it again, though they
// are signed in there.
func (p *Party) Start(ctx context.Context, again bool, trace *login.Trace) (address string, kept Kept, err error) {
	l, err := p.open(ctx, trace)
	if err != nil {
		return "", kept, err
	}
	defer l.close()
	kept = Kept{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Begun: time.Now()}
	options := []oauth2.AuthCodeOption{rp.Nonce(kept.Nonce), oauth2.S256ChallengeOption(kept.Verifier)}
	if again {
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", strconv.Itoa(int(Recent/time.Second))))
	}
	address = l.oauth().AuthCodeURL(kept.State, options...)
	trace.Add(time.Now(), nil, login.Said{}, login.InWords("trace.oidc.send", l.said.Endpoint().AuthURL))
	return address, kept, nil
}

// Probe asks what the provider says of itself, whatever is known.
func (p *Party) Probe(ctx context.Context, trace *login.Trace) error {
	if trace == nil {
		trace = &login.Trace{}
	}
	l, err := p.open(ctx, trace)
	if err != nil {
		return err
	}
	l.close()
	return nil
}

// Logout returns the address where a person ends their session at the provider
// too (RP-Initiated Logout 1.0, section 2), and comes back to back with state;
// "" when the provider has none. The hint is what Finish returned, or "".
func (p *Party) Logout(ctx context.Context, hint, back, state string) (string, error) {
	l, err := p.open(ctx, nil)
	if err != nil {
		return "", err
	}
	defer l.close()
	if l.said.EndSession == "" {
		return "", nil
	}
	u, err := url.Parse(l.said.EndSession)
	if err != nil {
		return "", err // checked when it was read
	}
	q := u.Query()
	q.Set("client_id", p.provider.ClientID)
	for name, value := range map[string]string{"id_token_hint": hint, "post_logout_redirect_uri": back, "state": state} {
		if value != "" {
			q.Set(name, value)
		}
	}
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// link is one conversation with the provider.
type link struct {
	*Party
	said  *described
	wire  *wire
	ctx   context.Context
	close func()
}

// open begins a conversation, with a description that is at hand or is read now.
// A conversation that is traced reads everything anew: it is somebody's test.
func (p *Party) open(ctx context.Context, trace *login.Trace) (*link, error) {
	w, client := wired(p.client, trace)
	ctx, cancel := context.WithTimeout(rp.ClientContext(ctx, client), askTime)
	l := &link{Party: p, wire: w, ctx: ctx, close: func() { cancel(); w.close() }}
	p.mu.Lock()
	known := p.known
	p.mu.Unlock()
	if known != nil && trace == nil && time.Since(known.read) < believed {
		l.said = known
		return l, nil
	}
	said, err := p.describe(ctx)
	if err != nil {
		l.close()
		return nil, fault.Because(fault.Unavailable, err, "fault.oidc.unreachable")
	}
	l.said = said
	if trace == nil {
		p.mu.Lock()
		p.known = said
		p.mu.Unlock()
	}
	return l, nil
}

// doubt has the description read again the next time: what it says may have
// changed.
func (p *Party) doubt() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known != nil && time.Since(p.known.read) > doubted {
		p.known = nil
	}
}

// signatures are those that only who holds a private key can make. HS256, whose
// secret we share, and none are not among them.
var signatures = []string{rp.RS256, rp.RS384, rp.RS512, rp.ES256, rp.ES384, rp.ES512, rp.PS256, rp.PS384, rp.PS512, rp.EdDSA}

// describe reads what the provider says of itself.
func (p *Party) describe(ctx context.Context) (*described, error) {
	found, err := rp.NewProvider(ctx, p.provider.Issuer)
	if err != nil {
		return nil, err
	}
	d := &described{Provider: found, read: time.Now()}
	if err := found.Claims(d); err != nil {
		return nil, fmt.Errorf("read what the provider says of itself: %w", err)
	}
	needed := []string{found.Endpoint().AuthURL, found.Endpoint().TokenURL, d.Keys}
	optional := slices.DeleteFunc([]string{found.UserInfoEndpoint(), d.EndSession}, func(a string) bool { return a == "" })
	for _, address := range slices.Concat(needed, optional) {
		if u, err := url.Parse(address); err != nil || u.Hostname() == "" || !isSafe(u) {
			return nil, fmt.Errorf("the provider names an address that is none, or not https: %.200q", address)
		}
	}
	d.keys = rp.NewRemoteKeySet(ctx, d.Keys)
	d.Algorithms = slices.DeleteFunc(d.Algorithms, func(a string) bool { return !slices.Contains(signatures, a) })
	d.how, err = d.style(p.provider.ClientSecret)
	return d, err
}

// errNoMethod is why no code could be exchanged.
var errNoMethod = errors.New("the provider takes a client's secret in no way that we know")

// style is how the secret is given (Core, section 9). It comes from the
// description and is not found out by trying: a code is good once.
func (d *described) style(secret string) (oauth2.AuthStyle, error) {
	switch {
	case secret == "":
		return oauth2.AuthStyleInParams, nil // the client's ID alone
	case len(d.Methods) == 0 || slices.Contains(d.Methods, "client_secret_basic"):
		return oauth2.AuthStyleInHeader, nil
	case slices.Contains(d.Methods, "client_secret_post"):
		return oauth2.AuthStyleInParams, nil
	}
	return 0, errNoMethod
}

// oauth is how the token endpoint is spoken to.
func (l *link) oauth() *oauth2.Config {
	endpoint := l.said.Endpoint()
	endpoint.AuthStyle = l.said.how
	return &oauth2.Config{ClientID: l.provider.ClientID, ClientSecret: l.provider.ClientSecret, Endpoint: endpoint, RedirectURL: l.back, Scopes: l.provider.scopes()}
}
