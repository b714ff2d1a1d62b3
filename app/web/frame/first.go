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
