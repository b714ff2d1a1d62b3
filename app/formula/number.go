package formula

import (
	"math"
	"strconv"
	"strings"
)

// calculations are what arithmetic operators do to two numbers.
var calculations = map[string]func(x, y float64) float64{
	"-":  difference,
	"*":  func(x, y float64) float64 { return x * y },
	"/":  func(x, y float64) float64 { return x / y },
	"%":  math.Mod,
	"**": math.Pow,
	"^":  math.Pow,
}

// arithmetic returns what an operator does to two values.
func arithmetic(operator string) func(r *run, a, b any) (any, error) {
	calculate, divides := calculations[operator], operator == "/" || operator == "%"
	return func(_ *run, a, b any) (any, error) {
		x, okA := a.(float64)
		y, okB := b.(float64)
		if !okA || !okB {
			return nil, fail("formula.operands", operator, KindOf(a), KindOf(b))
		}
		if divides && y == 0 {
			return nil, fail("formula.zero")
		}
		return finite(calculate(x, y))
	}
}

// tolerance is how far apart, relative to their size, two decimals may be and
// still be the same number that binary fractions could not hold.
const tolerance = 1e-14

// same reports whether two numbers are equal on paper: whole numbers exactly,
// others but for the rounding of binary fractions.
func same(x, y float64) bool {
	if x == y {
		return true
	}
	if x == math.Trunc(x) && y == math.Trunc(y) {
		return false
	}
	return math.Abs(x-y) <= tolerance*max(math.Abs(x), math.Abs(y))
}

// difference is x - y, and zero when they are the same on paper.
func difference(x, y float64) float64 {
	if same(x, y) {
		return 0
	}
	return x - y
}

// plus is x + y, with the same care as difference.
func plus(x, y float64) float64 {
	if x < 0 != (y < 0) {
		return difference(x, -y)
	}
	return x + y
}

// whole returns the whole number that x is on paper.
func whole(x float64) (n float64, ok bool) {
	n = math.Round(x)
	return n, same(x, n)
}

// rounded is x with so many decimals, halves away from zero as on paper.
func rounded(x float64, decimals int) float64 {
	scale := math.Pow(10, float64(decimals))
	scaled := x * scale
	if math.IsInf(scaled, 0) || scale == 0 {
		return x
	}
	low := math.Trunc(scaled)
	if rest := math.Abs(scaled - low); rest >= 0.5 || same(rest+math.Abs(low), math.Abs(low)+0.5) {
		low += math.Copysign(1, x)
	}
	return low / scale
}

// Plain writes a number for machines: a point, no groups, at most fifteen
// significant digits.
func Plain(f float64) string {
	if f == math.Trunc(f) && math.Abs(f) < 1e15 {
		return strconv.FormatInt(int64(f), 10)
	}
	var buf [32]byte
	out := strconv.AppendFloat(buf[:0], f, 'g', 15, 64)
	if a := math.Abs(f); a < 1e21 && a >= 1e-7 {
		short, _ := strconv.ParseFloat(string(out), 64)
		out = strconv.AppendFloat(buf[:0], short, 'f', -1, 64)
	}
	return string(out)
}

// readNumber reads a number as a person writes it in French or English: spaces
// between groups, a comma or a point before the decimals.
func readNumber(s string) (float64, bool) {
	s = spacesInNumbers.Replace(strings.TrimSpace(s))
	if strings.Count(s, ",") == 1 && !strings.Contains(s, ".") {
		s = strings.Replace(s, ",", ".", 1)
	}
	if s == "" || strings.Trim(s, "+-.0123456789eE") != "" {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f + 0, err == nil
}

// spacesInNumbers takes away what people write between groups of digits, and
// makes the long minus short.
var spacesInNumbers = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "\u2212", "-")
