package connect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"selfhelp/app/fault"
)

// Scanner asks a program of the machine about each file that people send. The
// program reads the file on its standard input and ends with 0 when it is clean
// and 1 when it is not, as clamdscan does; anything else is a failure, and an
// unscanned file is not taken.
type Scanner struct {
	Command []string      // the program and its arguments
	Most    time.Duration // how long it may take over a file
}

// Scan returns nil for a clean file, Invalid for one that the program refuses,
// and Unavailable when it could not say.
func (s Scanner) Scan(ctx context.Context, file io.Reader) error {
	ctx, cancel := context.WithTimeout(ctx, s.Most)
	defer cancel()
	var said start
	program := exec.CommandContext(ctx, s.Command[0], s.Command[1:]...)
	program.Stdin, program.Stdout, program.Stderr = file, &said, &said
	program.WaitDelay = time.Second // for what it started and left behind
	err := program.Run()
	ended, is := errors.AsType[*exec.ExitError](err)
	switch {
	case err == nil, onlyUnread(program, err):
		return nil
	case is && ended.ExitCode() == 1:
		return fault.Because(fault.Invalid, fmt.Errorf("the scanner says: %s", said.line()), "fault.file.infected")
	}
	return fault.Because(fault.Unavailable, fmt.Errorf("scan a file with %s: %w: %s", s.Command[0], err, said.line()), "fault.file.unscanned")
}

// onlyUnread reports whether a program found a file clean without reading it to
// its end.
func onlyUnread(program *exec.Cmd, err error) bool {
	return errors.Is(err, syscall.EPIPE) && program.ProcessState != nil && program.ProcessState.Success()
}

// start keeps the beginning of what a program says, so that a log stays a log.
type start []byte

// Write takes everything and keeps 200 bytes.
func (s *start) Write(b []byte) (int, error) {
	*s = append(*s, b[:min(len(b), 200-len(*s))]...)
	return len(b), nil
}

// line is the first line.
func (s start) line() string {
	line, _, _ := strings.Cut(string(s), "\n")
	return line
}
