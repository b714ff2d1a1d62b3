package frame

import "context"

// AwaitsFirst reports whether nobody has an account here yet: the server waits for
// its first administrator. Once somebody has one, it is not asked again: the last
// who administers stays.
func (s *Site) AwaitsFirst(ctx context.Context) (bool, error) {
	if s.peopled.Load() {
		return false, nil
	}
	n, err := s.Content.CountUsers(ctx)
	if err == nil && n > 0 {
		s.peopled.Store(true)
	}
	return err == nil && n == 0, err
}

// FirstAwaited is what a visitor is told where nobody has an account yet, "" where
// somebody has.
func (s *Site) FirstAwaited(v *Visit) (string, error) {
	awaits, err := s.AwaitsFirst(v.Context())
	switch {
	case err != nil || !awaits:
		return "", err
	case s.Role == Presentation:
		return v.Words.T("setup.member"), nil
	}
	return v.Words.T("setup.where"), nil
}
