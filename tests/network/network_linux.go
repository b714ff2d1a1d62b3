package network

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// Weather is what happens to the packets of a host, in both directions.
type Weather struct {
	Loss          float64 // part of the packets that is lost, 0 to 1
	Delay, Jitter time.Duration
	Cut           bool // nothing goes through
}

// Host is one machine of a network.
type Host struct {
	Name    string // full, like help1.example.org
	Address string

	space   string // network namespace; "" for the one the test runs in
	wire    *os.File
	weather atomic.Pointer[Weather]
	network *Network
}

// Network is some hosts and a switch between them.
type Network struct {
	hosts   map[string]*Host // by address
	named   map[string]*Host
	writing sync.Mutex // one packet at a time goes into a cable
}

// laid counts the networks, from a random one on: those of two processes differ, too.
var laid = func() *atomic.Int32 {
	var n atomic.Int32
	n.Store(rand.Int32N(250))
	return &n
}()

// New lays a network. The test itself stands in it too, as its last host.
func New(t testing.TB, names ...string) *Network {
	t.Helper()
	n := &Network{hosts: map[string]*Host{}, named: map[string]*Host{}}
	third := 1 + laid.Add(1)%250
	for i, name := range append(names, "") {
		h := &Host{Name: name, Address: fmt.Sprintf("10.77.%d.%d", third, i+1), network: n}
		h.weather.Store(&Weather{})
		if name != "" {
			h.space = fmt.Sprintf("selfhelp-%d-%d-%d", os.Getpid(), third, i+1)
		}
		t.Cleanup(func() { h.takeDown(t) })
		if err := h.setUp(fmt.Sprintf("sh%d.%d", third, i+1)); err != nil {
			t.Fatalf("lay a network: %v", err)
		}
		n.hosts[h.Address], n.named[name] = h, h
	}
	for _, h := range n.hosts {
		if h.space != "" {
			h.File(t, "hosts", n.table())
		}
		go h.listen()
	}
	return n
}

// Host is the one of a name.
func (n *Network) Host(name string) *Host { return n.named[name] }

// table is /etc/hosts.
func (n *Network) table() []byte {
	b := bytes.NewBufferString("127.0.0.1 localhost\n")
	for _, h := range n.hosts {
		if h.Name != "" {
			fmt.Fprintln(b, h.Address, h.Name)
		}
	}
	return b.Bytes()
}

// setUp makes the namespace of a host and plugs its cable in.
func (h *Host) setUp(device string) error {
	var err error
	if h.wire, err = cable(device); err != nil {
		return fmt.Errorf("a cable for %s: %w", h.Name, err)
	}
	in := []string{}
	if h.space != "" {
		if err := ip("netns", "add", h.space); err != nil {
			return err
		}
		if err := ip("link", "set", device, "netns", h.space); err != nil {
			return err
		}
		in = []string{"-n", h.space}
		if err := ip("-n", h.space, "link", "set", "lo", "up"); err != nil {
			return err
		}
	}
	return errors.Join(
		ip(append(in, "addr", "add", h.Address+"/24", "dev", device)...),
		ip(append(in, "link", "set", device, "up")...),
	)
}

func (h *Host) takeDown(t testing.TB) {
	if h.wire != nil {
		if err := h.wire.Close(); err != nil {
			t.Error(err)
		}
	}
	if h.space == "" {
		return
	}
	if err := errors.Join(ip("netns", "del", h.space), os.RemoveAll(h.etc())); err != nil {
		t.Error(err)
	}
}

// etc is the folder whose entries stand over those of /etc on a host.
func (h *Host) etc() string { return filepath.Join("/etc/netns", h.space) }

// File puts a file into /etc of a host, before a program is started there. The first
// folder of its path has to be there on this machine.
func (h *Host) File(t testing.TB, path string, content []byte) {
	t.Helper()
	path = filepath.Join(h.etc(), path)
	err := os.MkdirAll(filepath.Dir(path), 0o755)
	if err == nil {
		err = os.WriteFile(path, content, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Command is a program on a host.
func (h *Host) Command(program string, args ...string) *exec.Cmd {
	return exec.Command("ip", append([]string{"netns", "exec", h.space, program}, args...)...)
}

// Set changes the weather of a host.
func (h *Host) Set(w Weather) { h.weather.Store(&w) }

// Dial reaches a host by its name, from where the test stands.
func (n *Network) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	name, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	h := n.named[name]
	if h == nil {
		return nil, fmt.Errorf("there is no host %s", name)
	}
	return (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, network, net.JoinHostPort(h.Address, port))
}

// listen takes what a host sends to where it belongs, until the cable is taken away.
func (h *Host) listen() {
	packet := make([]byte, 1<<16)
	for {
		size, err := h.wire.Read(packet)
		if err != nil {
			return
		}
		if size < 20 || packet[0]>>4 != 4 {
			continue // not IPv4
		}
		to := h.network.hosts[net.IP(packet[16:20]).String()]
		if to == nil {
			continue
		}
		here, there := h.weather.Load(), to.weather.Load()
		if here.Cut || there.Cut || rand.Float64() < here.Loss || rand.Float64() < there.Loss {
			continue
		}
		late := here.late() + there.late()
		if late == 0 {
			to.take(packet[:size])
			continue
		}
		sent := bytes.Clone(packet[:size])
		time.AfterFunc(late, func() { to.take(sent) })
	}
}

func (w *Weather) late() time.Duration {
	if w.Jitter == 0 {
		return w.Delay
	}
	return w.Delay + rand.N(w.Jitter)
}

// take gives a packet to a host. One that is not taken is lost: whoever sent it sends
// it again.
func (h *Host) take(packet []byte) {
	h.network.writing.Lock()
	defer h.network.writing.Unlock()
	_, _ = h.wire.Write(packet)
}

func ip(args ...string) error {
	if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
		return fmt.Errorf("ip %v: %w: %s", args, err, out)
	}
	return nil
}

// cable opens a TUN device, see Documentation/networking/tuntap.rst of Linux: IP packets
// are read from it and written to it as they are, also after it was moved to another
// namespace.
func cable(device string) (*os.File, error) {
	fd, err := syscall.Open("/dev/net/tun", syscall.O_RDWR|syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	const tunSetIff, iffTun, iffNoPi = 0x400454ca, 0x0001, 0x1000
	var request [40]byte // struct ifreq
	copy(request[:15], device)
	binary.NativeEndian.PutUint16(request[16:], iffTun|iffNoPi)
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), tunSetIff, uintptr(unsafe.Pointer(&request))); errno != 0 {
		return nil, errors.Join(errno, syscall.Close(fd))
	}
	return os.NewFile(uintptr(fd), device), nil
}
