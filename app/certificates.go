package app

import (
	"context"
	"log/slog"
	"path/filepath"
	"time"

	"selfhelp/app/certificate"
	"selfhelp/app/config"
	"selfhelp/app/job"
	"selfhelp/app/post"
	"selfhelp/app/watch"
	"selfhelp/store"
)

// certificates opens what the settings name; a store has those of domains beside.
func certificates(c config.Config, st *store.Store, log *slog.Logger) (*certificate.Holder, error) {
	s := certificate.Settings{Cert: c.Certificate, Key: c.Key, Store: st, Now: time.Now, Log: log}
	if c.ACME != "" {
		s.ACME = &certificate.ACME{Hosts: c.ACMEHosts(), Email: c.ACMEEmail, Directory: c.ACMEDirectory, CA: c.ACMECA, Folder: filepath.Join(c.Data, "acme")}
	}
	return certificate.Open(s)
}

// shownCertificates are those that are shown, as they are watched.
func (s *Server) shownCertificates() (all []watch.Certificate) {
	for _, c := range s.certificates.Shown() {
		all = append(all, watch.Certificate{Name: c.Name, Until: c.Until})
	}
	return all
}

// warnOfCertificates writes to the administrators once a day where a certificate ends
// soon. Those of domains are the business of the edition server, which everybody's
// presentation servers have them from.
func (s *Server) warnOfCertificates(ctx context.Context) {
	round := time.NewTicker(sweepEvery)
	defer round.Stop()
	job.Daily(ctx, round.C, func(time.Time) error {
		var all []post.Ending
		for _, c := range s.certificates.Shown() {
			if s.presentation == nil || c.Source != certificate.Given {
				all = append(all, post.Ending{Mark: c.Mark, Name: c.Name, Until: c.Until})
			}
		}
		err := s.post.WarnOfCertificates(ctx, all)
		if err != nil && ctx.Err() == nil {
			s.log.Error("administrators were not all told of certificates that end soon", "err", err)
		}
		return err
	})
}
