package conformance

const RaceEnabled = raceEnabled
