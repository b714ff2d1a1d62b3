// Package platform knows the presentation servers of an edition server: how each joins,
// what each has and lacks, and when those of a group switch to what was published. It
// refuses to know how things are published, how requests are proved, and pages.
//
// Its main names are Platform, Member and Rollout.
package platform
