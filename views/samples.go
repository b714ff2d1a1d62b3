package views

import (
	"slices"
	"time"

	"github.com/a-h/templ"

	"selfhelp/views/ui"
)

// Page is one screen, ready to be shown.
type Page interface{ View() templ.Component }

// Sample is a page with invented content, for the gallery, the golden files
// and the accessibility check.
type Sample struct {
	Name string // page and state: "login", "login-wrong"
	Page Page
}

// Samples returns every sample, in the words and the light of a chrome.
func Samples(base ui.Chrome) []Sample {
	return slices.Concat(
		accountSamples(base),
		adminSamples(base),
		failureSamples(base),
		gallerySamples(base),
		playerSamples(base),
		portalSamples(base),
		deskSamples(base),
		editorSamples(base),
		tokenSamples(base),
	)
}

// SampleOf returns the sample of a name.
func SampleOf(base ui.Chrome, name string) (Sample, bool) {
	for _, s := range Samples(base) {
		if s.Name == name {
			return s, true
		}
	}
	return Sample{}, false
}

// titled is the chrome with another title and room.
func titled(base ui.Chrome, room ui.Room, title string) ui.Chrome {
	base.Room, base.Title = room, title
	return base
}

func failureSamples(base ui.Chrome) (all []Sample) {
	for _, kind := range []string{"internal", "not-found", "forbidden", "limited", "unavailable", "too-large", "unsupported", "late", "conflict", "invalid", "unauthenticated", "method"} {
		p := Failure{Chrome: titled(base, ui.Portal, base.T("fail."+kind+".title")), Kind: kind, Why: base.T("fault.internal"), Request: "MFRGGZDFMZTWQ2LK"}
		if kind == "unauthenticated" {
			p.SignIn = "/login?next=%2Fstudio"
		}
		all = append(all, Sample{"failure-" + kind, p})
	}
	wait := Failure{Chrome: titled(base, ui.Portal, base.T("fail.limited.title")), Kind: "limited", Why: base.T("fault.sign_in.often"), Wait: base.Words.Duration(2 * time.Minute), SignIn: "/login"}
	wait.Quiet, wait.Plain = true, true
	narrow := Failure{
		Chrome: titled(base, ui.Portal, base.T("fail.forbidden.title")), Kind: "forbidden", Why: base.T("run_only.by", "Service Engine"),
		Do: base.T("run_only.by.do"), SignIn: "/login?next=%2Fstudio", Request: "MFRGGZDFMZTWQ2LK",
	}
	narrow.Unsaved, narrow.Typed = true, [][2]string{{"", "Le bouton n’est pas là."}, {"", "Étape 1\nÉtape 2"}}
	other := Failure{
		Chrome: titled(base, ui.Portal, base.T("fail.person.title")), Kind: "conflict", Why: base.T("fault.person", "camille", "zoe"),
		Do: base.T("fail.person.do"), Typed: [][2]string{{"Nom", "Imprimante"}, {"À quoi il sert", "Le voyant est vert."}}, Request: "MFRGGZDFMZTWQ2LK",
	}
	there := Failure{
		Chrome: titled(base, ui.Portal, base.T("fail.elsewhere.title")), Kind: "not-found", Why: base.T("fault.elsewhere"), Do: base.T("fail.elsewhere.do"), There: "https://edition.example.org/studio",
	}
	return append(all, Sample{"failure-elsewhere", there}, Sample{"failure-wait", wait}, Sample{"failure-runs-only", narrow}, Sample{"failure-person", other})
}

func gallerySamples(base ui.Chrome) []Sample {
	return []Sample{{"gallery", Gallery{Chrome: titled(base, ui.Portal, base.T("gallery.title")), Names: []string{"gallery"}}}}
}
