package arbiter

// Unmet returns the demand that no source has met yet.
func (a *Arbiter) Unmet() int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.unmet
}
