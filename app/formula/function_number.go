package formula

import "math"

// numberFunctions work on numbers.
var numberFunctions = []function{
	{Function{"round", "round(number, decimals)", "Le nombre arrondi, à l’unité ou à tant de décimales.", "The number rounded, to the unit or to so many decimals.", `round(2.675, 2)`, `2.68`}, 1, 2, round},
	{Function{"floor", "floor(number)", "Le plus grand entier qui ne dépasse pas le nombre.", "The largest whole number not above the number.", `floor((0.1 + 0.7) * 10)`, `8`}, 1, 1, floor},
	{Function{"ceil", "ceil(number)", "Le plus petit entier qui n’est pas sous le nombre.", "The smallest whole number not below the number.", `ceil(4.1)`, `5`}, 1, 1, ceil},
	{Function{"abs", "abs(number)", "Le nombre sans son signe.", "The number without its sign.", `abs(-3)`, `3`}, 1, 1, abs},
	{Function{"min", "min(number, …)", "Le plus petit des nombres, ou de ceux d’une liste.", "The smallest of the numbers, or of those of a list.", `min(3, 1, 2)`, `1`}, 1, -1, smallest},
	{Function{"max", "max(number, …)", "Le plus grand des nombres, ou de ceux d’une liste.", "The largest of the numbers, or of those of a list.", `max([3, 1, 2])`, `3`}, 1, -1, largest},
	{Function{"average", "average(list)", "La moyenne des nombres de la liste, rien si elle est vide.", "The mean of the list's numbers, nothing when it is empty.", `average([1, 2, 6])`, `3`}, 1, 1, average},
}

func round(c *call) any {
	decimals := 0
	if c.has(1) {
		decimals = c.count(1, 0, 12)
	}
	return rounded(c.number(0), decimals) + 0
}

func floor(c *call) any { return toward(c.number(0), math.Floor) }
func ceil(c *call) any  { return toward(c.number(0), math.Ceil) }

// toward rounds to a side, but leaves a number that is whole on paper alone.
func toward(f float64, side func(float64) float64) float64 {
	if n, ok := whole(f); ok {
		return n + 0
	}
	return side(f) + 0
}

func abs(c *call) any { return math.Abs(c.number(0)) }

func smallest(c *call) any { return extreme(c, func(f, best float64) bool { return f < best }) }
func largest(c *call) any  { return extreme(c, func(f, best float64) bool { return f > best }) }

// extreme finds the most of the values, or of the list that is the only one.
// What is nil is passed over.
func extreme(c *call, better func(f, best float64) bool) any {
	list := c.args
	if inner, ok := c.args[0].([]any); ok && len(c.args) == 1 {
		list = inner
	}
	if !c.pays(len(list), 0) {
		return nil
	}
	var best any
	for _, v := range list {
		f, ok := v.(float64)
		switch {
		case !ok && v != nil:
			c.fail(fail("formula.operand", c.name, KindOf(v)))
		case ok && (best == nil || better(f, best.(float64))):
			best = f
		}
	}
	return best
}

func average(c *call) any {
	list := c.list(0)
	if len(list) == 0 || c.err != nil {
		return nil
	}
	total, err := sum(&walk{run: c.run, name: c.name, list: list, size: 1})
	c.fail(err)
	if c.err != nil {
		return nil
	}
	n := 0
	for _, v := range list {
		if v != nil {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return total.(float64) / float64(n)
}
