// Package standby receives what another site sends: all that a second site does until it
// is promoted, and what a server goes on with that took over. It knows the folder that
// is received into and how it is looked through. It refuses to know what is in the
// databases, and how a site is promoted: that is app/command's.
package standby
