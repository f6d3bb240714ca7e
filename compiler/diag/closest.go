package diag

// Closest returns the candidate that word was most likely meant to be, "" when
// none is near.
func Closest(word string, candidates []string) string { return "" }
