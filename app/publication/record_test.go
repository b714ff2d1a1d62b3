package publication

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// everything is a procedure with a value in every field of every type, so that
// a field forgotten by records cannot hide.
func everything(t testing.TB) *procedure.Procedure {
	p := &procedure.Procedure{}
	fill(t, reflect.ValueOf(p).Elem(), "x", 0)
	return p
}

func fill(t testing.TB, v reflect.Value, name string, depth int) {
	if depth > 12 {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(name + "é")
	case reflect.Int:
		v.SetInt(int64(len(name)) - 4)
	case reflect.Float64:
		v.SetFloat(-1.5)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), name, depth+1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(t, v.Index(0), name, depth+1)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for _, key := range []string{"en", "fr", "pt-BR"} {
			value := reflect.New(v.Type().Elem()).Elem()
			fill(t, value, key, depth+1)
			v.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), value)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i), v.Type().Field(i).Name, depth+1)
		}
	default:
		t.Fatalf("%s: what is a %s?", name, v.Type())
	}
}

func TestRecordsKeepEverything(t *testing.T) {
	whole := newRecords(reflect.TypeFor[procedure.Procedure]())
	for name, p := range map[string]*procedure.Procedure{
		"everything": everything(t), "nothing": {}, "ordinary": generate(1, 20).Procedures[0],
	} {
		data := whole.append(nil, p)
		again := whole.append(nil, p)
		if string(data) != string(again) {
			t.Errorf("%s: written twice, two records", name)
		}
		var got procedure.Procedure
		if err := whole.read(string(data), &got); err != nil || !reflect.DeepEqual(&got, p) {
			t.Errorf("%s: came back different (%v)", name, err)
		}
	}
}

// TestRecordsDoNotTellNothingFromEmpty: a project that went through JSON has
// the record of the one it came from, or bundles could not be built again.
func TestRecordsDoNotTellNothingFromEmpty(t *testing.T) {
	empty := &procedure.Procedure{
		Title: procedure.Text{In: map[string]string{}}, Tags: []string{}, Keywords: map[string][]string{},
		Steps: []procedure.Step{{ID: "a", Page: &procedure.Page{Buttons: []procedure.Button{}}}},
	}
	nothing := &procedure.Procedure{Steps: []procedure.Step{{ID: "a", Page: &procedure.Page{}}}}
	whole := newRecords(reflect.TypeFor[procedure.Procedure]())
	if a, b := whole.append(nil, empty), whole.append(nil, nothing); string(a) != string(b) {
		t.Errorf("got %q and %q", a, b)
	}
	var back procedure.Procedure
	if err := whole.read(string(whole.append(nil, empty)), &back); err != nil || back.Steps[0].Page == nil {
		t.Errorf("a step lost its part: %+v (%v)", back, err)
	}
}

func TestRecordsOfAnOlderShapeAreRead(t *testing.T) {
	type Lamp struct {
		Colour string
		On     bool
	}
	type Older struct {
		Name string
		Lamp *Lamp
		At   procedure.Date
	}
	old := newRecords(reflect.TypeFor[Older]())
	data := string(old.append(nil, &Older{"n", &Lamp{"red", true}, procedure.DateOf(time.Unix(0, 0))}))
	newer := func() reflect.Type { // the same names, one field more, another order
		type Lamp struct {
			Watts  int
			On     bool
			Colour string
		}
		type Older struct {
			Lamp *Lamp
			More []string
			Name string
			At   procedure.Date
		}
		return reflect.TypeFor[Older]()
	}()
	s, err := knownRecords(newer, old.shape)
	if err != nil {
		t.Fatal(err)
	}
	v := reflect.New(newer)
	if err := s.read(data, v.Interface()); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(v.Interface())
	if want := `{"Lamp":{"Watts":0,"On":true,"Colour":"red"},"More":null,"Name":"n","At":"1970-01-01"}`; string(b) != want {
		t.Errorf("got %s (%v), want %s", b, err, want)
	}
	changed := shape{"Lamp": {"Colour string", "Smell string"}}
	if _, err := knownRecords(newer, changed); !fault.Is(err, fault.Invalid) {
		t.Errorf("a field that is gone: got %v", err)
	}
	changed = shape{"Lamp": {"Colour int"}}
	if _, err := knownRecords(newer, changed); !fault.Is(err, fault.Invalid) {
		t.Errorf("a field that has changed: got %v", err)
	}
}

func FuzzRecord(f *testing.F) {
	whole := newRecords(reflect.TypeFor[procedure.Procedure]())
	f.Add(string(whole.append(nil, everything(f))))
	f.Add(string(whole.append(nil, generate(1, 20).Procedures[0])))
	f.Add("\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")
	f.Fuzz(func(t *testing.T, data string) {
		var p procedure.Procedure
		if whole.read(data, &p) == nil && len(strings.TrimRight(data, "\x00")) > 0 {
			whole.append(nil, &p)
		}
	})
}

func BenchmarkReadRecord(b *testing.B) {
	whole := newRecords(reflect.TypeFor[procedure.Procedure]())
	p := generate(1, 20).Procedures[0]
	data := string(whole.append(nil, p))
	b.Run("record", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var p procedure.Procedure
			if err := whole.read(data, &p); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(len(data)), "bytes")
	})
	text, err := json.Marshal(p)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("json", func(b *testing.B) {
		for b.Loop() {
			var p procedure.Procedure
			if err := json.Unmarshal(text, &p); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(len(text)), "bytes")
	})
}
