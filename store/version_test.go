package store

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// signer writes a catalogue as plain text: what the edition server signs is
// not the store's business.
func signer(serial int64, active []Publication) ([]byte, error) {
	var b strings.Builder
	fmt.Fprint(&b, serial)
	for _, p := range active {
		fmt.Fprintf(&b, " %s:%s:%s", p.Domain, p.Number, p.Bundle)
	}
	return []byte(b.String()), nil
}

func TestVersions(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	data := aProject("it", 2)
	p := must[Project](t)(s.Content.CreateProject(ctx, "sandbox", data, "ada"))
	freeze := func(from Number) (Version, error) {
		return s.Content.FreezeVersion(ctx, Freeze{Project: p.ID, Data: data, From: from, Notes: "Parce que", By: "ada"})
	}
	one := must[Version](t)(freeze(Number{}))
	if one.Number != (Number{1, 0}) || one.State != VersionFrozen || one.Notes != "Parce que" {
		t.Errorf("got %+v", one)
	}
	_, err := freeze(one.Number) // never published
	refused(t, err, fault.Conflict, "fault.version.not_active")
	_, err = freeze(Number{9, 0})
	refused(t, err, fault.NotFound, "")

	c := must[[]byte](t)(s.Content.Publish(ctx, p.ID, one.Number, "b1", "ada", signer))
	if string(c) != "1 sandbox:1.0:b1" {
		t.Errorf("catalogue %q", c)
	}
	if v := must[Version](t)(freeze(one.Number)); v.Number != (Number{1, 1}) {
		t.Errorf("minor version %s", v.Number)
	}
	data.Name = procedure.T("Autre", "Other")
	if v := must[Version](t)(freeze(Number{})); v.Number != (Number{2, 0}) {
		t.Errorf("major version %s", v.Number)
	}
	if old := must[*procedure.Project](t)(s.Content.FrozenProject(ctx, p.ID, one.Number)); old.Name.In["en"] != "Project it" || len(old.Procedures) != 2 {
		t.Errorf("version 1.0 was not frozen: %+v", old)
	}

	// Two together, published again, withdrawn, and back.
	c = must[[]byte](t)(s.Content.Publish(ctx, p.ID, Number{2, 0}, "b2", "ada", signer))
	if string(c) != "2 sandbox:1.0:b1 sandbox:2.0:b2" {
		t.Errorf("catalogue %q", c)
	}
	must[[]byte](t)(s.Content.Publish(ctx, p.ID, Number{2, 0}, "b2bis", "ada", signer))
	c = must[[]byte](t)(s.Content.Withdraw(ctx, p.ID, one.Number, "bob", signer))
	if string(c) != "4 sandbox:2.0:b2bis" || string(must[[]byte](t)(s.Content.Catalogue(ctx))) != string(c) {
		t.Errorf("catalogue %q", c)
	}
	if v := must[Version](t)(s.Content.Version(ctx, p.ID, one.Number)); v.State != VersionInactive || v.Bundle != "b1" {
		t.Errorf("got %+v", v)
	}
	_, err = s.Content.Withdraw(ctx, p.ID, one.Number, "bob", signer)
	refused(t, err, fault.Conflict, "fault.version.withdrawn")
	c = must[[]byte](t)(s.Content.Publish(ctx, p.ID, one.Number, "b1", "bob", signer))
	if string(c) != "5 sandbox:1.0:b1 sandbox:2.0:b2bis" {
		t.Errorf("catalogue %q", c)
	}
	if all := must[[]Publication](t)(s.Content.Publications(ctx, p.ID)); len(all) != 4 || !all[0].Active || all[0].By != "bob" || all[3].Active {
		t.Errorf("got %+v", all)
	}

	// A project in the bin is in no catalogue.
	check(t, s.Content.DeleteProject(ctx, p.ID, p.Version, "ada"))
	if c = must[[]byte](t)(s.Content.RenewCatalogue(ctx, 0, nil, signer)); string(c) != "6" {
		t.Errorf("catalogue %q", c)
	}
}

// TestHalfAPublication fails while the catalogue is signed: nothing of the
// publication stays.
func TestHalfAPublication(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	data := aProject("it", 1)
	p := must[Project](t)(s.Content.CreateProject(ctx, "sandbox", data, "ada"))
	v := must[Version](t)(s.Content.FreezeVersion(ctx, Freeze{Project: p.ID, Data: data, By: "ada"}))
	for _, fails := range []Sign{
		func(int64, []Publication) ([]byte, error) { return nil, errors.New("no key") },
		func(int64, []Publication) ([]byte, error) { panic("no key") },
	} {
		if _, err := s.Content.Publish(ctx, p.ID, v.Number, "b1", "ada", fails); err == nil {
			t.Fatal("published without a catalogue")
		}
	}
	if got := must[Version](t)(s.Content.Version(ctx, p.ID, v.Number)); got.State != VersionFrozen || got.Bundle != "" {
		t.Errorf("got %+v", got)
	}
	if a := must[[]Publication](t)(s.Content.ActivePublications(ctx)); len(a) != 0 {
		t.Errorf("got %+v", a)
	}
	_, err := s.Content.Catalogue(ctx)
	refused(t, err, fault.NotFound, "")
}

func TestSettings(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	type mail struct{ Host string }
	m := mail{"default"}
	if v := must[int64](t)(s.Content.Setting(ctx, "mail", &m)); v != 0 || m.Host != "default" {
		t.Errorf("got %d, %+v", v, m)
	}
	check(t, s.Content.SaveSetting(ctx, "mail", 0, mail{"smtp"}, "ada", nil))
	refused(t, s.Content.SaveSetting(ctx, "mail", 0, mail{"other"}, "ada", nil), fault.Conflict, "fault.stale")
	check(t, s.Content.SaveSetting(ctx, "mail", 1, mail{"smtp2"}, "ada", nil))
	refused(t, s.Content.SaveSetting(ctx, "mail", 1, mail{"other"}, "ada", nil), fault.Conflict, "fault.stale")
	if v := must[int64](t)(s.Content.Setting(ctx, "mail", &m)); v != 2 || m.Host != "smtp2" {
		t.Errorf("got %d, %+v", v, m)
	}
	for _, a := range must[[]AuditEntry](t)(s.Content.AuditEntries(ctx, 0, 10)) {
		if strings.Contains(string(a.Detail), "smtp") {
			t.Error("the audit tells the value of a setting")
		}
	}
}
