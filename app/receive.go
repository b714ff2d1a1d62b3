package app

import (
	"fmt"
	"log/slog"
	"net/http"

	"selfhelp/app/config"
	"selfhelp/app/peer"
	"selfhelp/store/replica"
)

// receiver takes replicas of another site, nil when none are to come.
func receiver(c config.Config, log *slog.Logger) (*peer.Receiver, error) {
	if c.Receive == "" {
		return nil, nil
	}
	password, given, err := config.Secret(c.Environment, "SELFHELP_RECEIVE_PASSWORD")
	if err != nil {
		return nil, err
	}
	if !given || len(password) < 16 {
		return nil, fmt.Errorf("receive: the password of the other site is needed, 16 characters at least, in SELFHELP_RECEIVE_PASSWORD or in the file that SELFHELP_RECEIVE_PASSWORD_FILE names")
	}
	if err := replica.Prepared(c.Receive); err != nil {
		return nil, fmt.Errorf("receive: %w", err)
	}
	return &peer.Receiver{Folder: c.Receive, User: c.ReceiveUser, Password: password, Log: log}, nil
}

// beside puts a receiver beside what else is answered.
func beside(r *peer.Receiver, rest http.Handler) http.Handler {
	if r == nil {
		return rest
	}
	mux := http.NewServeMux()
	mux.Handle("/", rest)
	mux.Handle(peer.Prefix+"/", r)
	mux.Handle("OPTIONS /{$}", r) // clients ask there whether anybody is there
	return mux
}
