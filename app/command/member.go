package command

import (
	"fmt"

	"selfhelp/app/config"
	"selfhelp/app/presentation"
)

// KeepsRole refuses to start a presentation server as anything else: its folder holds
// the accounts and keys of a platform, and the Studio would stand open where people come.
func KeepsRole(c config.Config) error {
	if c.Role == config.Presentation {
		return nil
	}
	return notOfPlatform(c.Data, "start it with --role presentation")
}

// notOfPlatform refuses a data folder that belongs to a platform, with what to do instead.
func notOfPlatform(folder, instead string) error {
	edition, belongs, err := presentation.Belongs(folder)
	if err != nil || !belongs {
		return err
	}
	if edition == "" {
		edition = "the edition server"
	}
	return fmt.Errorf("the data folder %s is that of a presentation server, which has its accounts from %s: %s, or remove it first there, on the page Servers", folder, edition, instead)
}
