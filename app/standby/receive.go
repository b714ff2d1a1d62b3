package standby

import (
	"fmt"
	"log/slog"
	"net/http"

	"selfhelp/app/config"
	"selfhelp/app/peer"
	"selfhelp/store/replica"
)

// Receiver takes replicas of another site, nil when none are to come.
func Receiver(c config.Config, log *slog.Logger) (*peer.Receiver, error) {
	if c.Receive == "" {
		return nil, nil
	}
	password, err := c.ReceivePassword()
	if err != nil {
		return nil, err
	}
	if err := replica.Prepared(c.Receive); err != nil {
		return nil, fmt.Errorf("receive: %w", err)
	}
	return &peer.Receiver{Folder: c.Receive, User: c.ReceiveUser, Password: password, Log: log}, nil
}

// ReceivesOn is the receiver of a server: where it took over from what was received, it
// goes on receiving there. The server that it replaced asks there whether its epoch is
// over, and would write on where nobody answers.
func ReceivesOn(c config.Config, log *slog.Logger) (*peer.Receiver, error) {
	if c.Receive != "" {
		return Receiver(c, log)
	}
	folder, err := replica.Received(c.Data)
	if err != nil || folder == "" {
		return nil, err
	}
	c.Receive = folder
	r, err := Receiver(c, log)
	if err != nil {
		return nil, fmt.Errorf("this server took over from what %s received, and the server it replaced has to be told so there when it comes back: %w", folder, err)
	}
	return r, nil
}

// Beside puts a receiver beside what else is answered.
func Beside(r *peer.Receiver, rest http.Handler) http.Handler {
	if r == nil {
		return rest
	}
	mux := http.NewServeMux()
	mux.Handle("/", rest)
	mux.Handle(peer.Prefix+"/", r)
	mux.Handle("OPTIONS /{$}", r) // clients ask there whether anybody is there
	return mux
}
