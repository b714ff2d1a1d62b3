package saml_test

import (
	"strings"
	"testing"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/login/saml"
	"selfhelp/app/login/saml/samltest"
)

func TestMetadata(t *testing.T) {
	raw, err := known().ours.Metadata(true)
	if err != nil {
		t.Fatal(err)
	}
	root := rootOf(t, raw)
	role := root.SelectElement("SPSSODescriptor")
	if root.SelectAttrValue("entityID", "") != known().ours.EntityID || len(role.SelectElements("KeyDescriptor")) != 4 || len(role.SelectElements("SingleLogoutService")) != 2 || role.SelectElement("AssertionConsumerService").SelectAttrValue("Location", "") != known().ours.ACS {
		t.Errorf("%s", raw)
	}
	if strings.Contains(string(raw), "PRIVATE") {
		t.Error("the metadata tells a key")
	}
	if _, err := saml.ReadMetadata(raw); !fault.Is(err, fault.Invalid) {
		t.Errorf("our own metadata are a provider's: %v", err)
	}
}

func TestReadMetadata(t *testing.T) {
	one := string(known().idp.Metadata())
	wrapped := func(inside string) string {
		return `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">` + inside + `</md:EntitiesDescriptor>`
	}
	ours, err := known().ours.Metadata(true)
	if err != nil {
		t.Fatal(err)
	}
	_, own, _ := strings.Cut(string(ours), "?>")
	for name, text := range map[string]string{
		"alone": one, "with a byte order mark": "\ufeff<?xml version=\"1.0\"?>" + one, "among others": wrapped(wrapped(own + one)), "with comments": strings.ReplaceAll(one, "><", "><!-- x --><"),
	} {
		p, err := saml.ReadMetadata([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := known().idp.Settings()
		if p.EntityID != want.EntityID || p.SSO != want.SSO || p.SSOBinding != saml.Redirect || p.SLO != want.SLO || p.Certificates != want.Certificates || !p.Sign {
			t.Errorf("%s: %+v", name, p)
		}
		if wrong := p.Check(); len(wrong) > 0 {
			t.Errorf("%s: %v", name, wrong)
		}
	}
	for name, c := range map[string]struct{ text, key string }{
		"nothing":              {"", "fault.saml.metadata"},
		"another file":         {"<html/>", "fault.saml.metadata"},
		"a document type":      {"<!DOCTYPE a>" + one, "fault.saml.metadata"},
		"very large":           {one + strings.Repeat(" ", 2<<20), "fault.saml.metadata"},
		"several":              {wrapped(one + strings.ReplaceAll(one, "idp.", "idp2.")), "fault.saml.metadata_several"},
		"none":                 {wrapped(own), "fault.saml.metadata_none"},
		"of SAML 1":            {strings.Replace(one, samltest.Protocol, "urn:oasis:names:tc:SAML:1.1:protocol", 1), "fault.saml.metadata_none"},
		"no address":           {strings.ReplaceAll(one, "SingleSignOnService", "ManageNameIDService"), "fault.saml.metadata"},
		"no certificate":       {strings.ReplaceAll(one, "X509Certificate", "X509CRL"), "fault.saml.metadata"},
		"a broken certificate": {strings.ReplaceAll(one, "MII", "AAA"), "fault.saml.metadata"},
	} {
		_, err := saml.ReadMetadata([]byte(c.text))
		if key, _ := fault.TextOf(err); key != c.key || !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
}

func TestKeyPairs(t *testing.T) {
	keys := known().ours.Keys
	for name, pairs := range map[string][]saml.KeyPair{
		"none": nil, "of another": {{Certificate: keys[0].Certificate, Key: keys[1].Key}}, "broken": {{Certificate: keys[0].Certificate, Key: "x"}}, "no certificate": {{Key: keys[0].Key}},
	} {
		ours := known().ours
		ours.Keys = pairs
		_, err := saml.NewTrust(ours, known().idp.Settings())
		if err == nil || strings.Contains(err.Error(), "PRIVATE") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if cert := samltest.ReadPEM(keys[0].Certificate); cert.NotAfter.Sub(now) < 3*365*24*time.Hour || cert.Subject.CommonName != "help.example.org" {
		t.Errorf("%s until %s", cert.Subject, cert.NotAfter)
	}
}
