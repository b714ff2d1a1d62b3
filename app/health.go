package app

import (
	"context"
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"net/http"
	"time"

	"selfhelp/app/command"
	"selfhelp/app/config"
)

var healthCommand = command.Command{
	Name:    "health",
	Summary: "ask the server of this machine whether it is well",
	Text: `Asks /healthz of the server that listens with the same settings on this machine
and prints what it says. Exit code 0 when it is well, 1 when it is not or does
not answer. For containers without a shell, and for scripts.`,
	Mute: "it prints what /healthz says, which is JSON",
	Prepare: func(set *flag.FlagSet) command.Deed {
		settings := config.Flags(set, "listen", "tls-cert")
		return func(ctx context.Context, t Terminal, operands []string) error {
			if len(operands) > 0 {
				return command.Misused("it takes no operand, but got %q", operands[0])
			}
			c, err := settings(t.Env)
			if err != nil {
				return err
			}
			return askHealth(ctx, t, c)
		}
	},
}

func askHealth(ctx context.Context, t Terminal, c config.Config) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	address, err := c.Here()
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
		return command.ErrBad
	}
	defer reply.Body.Close()
	if _, err := io.Copy(t.Out, io.LimitReader(reply.Body, 64<<10)); err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	if reply.StatusCode != http.StatusOK {
		return command.ErrBad
	}
	return nil
}
