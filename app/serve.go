package app

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"selfhelp/app/command"
	"selfhelp/app/config"
)

var serveCommand = command.Command{
	Name:    "serve",
	Summary: "run the server",
	Text: `Answers on --listen until it is told to stop (SIGTERM or Ctrl-C), then finishes
what it has begun, within ten seconds; told twice, it ends at once. The data
folder is made when it is not there; on its first start the server prints an
address, good for one use, where the administrator is created.

It refuses an address that other machines can reach unless it has a certificate
or is told that a proxy ends TLS before it.`,
	Mute: "it goes on until it is told to stop, and what it tells is its log",
	Prepare: func(set *flag.FlagSet) command.Deed {
		settings := config.Flags(set)
		isNew := set.Bool("new", false, "start though there are neither databases nor a replica of them, which a server that copies itself takes for a loss otherwise")
		return func(ctx context.Context, t Terminal, operands []string) error {
			if len(operands) > 0 {
				return command.Misused("it takes no operand, but got %q", operands[0])
			}
			c, err := settings(t.Env)
			if err != nil {
				return err
			}
			c.New = *isNew
			return serve(ctx, t, c)
		}
	},
}

func serve(ctx context.Context, t Terminal, c config.Config) error {
	if t.LockError != nil {
		return fmt.Errorf("this system cannot lock the databases safely: %w", t.LockError)
	}
	s, err := Open(ctx, c, newLog(c, t.Err))
	var setup string
	if err == nil {
		if setup, err = s.Setup(ctx); err != nil {
			err = errors.Join(err, s.Close())
		}
	}
	if err != nil && ctx.Err() != nil { // told to stop before it began: that is no failure
		return nil
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(t.Out, "Self Help answers on %s\n", s.URL())
	if setup != "" {
		fmt.Fprintf(t.Out, "Nobody has an account yet. Create the administrator here, within a day:\n  %s\n", setup)
	}
	if s.presentation != nil {
		s.presentation.TellCodes(func(code string) {
			fmt.Fprintf(t.Out, "This presentation server belongs to no platform. On the edition server, under\nAdministration, Servers, give the address of this server and this code, good once:\n  %s\n", code)
		})
	}
	return s.Run(ctx)
}
