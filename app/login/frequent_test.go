package login

import (
	"slices"
	"testing"

	"selfhelp/app/fault"
)

// TestFrequentPasswords: those that most people have are refused, without any
// list that an operator gives, in whatever case.
func TestFrequentPasswords(t *testing.T) {
	if len(frequent) < 3000 || !slices.IsSorted(frequent) {
		t.Fatalf("%d passwords, in order: %t", len(frequent), slices.IsSorted(frequent))
	}
	for _, password := range []string{"manchester", "Manchester", "undertaker", "SALAMANDER", "rjirfrgbde", "christopher1"} {
		err := (Rule{}).Check(password, "ada")
		if fields := fault.FieldsOf(err); fields["password"] == "" {
			t.Errorf("%s is taken", password)
		}
	}
	if err := (Rule{}).Check("rjirfrgbdx", "ada"); err != nil {
		t.Errorf("one that nobody has: %v", err)
	}
}

// TestPasswordsOfAnyKind: no rule says which signs a password is made of.
func TestPasswordsOfAnyKind(t *testing.T) {
	for _, password := range []string{
		"vlozkrmpte", "VLOZKRMPTE", "8302750196", "quai tram velours midi", "  vlozkrm  ", "ключ от дома", "家の鍵は植木鉢の下にある", "🚲🚋⛵🎻🪵🧵🪡🧲🪜🧯", "&~#{[|`^@]}=+",
	} {
		if err := (Rule{}).Check(password, "ada"); err != nil {
			t.Errorf("%q: %v", password, err)
		}
		if ok, _, _ := Verify(t.Context(), First, Hash(password), password); !ok {
			t.Errorf("%q is not known again", password)
		}
	}
}
