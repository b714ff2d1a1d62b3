package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
)

// until lets a person go on until there is a page to answer.
func until(addr string, p *person) error {
	return goOn(addr, p, 5, func() bool { return p.form.action != "" })
}

// untilEnd lets a person run one procedure to its outcome.
func untilEnd(addr string, p *person) error {
	answered := false
	return goOn(addr, p, 2*stepsEach, func() bool {
		answered = answered || p.form.action != ""
		return answered && p.form.action == "" && p.start == ""
	})
}

// goOn lets a person make requests until they are where they should be, a
// number of times at most.
func goOn(addr string, p *person, most int, there func() bool) error {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	r := bufio.NewReader(conn)
	for range most {
		if _, err := conn.Write(p.next()); err != nil {
			return err
		}
		res, err := http.ReadResponse(r, nil)
		if err != nil {
			return err
		}
		body, err := appendAll(nil, res.Body)
		if err != nil {
			return err
		}
		if err := p.reply(res.StatusCode, res.Header, body); err != nil {
			return err
		}
		if there() {
			return nil
		}
	}
	return fmt.Errorf("a person at %s is not where they should be after %d requests", addr, most)
}
