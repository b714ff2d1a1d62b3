package formula

import (
	"maps"
	"slices"
)

// Message is a sentence about something wrong with a formula.
type Message struct {
	Key, French, English string // the sentences hold one %s for each argument
}

// Messages returns every sentence this package may answer with, sorted by key,
// for the catalogues of the interface.
func Messages() []Message {
	list := make([]Message, 0, len(messages))
	for _, key := range slices.Sorted(maps.Keys(messages)) {
		list = append(list, Message{key, messages[key].french, messages[key].english})
	}
	return list
}

type sentence struct{ french, english string }

// messages are the sentences by key. French ones use narrow no-break spaces
// (U+202F) where French typography wants them.
var messages = map[string]sentence{
	// Reading.
	"formula.empty":         {"La formule est vide.", "The formula is empty."},
	"formula.too_long":      {"La formule est trop longue : %s octets, %s au plus.", "The formula is too long: %s bytes, at most %s."},
	"formula.too_complex":   {"La formule est trop compliquée : coupez-la en plusieurs variables.", "The formula is too complicated: split it into several variables."},
	"formula.end":           {"La formule s’arrête trop tôt : il manque quelque chose à la fin.", "The formula stops too early: something is missing at the end."},
	"formula.unexpected":    {"« %s » n’a rien à faire ici.", "“%s” does not belong here."},
	"formula.between":       {"« %s » s’écrit entre deux valeurs : a %s b.", "“%s” stands between two values: a %s b."},
	"formula.sign":          {"Le signe « %s » n’existe pas dans les formules.", "The sign “%s” does not exist in formulas."},
	"formula.quotes":        {"Écrivez les textes entre guillemets droits, comme \"ceci\".", "Write texts between straight quotes, like \"this\"."},
	"formula.unclosed_text": {"Ce texte n’est pas fermé : il manque un guillemet.", "This text is not closed: a quote is missing."},
	"formula.open":          {"Cette parenthèse ou accolade « %s » n’est jamais fermée.", "This bracket “%s” is never closed."},
	"formula.close":         {"« %s » ne ferme rien.", "“%s” closes nothing."},
	"formula.equals":        {"Pour comparer, écrivez == (deux signes égal).", "To compare, write == (two equals signs)."},
	"formula.large_number":  {"Le nombre %s est trop grand pour être exact.", "The number %s is too large to be exact."},
	"formula.bad_number":    {"« %s » n’est pas un nombre.", "“%s” is not a number."},
	"formula.bytes":         {"Les textes ne portent pas de lettre devant leurs guillemets.", "Texts have no letter before their quotes."},
	"formula.sequence":      {"Une formule donne une seule valeur : retirez ce qui suit le point-virgule.", "A formula gives one value: remove what follows the semicolon."},
	"formula.root":          {"« %s » n’est pas connu. Vouliez-vous dire « %s » ?", "“%s” is not known. Did you mean “%s”?"},
	"formula.function":      {"La fonction « %s » n’existe pas. Vouliez-vous dire « %s » ?", "There is no function “%s”. Did you mean “%s”?"},
	"formula.method":        {"« .%s() » n’existe pas : écrivez la fonction devant, avec la valeur entre parenthèses.", "There is no “.%s()”: write the function first, with the value in parentheses."},
	"formula.arguments":     {"%s ne prend pas ce nombre de valeurs : il en faut %s, et non %s.", "%s takes another number of values: %s, not %s."},
	"formula.taken":         {"Le nom « %s » est déjà pris.", "The name “%s” is taken already."},
	"formula.pointer":       {"« #%s » n’existe pas ici.", "There is no “#%s” here."},
	"formula.pattern":       {"Ce motif ne peut pas être lu : %s", "This pattern cannot be read: %s"},
	"formula.pattern_text":  {"Le motif doit être écrit dans la formule, entre guillemets.", "The pattern must be written in the formula, between quotes."},
	"formula.pattern_size":  {"Les motifs sont trop longs ou se répètent trop.", "The patterns are too long or repeat too much."},
	"formula.placeholder":   {"Ce champ {{ n’est jamais fermé par }}.", "This {{ is never closed by }}."},

	// Computing.
	"formula.not_truth":     {"Une condition doit donner oui ou non ; celle-ci donne %s.", "A condition must give yes or no; this one gives %s."},
	"formula.operands":      {"« %s » ne s’applique pas à %s et %s.", "“%s” does not apply to %s and %s."},
	"formula.operand":       {"« %s » ne s’applique pas à %s.", "“%s” does not apply to %s."},
	"formula.argument":      {"%s : la valeur n° %s doit être %s ; c’est %s.", "%s: value %s must be %s; it is %s."},
	"formula.zero":          {"Division par zéro.", "Division by zero."},
	"formula.overflow":      {"Le résultat est trop grand.", "The result is too large."},
	"formula.undefined":     {"Ce calcul n’a pas de résultat.", "This calculation has no result."},
	"formula.whole":         {"%s attend un nombre entier.", "%s needs a whole number."},
	"formula.limit":         {"%s : %s est hors des limites.", "%s: %s is out of bounds."},
	"formula.date":          {"« %s » n’est pas une date (année-mois-jour).", "“%s” is not a date (year-month-day)."},
	"formula.date_pattern":  {"« %s » n’est pas un format de date : utilisez yyyy, MM, dd, HH, mm, ss.", "“%s” is not a date format: use yyyy, MM, dd, HH, mm, ss."},
	"formula.index":         {"Une place dans une liste est un nombre entier ; c’est %s.", "A place in a list is a whole number; this is %s."},
	"formula.key":           {"Le nom d’une valeur dans un objet est un texte ; c’est %s.", "The name of a value in an object is a text; this is %s."},
	"formula.long_text":     {"Le texte devient trop long.", "The text becomes too long."},
	"formula.large_value":   {"La valeur est trop grosse ou trop imbriquée.", "The value is too large or too deeply nested."},
	"formula.foreign":       {"Cette valeur n’est pas de celles que les formules connaissent (%s).", "This value is not one that formulas know (%s)."},
	"formula.budget.time":   {"La formule demande trop de calculs.", "The formula takes too much computing."},
	"formula.budget.memory": {"La formule demande trop de mémoire.", "The formula takes too much memory."},

	// Scripts.
	"formula.script.long":  {"Le script est trop long : %s octets, %s au plus.", "The script is too long: %s bytes, at most %s."},
	"formula.script.line":  {"Cette ligne n’est ni « nom = formule », ni if, for, while, return, end ou # commentaire.", "This line is neither “name = formula”, nor if, for, while, return, end or # comment."},
	"formula.script.name":  {"« %s » ne peut pas être un nom.", "“%s” cannot be a name."},
	"formula.script.open":  {"Ce « %s » n’a pas de « end ».", "This “%s” has no “end”."},
	"formula.script.stray": {"« %s » n’a rien au-dessus de lui à quoi se rapporter.", "“%s” has nothing above it to belong to."},
	"formula.script.deep":  {"Trop de blocs les uns dans les autres.", "Too many blocks inside one another."},
	"formula.script.input": {"« %s » n’est ni une entrée du script ni un nom qu’il définit.", "“%s” is neither an input of the script nor a name it sets."},
}
