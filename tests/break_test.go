package tests

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"unsafe"
)

// breakable is the variable that makes the product, when it is this very
// binary, ready to have its disk broken: SIGUSR1 makes every call named in it
// fail from then on as on a failing disk, or on one without room.
const breakable = "SELFHELP_TEST_BREAK"

// The calls that reach the disk, by what they do and the machine's kind. Only
// the databases write at an offset; logs and sockets do not.
var (
	syncing = map[string][]uint32{"amd64": {74, 75}, "arm64": {82, 83}}
	writing = map[string][]uint32{"amd64": {18}, "arm64": {68}}
	seccomp = map[string]uintptr{"amd64": 317, "arm64": 277}
)

// breakOnSignal waits in the background for the signal to break the disk.
func breakOnSignal(how string) {
	calls, number := syncing, syscall.EIO
	switch how {
	case "":
		return
	case "write":
		calls = writing
	case "room":
		calls, number = writing, syscall.ENOSPC
	}
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGUSR1)
	go func() {
		<-asked
		if err := failing(calls[runtime.GOARCH], number); err != nil {
			fmt.Fprintln(os.Stderr, "the disk cannot be broken:", err)
			os.Exit(9)
		}
		fmt.Fprintln(os.Stderr, "the disk is broken")
	}()
}

// instruction is one of a kernel's packet filter.
type instruction struct {
	code uint16
	jt   uint8
	_    uint8 // where to go otherwise: on
	k    uint32
}

// failing lets the kernel answer calls of this process with an error.
func failing(calls []uint32, number syscall.Errno) error {
	const load, jumpEqual, give = 0x20, 0x15, 0x06
	const allow, fail = 0x7fff0000, 0x00050000
	program := []instruction{{code: load, k: 0}} // the number of the call stands first
	for i, n := range calls {
		program = append(program, instruction{code: jumpEqual, k: n, jt: uint8(len(calls) - i)})
	}
	program = append(program, instruction{code: give, k: allow}, instruction{code: give, k: fail | uint32(number)})
	filter := struct {
		length uint16
		first  *instruction
	}{uint16(len(program)), &program[0]}
	runtime.LockOSThread()
	const noNewRights, setFilter, everyThread = 38, 1, 1
	if _, _, err := syscall.RawSyscall6(syscall.SYS_PRCTL, noNewRights, 1, 0, 0, 0, 0); err != 0 {
		return err
	}
	if _, _, err := syscall.RawSyscall(seccomp[runtime.GOARCH], setFilter, everyThread, uintptr(unsafe.Pointer(&filter))); err != 0 {
		return err
	}
	return nil
}
