package app

import (
	"context"
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

var healthCommand = command{
	name:    "health",
	summary: "ask the server of this machine whether it is well",
	text: `Asks /healthz of the server that listens with the same settings on this machine
and prints what it says. Exit code 0 when it is well, 1 when it is not or does
not answer. For containers without a shell, and for scripts.`,
	prepare: func(set *flag.FlagSet) runFunc {
		config := configFlags(set, "listen", "tls-cert")
		return func(ctx context.Context, t Terminal, operands []string) error {
			if len(operands) > 0 {
				return misused("it takes no operand, but got %q", operands[0])
			}
			c, err := config(t)
			if err != nil {
				return err
			}
			return askHealth(ctx, t, c)
		}
	},
}

func askHealth(ctx context.Context, t Terminal, c Config) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	address, err := c.here()
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/healthz", nil)
	if err != nil {
		return fmt.Errorf("ask %s: %w", address, err)
	}
	// The certificate names the public address, and we ask this very machine.
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	reply, err := client.Do(request)
	if err != nil {
		fmt.Fprintf(t.Out, "no answer: %v\n", err)
		return errBad
	}
	defer reply.Body.Close()
	if _, err := io.Copy(t.Out, io.LimitReader(reply.Body, 64<<10)); err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	if reply.StatusCode != http.StatusOK {
		return errBad
	}
	return nil
}

// here is the server's own address, seen from this machine.
func (c Config) here() (string, error) {
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return "", misused("--listen takes HOST:PORT, not %q", c.Listen)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	scheme := "http"
	if c.Certificate != "" {
		scheme = "https"
	}
	return scheme + "://" + net.JoinHostPort(host, port), nil
}
