package document

import (
	"errors"
	"strconv"
)

// PathError is an error at a place in a document.
type PathError struct {
	Path string // "spec.containers[web].image"; empty at the root
	Err  error
}

func (e *PathError) Error() string {
	if e.Path == "" {
		return e.Err.Error()
	}
	return e.Path + ": " + e.Err.Error()
}

func (e *PathError) Unwrap() error { return e.Err }

// atKey puts a key in front of the error's path, so that paths cost nothing
// until something fails.
func atKey(key string, err error) error {
	return prepend(key, err)
}

// atIndex is atKey for an item of a list.
func atIndex(index int, err error) error {
	return prepend("["+strconv.Itoa(index)+"]", err)
}

func prepend(segment string, err error) error {
	if err == nil {
		return nil
	}
	if at, ok := errors.AsType[*PathError](err); ok {
		path := segment
		if at.Path != "" && at.Path[0] != '[' {
			path += "."
		}
		return &PathError{Path: path + at.Path, Err: at.Err}
	}
	return &PathError{Path: segment, Err: err}
}

// prependNothing makes sure that an error is a *PathError.
func prependNothing(err error) error {
	if at, ok := errors.AsType[*PathError](err); ok {
		return at
	}
	return &PathError{Err: err}
}
