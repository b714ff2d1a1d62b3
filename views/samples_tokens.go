package views

import (
	"strings"
	"time"

	"selfhelp/views/ui"
)

func tokenSamples(base ui.Chrome) []Sample {
	mine := Tokens{Chrome: titled(base, ui.Portal, base.T("token.mine")), Rows: sampleTokens(base), Soon: 1, Form: TokenForm{
		Days:  "90",
		Terms: []Option{{"7", base.N("token.term", 7)}, {"30", base.N("token.term", 30)}, {"90", base.N("token.term", 90)}, {"365", base.N("token.term", 365)}},
	}}
	for _, s := range []string{"run", "read_reports", "studio", "provision"} {
		mine.Form.Scopes = append(mine.Form.Scopes, ScopeTick{Option: Option{s, base.T("scope." + s)}, Help: base.T("scope." + s + ".help")})
	}
	none, made, refused := mine, mine, mine
	none.Rows, none.Soon = nil, 0
	made.Made, made.MadeOf = "sh_"+strings.Repeat("k7mq", 13), "Intranet"
	refused.Form.Wrong = map[string]string{"name": base.T("fault.token.name"), "scope": base.T("fault.token.scopes"), "days": base.T("fault.token.days")}
	office := Office{Chrome: titled(base, ui.Admin, base.T("admin.tokens")), Where: "tokens", Server: true}
	states := []Option{{"", base.T("token.states")}, {"open", base.T("token.open")}, {"soon", base.T("token.expiring")}}
	list := AdminTokens{Office: office, List: List{Path: "/admin/tokens", Count: 3}, States: states, Rows: sampleTokens(base)}
	empty := list
	empty.Rows, empty.List = nil, List{Path: "/admin/tokens", Kept: [][2]string{{"q", "xyz"}}}
	provisioning := AdminMethod{
		Office: Office{Chrome: titled(base, ui.Admin, "Microsoft Entra ID"), Where: "sign_in", Server: true}, ID: "entra", Kind: "scim", KindName: base.T("method.scim"), On: true,
		Tone: ui.OK, State: base.T("admin.method.on"), Base: "https://aide.example.org/scim/v2", Known: 1284,
		Sections: []FormSection{{base.T("method.section.scim"), base.T("method.section.scim.lead"), []FormField{sampleField(base, "name", "Microsoft Entra ID")}}},
	}
	return []Sample{
		{"admin-method-scim", provisioning},
		{"tokens", mine}, {"tokens-none", none}, {"tokens-made", made}, {"tokens-refused", refused},
		{"admin-tokens", list}, {"admin-tokens-none", empty},
	}
}

func sampleTokens(base ui.Chrome) []TokenRow {
	day := time.Date(2026, 11, 23, 9, 12, 0, 0, time.UTC)
	return []TokenRow{
		{ID: "t1", Name: "Intranet", Owner: "Camille Moreau", User: "u1", Scopes: []string{base.T("scope.run")}, Created: day, Expires: day.AddDate(0, 3, 0), Used: day, Ago: base.N("ago.hours", 3), Tone: ui.OK, State: "open", Words: base.T("token.open")},
		{ID: "t2", Name: "Microsoft Entra ID", Owner: "Camille Moreau", User: "u1", Scopes: []string{base.T("scope.provision")}, Created: day, Expires: day.AddDate(0, 0, 6), Tone: ui.Warn, State: "soon", Words: base.Words.N("token.left", 3)},
		{ID: "t3", Name: "Export de nuit", Owner: "Zoé Lefèvre", User: "u2", Scopes: []string{base.T("scope.read_reports"), base.T("scope.studio")}, Created: day, Expires: day.AddDate(0, 1, 0), Tone: ui.Wrong, State: "void", Words: base.T("token.void")},
	}
}
