package command

import (
	"flag"
	"strings"
	"testing"
)

func TestFlagsMayFollowOperands(t *testing.T) {
	set := flag.NewFlagSet("test", flag.ContinueOnError)
	yes := set.Bool("yes", false, "")
	name := set.String("name", "", "")
	operands, err := parseAll(set, []string{"a", "--yes", "b", "--name", "x", "--", "--c", "d"})
	if err != nil || strings.Join(operands, " ") != "a b --c d" || !*yes || *name != "x" {
		t.Errorf("got %q, %v, %v, %q", operands, err, *yes, *name)
	}
}
