package procedure

import "reflect"

// ReadProject reads project.yaml. Procedures and scenarios stand in files of
// their own. Its error, like that of every reader here, is a failure whose
// cause is Flaws: all that is wrong, with lines.
func ReadProject(b []byte) (*Project, error) { return readYAML[Project](b) }

// ReadProcedure reads the file of one procedure.
func ReadProcedure(b []byte) (*Procedure, error) { return readYAML[Procedure](b) }

// ReadScenario reads the file of one scenario.
func ReadScenario(b []byte) (*Scenario, error) { return readYAML[Scenario](b) }

func readYAML[T any](b []byte) (*T, error) {
	t, flaws := yamlTree(b)
	if flaws != nil {
		return nil, refuse(flaws)
	}
	v := new(T)
	binder := binder{files: true}
	binder.bind(t, reflect.ValueOf(v).Elem(), "")
	if binder.flaws != nil {
		return nil, refuse(binder.flaws)
	}
	return v, nil
}

// ReadJSON fills a value of the language (*Project, *Procedure, *Step,
// *Operation, …) from JSON, as strictly as the files: no unknown property, no
// property twice, no value of a wrong type, all flaws at once.
func ReadJSON(b []byte, into any) error {
	t, flaws := jsonTree(b)
	if flaws != nil {
		return refuse(flaws)
	}
	var binder binder
	binder.bind(t, reflect.ValueOf(into).Elem(), "")
	if binder.flaws != nil {
		return refuse(binder.flaws)
	}
	return nil
}
