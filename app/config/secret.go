package config

import (
	"fmt"
	"strings"
)

// Secret reads a secret from a variable, or from the file that the variable of
// the same name with _FILE names, as container platforms hand them out.
func Secret(env Environment, variable string) (string, bool, error) {
	if v, given := env(variable); given {
		return v, true, nil
	}
	name, given := env(variable + "_FILE")
	if !given {
		return "", false, nil
	}
	b, err := readBounded(name, maxSecret)
	if err != nil {
		return "", false, fmt.Errorf("read the file named by %s_FILE: %w", variable, err)
	}
	return strings.TrimRight(string(b), "\r\n"), true, nil
}

// ReceivePassword is what another site signs in with to send its replica.
func (c Config) ReceivePassword() (string, error) {
	password, given, err := Secret(c.Environment, "SELFHELP_RECEIVE_PASSWORD")
	if err != nil {
		return "", err
	}
	if !given || len(password) < 16 {
		return "", wrong("receive: the password of the other site is needed, 16 characters at least, in SELFHELP_RECEIVE_PASSWORD or in the file that SELFHELP_RECEIVE_PASSWORD_FILE names")
	}
	return password, nil
}
