package app

import (
	"context"
	"flag"
	"time"

	"selfhelp/app/command"
	"selfhelp/app/config"
	"selfhelp/app/standby"
)

var standbyCommand = command.Command{
	Name:    "standby",
	Summary: "receive the replica of another site and stay ready to take over",
	Text: `Answers on --listen, over HTTPS, and takes what the other site sends for the
folder --receive. Every --check it restores what came into a scratch folder, looks
through the whole of it, and says in /readyz how old it is and whether it was
whole. It serves nobody: when the other site is lost, stop it and run selfhelp
promote, which has to find the folder keys of the other site in --data.`,
	Mute: "it goes on until it is told to stop, and what it finds is in /healthz",
	Prepare: func(set *flag.FlagSet) command.Deed {
		settings := config.Flags(set)
		every := set.Duration("check", 6*time.Hour, "how often what came is restored and looked through")
		return func(ctx context.Context, t Terminal, operands []string) error {
			if len(operands) > 0 {
				return command.Misused("it takes no operand, but got %q", operands[0])
			}
			c, err := settings(t.Env)
			if err != nil {
				return err
			}
			if c.Receive == "" {
				return command.Misused("it takes --receive, the folder for what the other site sends")
			}
			if *every < time.Minute {
				return command.Misused("--check takes a minute at least: each is a whole restore")
			}
			return standBy(ctx, t, c, *every)
		}
	},
}

func standBy(ctx context.Context, t Terminal, c config.Config, every time.Duration) error {
	if err := c.Check(); err != nil {
		return err
	}
	log := newLog(c, t.Err)
	shown, err := certificates(c, nil, log)
	if err != nil {
		return err
	}
	sweepRestored(c.Data, log)
	return standby.New(c, log).Run(ctx, every, shown, t.Out)
}
