package post

import (
	"context"
	"fmt"

	"selfhelp/app/connect/mail"
	"selfhelp/app/fault"
	"selfhelp/store"
)

// The setting that keeps the mail server, and what its password is sealed for.
const (
	serverKey     = "mail"
	serverPurpose = "mail/password"
)

// ReadServer returns the mail server, and the version a change must name. One
// without a host was never set up.
func ReadServer(ctx context.Context, c *store.Content, k *store.Keys) (mail.Server, int64, error) {
	var s mail.Server
	version, err := c.Setting(ctx, serverKey, &s)
	if err != nil || s.Password == "" {
		return s, version, err
	}
	if s.Password, err = k.Unseal(serverPurpose, s.Password); err != nil {
		err = fmt.Errorf("open the password of the mail server: %w", err)
	}
	return s, version, err
}

// SaveServer keeps another mail server, or none. What is wrong with it is
// refused with its fields.
func SaveServer(ctx context.Context, c *store.Content, k *store.Keys, s mail.Server, version int64, by string) error {
	if wrong := s.Check(); len(wrong) > 0 && s != (mail.Server{}) {
		return &fault.Error{Kind: fault.Invalid, Key: "fault.form", Fields: wrong}
	}
	was, _, err := ReadServer(ctx, c, k)
	if err != nil && was == (mail.Server{}) {
		return err
	}
	// A password that cannot be opened any more is another one than the new.
	told, err := store.Differences(was, s, "host", "security")
	if err != nil {
		return fmt.Errorf("compare the mail servers: %w", err)
	}
	if s.Password != "" {
		s.Password = k.Seal(serverPurpose, s.Password)
	}
	return c.SaveSetting(ctx, serverKey, version, s, by, told)
}
