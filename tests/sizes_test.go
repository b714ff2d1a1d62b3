package tests

import (
	"cmp"
	"fmt"
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// The sizes at which the build stops. Long before, the listing that this test
// prints should have been talked about.
const (
	stopFunction = 80
	stopFile     = 500
	stopPackage  = 5000
	stopMain     = 60
	stopWiring   = 1700 // a server has one of three roles, and takes certificates while it works
)

// sized is a thing with a number of lines.
type sized struct {
	name  string
	lines int
	stop  int
}

// TestSizes prints the ten largest functions, files and packages, and fails
// where one is past the size that stops. Generated code, tests and files that
// hold data only do not count.
func TestSizes(t *testing.T) {
	var functions, files, packages []sized
	lines := map[string]int{}
	for _, src := range sources(t) {
		if src.test || src.pkg == "tests" || strings.HasPrefix(src.pkg, "tests/") || ast.IsGenerated(src.file) {
			continue
		}
		lines[src.pkg] += src.lines()
		own := functionsOf(src)
		functions = append(functions, own...)
		if len(own) > 0 {
			files = append(files, sized{src.name, src.lines(), stopFileOf(src.name)})
		}
	}
	for pkg, n := range lines {
		packages = append(packages, sized{pkg, n, stopPackageOf(pkg)})
	}
	report(t, "functions", functions)
	report(t, "files", files)
	report(t, "packages", packages)
}

// functionsOf lists the functions of a file; a file without any is data.
func functionsOf(src source) []sized {
	var list []sized
	for _, decl := range src.file.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok {
			continue
		}
		from, to := src.set.Position(fn.Pos()), src.set.Position(fn.End())
		name := fmt.Sprintf("%s:%d %s", src.name, from.Line, fn.Name.Name)
		list = append(list, sized{name, to.Line - from.Line + 1, stopFunction})
	}
	return list
}

func stopFileOf(name string) int {
	if name == "main.go" {
		return stopMain
	}
	return stopFile
}

func stopPackageOf(pkg string) int {
	if pkg == "app" {
		return stopWiring
	}
	return stopPackage
}

func report(t *testing.T, what string, list []sized) {
	slices.SortFunc(list, func(a, b sized) int {
		return cmp.Or(cmp.Compare(b.lines, a.lines), cmp.Compare(a.name, b.name))
	})
	var b strings.Builder
	for _, s := range list[:min(10, len(list))] {
		fmt.Fprintf(&b, "\n%5d  %s", s.lines, s.name)
	}
	t.Logf("the largest %s:%s", what, b.String())
	for _, s := range list {
		if s.lines > s.stop {
			t.Errorf("%s has %d lines; it must be split before %d", s.name, s.lines, s.stop)
		}
	}
}
