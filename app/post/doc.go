// Package post knows the letters that the server writes to people of its own
// accord: by which mail server they go, in which language and words, and who
// gets one that leads to a new password. It refuses to know how a letter is
// given to a server (app/connect/mail) and when it is tried again (app/job).
//
// Its main names are Post, ReadServer and Post.Deeds.
package post
