package execution

import (
	"io"

	"selfhelp/app/execution/effect"
	"selfhelp/app/execution/entry"
	"selfhelp/app/execution/form"
	"selfhelp/app/execution/journey"
	"selfhelp/app/execution/message"
	"selfhelp/app/execution/program"
	"selfhelp/app/procedure"
)

// The engine is made of packages of one noun each, in the folders below this
// one. Those who run procedures need this package only: here are the names of
// the others that stand in its functions and pages.
type (
	Program      = program.Program
	State        = journey.State
	Sealer       = journey.Sealer
	SealKey      = journey.SealKey
	File         = entry.File
	Field        = form.Field
	Option       = form.Option
	Condition    = form.Condition
	Message      = message.Message
	Why          = message.Why
	Effect       = effect.Effect
	EffectKind   = effect.Kind
	EffectStatus = effect.Status
	EffectResult = effect.Result
)

// The kinds of effect.
const (
	EffectREST      = effect.REST
	EffectSOAP      = effect.SOAP
	EffectTicket    = effect.Ticket
	EffectMail      = effect.Mail
	EffectDirectory = effect.Directory
	EffectSearch    = effect.Search
)

// The statuses of an effect.
const (
	EffectOK      = effect.OK
	EffectHTTP    = effect.HTTP
	EffectFault   = effect.Fault
	EffectTimeout = effect.Timeout
	EffectMissing = effect.Missing
	EffectError   = effect.Error
)

// Mask stands for a value that may not be shown.
const Mask = form.Mask

// Compile makes a procedure ready to run. The project gives its resources and
// languages; neither may be changed afterwards.
func Compile(p *procedure.Procedure, proj *procedure.Project) (*Program, error) {
	return program.Compile(p, proj)
}

// NewSealer returns a sealer that seals with the first key and opens with any:
// to change keys, put the new one first and keep the old ones as long as their
// tokens shall open. random is crypto/rand's Reader.
func NewSealer(random io.Reader, keys ...SealKey) (*Sealer, error) {
	return journey.NewSealer(random, keys...)
}

// MockResult turns the mock answer of an effect into its result.
func MockResult(e *Effect) EffectResult { return effect.MockResult(e) }

// FileURL is the local address of a stored file.
func FileURL(hash, name string) string { return program.FileURL(hash, name) }

// Sentences returns what the engine says to people in a language, by key.
func Sentences(lang string) map[string]string { return message.Sentences(lang) }
