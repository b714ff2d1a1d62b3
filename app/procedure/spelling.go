package procedure

import "regexp"

// spellings are how the words of some roles are written, by role.
var spellings = map[string]*regexp.Regexp{
	"id":          idPattern,
	"uid":         regexp.MustCompile(`^[a-z2-7]{26}$`),
	"alias":       regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`),
	"hash":        regexp.MustCompile(`^[0-9a-f]{64}$`),
	"media":       regexp.MustCompile(`^[a-z]+/([a-z0-9.+-]+|\*)$`),
	"resource_id": regexp.MustCompile(`^[a-z][a-z0-9_-]{0,79}$`),
}

// maxAlias is how long an alias may be.
const maxAlias = 80

// IsSpelt reports whether a word is written as its role wants it: an id, a uid,
// an alias, a hash, a media type or the id of a resource. Words of other roles
// are written as one likes.
func IsSpelt(role, word string) bool {
	pattern := spellings[role]
	return pattern == nil || pattern.MatchString(word) && (role != "alias" || len(word) <= maxAlias)
}
