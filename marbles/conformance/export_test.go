package conformance

const RaceEnabled = raceEnabled

// A source that emits inside Request has no race to detect.
func init() {
	if raceEnabled {
		helpers = []bool{true}
	}
}
