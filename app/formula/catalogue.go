package formula

import (
	"maps"
	"slices"
)

// functions are those that may be called, by name.
var functions = func() map[string]function {
	all := map[string]function{}
	for _, list := range [][]function{textFunctions, numberFunctions, listFunctions, dateFunctions} {
		for _, f := range list {
			all[f.Name] = f
		}
	}
	return all
}()

// callable are the names of functions and loops, for those who mistype one.
var callable = slices.Concat(slices.Sorted(maps.Keys(functions)), slices.Sorted(maps.Keys(loops)))

// loops are those that the grammar knows.
var loops = func() map[string]loop {
	all := map[string]loop{}
	for _, l := range loopList {
		all[l.Name] = l
	}
	return all
}()

var loopList = []loop{
	{Function{"all", "all(list, condition)", "Oui si la condition tient pour chaque valeur (# est la valeur, .nom son membre, #index sa place).", "Yes when the condition holds for every value (# is the value, .name its member, #index its place).", `all([1, 2], # > 0)`, `true`}, decide(false, false)},
	{Function{"any", "any(list, condition)", "Oui si la condition tient pour au moins une valeur.", "Yes when the condition holds for at least one value.", `any([1, 2], # > 1)`, `true`}, decide(true, true)},
	{Function{"none", "none(list, condition)", "Oui si la condition ne tient pour aucune valeur.", "Yes when the condition holds for no value.", `none([1, 2], # > 2)`, `true`}, decide(true, false)},
	{Function{"one", "one(list, condition)", "Oui si la condition tient pour exactement une valeur.", "Yes when the condition holds for exactly one value.", `one([1, 2], # > 1)`, `true`}, one},
	{Function{"filter", "filter(list, condition)", "Les valeurs pour lesquelles la condition tient.", "The values for which the condition holds.", `filter([1, 2, 3], # >= 2)`, `[2,3]`}, filter},
	{Function{"map", "map(list, formula)", "Ce que la formule donne pour chaque valeur ; un objet s’y écrit entre parenthèses, ({n: #}).", "What the formula gives for each value; an object in it stands in parentheses, ({n: #}).", `map([{n: "a"}, {n: "b"}], upper(.n))`, `["A","B"]`}, mapped},
	{Function{"count", "count(list, condition)", "Pour combien de valeurs la condition tient.", "For how many values the condition holds.", `count([1, 2, 3], # >= 2)`, `2`}, count},
	{Function{"sum", "sum(list, formula)", "La somme des nombres, ou de ce que la formule donne pour chaque valeur.", "The sum of the numbers, or of what the formula gives for each value.", `sum([{p: 2, q: 3}, {p: 1, q: 4}], .p * .q)`, `10`}, sum},
	{Function{"find", "find(list, condition)", "La première valeur pour laquelle la condition tient, rien s’il n’y en a pas.", "The first value for which the condition holds, nothing when there is none.", `find([1, 2, 3], # > 1)`, `2`}, search(false, false)},
	{Function{"findIndex", "findIndex(list, condition)", "La place, à partir de 0, de la première valeur pour laquelle la condition tient.", "The place, from 0, of the first value for which the condition holds.", `findIndex([5, 6], # == 6)`, `1`}, search(true, false)},
	{Function{"findLast", "findLast(list, condition)", "La dernière valeur pour laquelle la condition tient.", "The last value for which the condition holds.", `findLast([1, 2, 3], # < 3)`, `2`}, search(false, true)},
	{Function{"findLastIndex", "findLastIndex(list, condition)", "La place de la dernière valeur pour laquelle la condition tient.", "The place of the last value for which the condition holds.", `findLastIndex([6, 5, 6], # == 6)`, `2`}, search(true, true)},
	{Function{"groupBy", "groupBy(list, formula)", "Un objet qui range les valeurs par ce que la formule donne pour chacune.", "An object that puts the values by what the formula gives for each.", `groupBy(["a", "bb", "c"], len(#))`, `{"1":["a","c"],"2":["bb"]}`}, groupBy},
	{Function{"sortBy", `sortBy(list, formula, "desc")`, "La liste dans l’ordre de ce que la formule donne pour chaque valeur.", "The list in the order of what the formula gives for each value.", `sortBy([{n: 2}, {n: 1}], .n)`, `[{"n":1},{"n":2}]`}, sortBy},
	{Function{"reduce", "reduce(list, formula, start)", "Ce que la formule donne à la fin, #acc étant ce qu’elle a donné pour la valeur d’avant.", "What the formula gives at the end, #acc being what it gave for the value before.", `reduce([1, 2, 3], #acc * 10 + #, 0)`, `123`}, reduce},
}

// wordOperators are the operators written as words, for help.
var wordOperators = []Function{
	{"and", "a and b", "Oui si les deux tiennent.", "Yes when both hold.", `1 < 2 and 2 < 3`, `true`},
	{"or", "a or b", "Oui si l’un des deux tient.", "Yes when one of the two holds.", `1 > 2 or 2 > 1`, `true`},
	{"not", "not a", "Oui si la condition ne tient pas.", "Yes when the condition does not hold.", `not (1 > 2)`, `true`},
	{"in", "value in list", "Oui si la valeur est dans la liste, ou le texte dans le texte.", "Yes when the value is in the list, or the text in the text.", `"vpn" in ["wifi", "vpn"]`, `true`},
	{"contains", "text contains part", "Oui si le texte contient la partie, ou la liste la valeur.", "Yes when the text contains the part, or the list the value.", `"imprimante" contains "prim"`, `true`},
	{"startsWith", "text startsWith part", "Oui si le texte commence par la partie.", "Yes when the text begins with the part.", `"PC-0042" startsWith "PC-"`, `true`},
	{"endsWith", "text endsWith part", "Oui si le texte finit par la partie.", "Yes when the text ends with the part.", `"photo.png" endsWith ".png"`, `true`},
	{"matches", "text matches pattern", "Oui si le texte correspond au motif (expression régulière RE2, écrite entre guillemets).", "Yes when the text matches the pattern (RE2 regular expression, written between quotes).", `"PC-0042" matches "^PC-[0-9]{4}$"`, `true`},
}
