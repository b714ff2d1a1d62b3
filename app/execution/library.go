package execution

// Library finds compiled procedures. All it gives belong to one version, so
// that an execution never mixes two. An unknown UID is a fault.NotFound.
type Library interface {
	Program(uid string) (*Program, error)
}

// Context is what an execution starts with. The caller has checked that the
// person may run the procedure.
type Context struct {
	ID        string         // of the execution, from the caller: at least 128 bits of randomness
	Entry     string         // UID of the procedure
	Version   string         // of the project, like "2.1"; stands in every event
	Language  string         // wanted; empty: the project's first
	Languages []string       // others the person reads, best first
	Channel   string         // web, embed, agent, api, terminal, studio…
	User      map[string]any // user.* of formulas
	Params    map[string]any // values for the inputs, by name; strings are converted; names not declared are ignored
	Conv      map[string]any // conv.* of formulas
	Env       map[string]any // env.* of formulas
	Groups    []string       // groups of the person, for the audience of answers
	Mock      bool           // nothing is really called: effects are answered as in a test, for demonstrations
	Test      bool           // breakpoints stop, effects carry a mock answer, pages show the variables
	From      string         // in a test: the step to begin at instead of Start
	Given     map[string]any // in a test: variables set before the first step
}
