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

var healthcheckCommand = command.Command{
	Name:    "healthcheck",
	Summary: "ask the server of this machine whether people can be sent to it",
	Text: `Asks /readyz of the server that listens with the same settings on this machine
and prints what it says: whether people can be sent to it. With --live it asks
/livez: whether a restart would help. Exit code 0 for yes to the first and no to the
second, 1 otherwise and when nobody answers. For containers without a shell, and for
scripts.`,
	Mute: "it prints what the server says, which is JSON",
	Prepare: func(set *flag.FlagSet) command.Deed {
		settings := config.Flags(set, "listen", "tls-cert")
		live := set.Bool("live", false, "ask whether a restart would help, not whether people can be sent there")
		return func(ctx context.Context, t Terminal, operands []string) error {
			if len(operands) > 0 {
				return command.Misused("it takes no operand, but got %q", operands[0])
			}
			c, err := settings(t.Env)
			if err != nil {
				return err
			}
			path := "/readyz"
			if *live {
				path = "/livez"
			}
			return askHealth(ctx, t, c, path)
		}
	},
}

func askHealth(ctx context.Context, t Terminal, c config.Config, path string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	address, err := c.Here()
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address+path, nil)
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
