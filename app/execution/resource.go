package execution

import "net/url"

// FileURL is the local address of a stored file: what the web serves and what
// texts, images and downloads name.
func FileURL(hash, name string) string {
	return "/files/" + hash + "/" + url.PathEscape(name)
}
