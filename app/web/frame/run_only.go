package frame

import (
	"selfhelp/app/access"
	"selfhelp/app/admission"
	"selfhelp/views"
)

// runOnlyKey is why a session for running procedures does not open what its
// person may do.
const runOnlyKey = "fault.run_only"

// RunOnly reports whether the session lets its person run procedures, and nothing
// else.
func (v *Visit) RunOnly() bool { return v.owes.Entry }

// isNarrowed reports whether it is the session that keeps a person out, and not
// what they may do.
func (v *Visit) isNarrowed(do access.Permission, on access.Thing) bool {
	whole := v.Who
	whole.Role = v.role
	return v.RunOnly() && access.Can(whole, do, on).Allowed
}

// RunsOnly says why the session of a visit only runs procedures, and what its
// person does to have the rest; nil for one that opens everything. While a
// directory does not answer, to sign in would only lead to such a session again.
func (s *Site) RunsOnly(v *Visit) (*views.RunsOnly, error) {
	if !v.RunOnly() {
		return nil, nil
	}
	settings, _, err := s.Desk.Settings(v.Context())
	if err != nil {
		return nil, err
	}
	m, err := settings.Method(v.Proof)
	if err == nil && m.Kind == admission.Internal {
		return &views.RunsOnly{Why: v.Words.T("run_only.away"), Do: v.Words.T("run_only.away.do")}, nil
	}
	by := v.Words.T("run_only.gone") // its way in was removed meanwhile
	if err == nil {
		by = v.Words.T("run_only.by", m.Name)
	}
	return &views.RunsOnly{Why: by, Do: v.Words.T("run_only.by.do"), SignIn: SignInAt(s.formPage(v))}, nil
}

// narrow says on the page of a failure that it is the session that does not open
// it, and leads to one that does. Where that cannot be found out, the page says
// what every page says.
func (s *Site) narrow(v *Visit, page *views.Failure) {
	if r, err := s.RunsOnly(v); err == nil && r != nil {
		page.Why, page.Do, page.SignIn = r.Why, r.Do, r.SignIn
	}
}
