// Command demo starts one edition server, two presentation servers and HAProxy on this
// machine, and prints what to try: make demo-cluster.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"selfhelp/tests/cluster"
)

func main() {
	binary := flag.String("binary", "./selfhelp", "the `FILE` that was built")
	example := flag.String("haproxy", "packaging/balancing/haproxy.cfg", "the `FILE` of the balancer")
	flag.Parse()
	if err := run(*binary, *example); err != nil {
		fmt.Fprintln(os.Stderr, "demo-cluster:", err)
		os.Exit(1)
	}
}

func run(binary, example string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	folder, err := os.MkdirTemp("", "selfhelp-cluster-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	fmt.Println("Starting one edition server and two presentation servers; this takes some seconds.")
	c, err := cluster.Start(cluster.Options{Binary: binary, Folder: folder, Servers: 2, Port: 8090})
	if err != nil {
		return err
	}
	defer c.Stop()
	if err := c.Balance(example, "127.0.0.1:8080"); err != nil {
		return err
	}
	fmt.Printf("\nPeople come to      %s\nWriters work at     %s\n", c.Front, c.Edition.Address)
	for _, p := range c.Servers {
		fmt.Printf("%-19s %s, process %d\n", p.Name+" is at", p.Address, p.ID())
	}
	fmt.Println("\nSign in as")
	for _, a := range c.Accounts {
		fmt.Printf("  %-12s  %-26s  %s, %s\n", a.Login, a.Password, a.Name, a.Role)
	}
	fmt.Printf(`
Try this:
  1. Run a procedure at %[1]s, and in the middle of a form: kill -9 %[2]d
     Send the form. The other server goes on with it, and you stay signed in.
  2. Look at %[3]s/admin/servers as the administrator: one does not answer.
     Publish something in the Studio: it says what it waits for.
  3. Stop everything with Ctrl-C.
`, c.Front, c.Servers[0].ID(), c.Edition.Address)
	<-ctx.Done()
	return nil
}
