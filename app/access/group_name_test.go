package access

import (
	"strings"
	"testing"
)

func TestGroupsLookAlike(t *testing.T) {
	for _, same := range [][2]string{
		{"Sales", "sales"}, {"Sales", "SALES"}, {"Sales", "Ｓａｌｅｓ"}, {"Élus", "e\u0301lus"}, {"R & D", "R\u00a0&  D"}, {"Straße", "STRASSE"}, {"ﬁeld", "Field"},
		{"ІТ", "it"}, {"ΙΤ", "IT"}, {"İT", "it"}, {"IT", "ıt"}, {"СТО", "CTO"}, {"L’atelier", "L'atelier"}, {"Rhône–Alpes", "rhône-alpes"},
		{"k.benalı", "K.Benali"}, {"ԁԝ", "dw"}, {"սսս", "uuu"}, {"ɡɑ", "ga"},
	} {
		if a, b := GroupKey(same[0]), GroupKey(same[1]); a != b {
			t.Errorf("%q is %q and %q is %q", same[0], a, same[1], b)
		}
	}
	for _, other := range [][2]string{{"Sales", "Sales 2"}, {"Élus", "Elus"}, {"R&D", "RD"}, {"Отдел", "Otdel"}} {
		if GroupKey(other[0]) == GroupKey(other[1]) {
			t.Errorf("%q is taken for %q", other[0], other[1])
		}
	}
	for name, want := range map[string]string{
		"Atelier de Lyon": "", "β-testeurs": "", "Отдел продаж": "", "R&D": "", "Équipe 2": "", "IT部門": "", "Tシャツ": "", "Քարտուղարություն": "",
		"Sալes": "fault.group.alphabets", "ꓢꓮꓡꓰꓢ": "fault.group.alphabets", "ᏚᎪᏞᎬᏚ": "fault.group.alphabets", "СΤΟ": "fault.group.alphabets",
		"S\u0430les": "fault.group.alphabets", "Atelier de L\u03bfndon": "fault.group.alphabets",
		"Everyone": "fault.group.everyone", "EVERYBODY": "fault.group.everyone", "tout  le\u00a0Monde": "fault.group.everyone", "Ｅｖｅｒｙｏｎｅ": "fault.group.everyone", "Everyone in Lyon": "", "Tout le monde à Lyon": "",
		"": "fault.group.name", "  ": "fault.group.name", "a\u200bb": "fault.group.unseen", "hr\ufe0f": "fault.group.unseen", "hr\u034f": "fault.group.unseen", "hr\u3164": "fault.group.unseen", "hr\u2800": "fault.group.unseen", "hr\u17b5": "fault.group.unseen", "hr\U000e0100": "fault.group.unseen", "a\xff": "fault.group.name",
	} {
		if got := WrongGroupName(name); got != want {
			t.Errorf("%q: %q", name, got)
		}
	}
}

func TestNumberedGroupsKeepToTheLength(t *testing.T) {
	for name, want := range map[string]string{"Sales": "Sales (12)", " ventes ": "ventes (12)", strings.Repeat("é", 80): strings.Repeat("é", 75) + " (12)"} {
		if got := NumberedGroupName(name, 12); got != want || WrongGroupName(got) != "" {
			t.Errorf("%q is numbered as %q", name, got)
		}
	}
}
