package views

import (
	"time"

	"selfhelp/views/ui"
)

// Second asks for what somebody shows beside their password.
type Second struct {
	ui.Chrome
	Code, Passkey bool // what they have
	Wrong         string
}

// Factors is what a person has to show beside their password, or instead of it.
type Factors struct {
	ui.Chrome
	Login    string
	Must     bool   // before anything else
	Again    string // where the person proves again who they are, before any change; "": no need
	Others   bool   // other browsers are signed out with the change
	Keys     bool   // passkeys can be made here
	App      *FactorRow
	Recovery *FactorRow
	Passkeys []FactorRow
	New      *NewApp
	Wrong    map[string]string
}

// FactorRow is one thing that is shown.
type FactorRow struct {
	ID, Name      string
	Created, Used time.Time
	Left          int // recovery codes that are not used
}

// NewApp is what an authenticator app is to learn.
type NewApp struct {
	Sealed, Secret string
	Size           int
	Path           string // of the QR code, in modules
}

// RecoveryCodes shows new recovery codes, once.
type RecoveryCodes struct {
	ui.Chrome
	Codes []string
}
