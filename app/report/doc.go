// Package report knows how counts of executions become what people look at:
// periods, trends, changes, medians, the steps where people leave. It refuses
// to know where the counts come from and how they are shown. Its main names are
// Period, Trend and Draw.
package report
