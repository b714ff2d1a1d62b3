// Package seal is what browsers keep for us: values signed or sealed with the secrets
// that all servers of a platform share, and the pass of an execution. It knows keys,
// purposes and what a pass says. It refuses to know cookies, requests and sessions:
// those are the frame's.
package seal
