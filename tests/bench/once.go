package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
)

// until lets a person go on until there is a page to answer.
func until(addr string, p *person) error {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	r := bufio.NewReader(conn)
	for range 5 {
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
		if p.form.action != "" {
			return nil
		}
	}
	return fmt.Errorf("no page to answer at %s", addr)
}
