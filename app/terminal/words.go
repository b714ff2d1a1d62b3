package terminal

// words are the sentences of the terminal itself; those of the pages come with
// them.
type words struct {
	answer, answers, enter, value, kept, yesNo, path, rating, comment  string
	filter, more, noRow, notThis, ended, outOfAnswers, jumped, another string
	hint, outcome, ticket, continued, options, required, seen          string
}

var languages = map[string]words{
	"fr": {
		answer:       "Votre réponse (1-%d)",
		answers:      "Vos réponses (numéros, séparés par des virgules)",
		enter:        "[Entrée] %s",
		value:        "Valeur",
		kept:         "[Entrée] garde %s",
		yesNo:        "o/n",
		path:         "Chemin d’un fichier, ligne vide pour terminer",
		rating:       "Note de %d à %d, ligne vide pour passer",
		comment:      "Commentaire, ligne vide pour passer",
		filter:       "/mots filtre, > et < changent de page",
		more:         "Page %d sur %d, %d lignes",
		noRow:        "Aucune ligne.",
		notThis:      "Ce n’est pas une des possibilités.",
		ended:        "Terminé",
		outOfAnswers: "Il n’y a plus de réponses, et la procédure n’est pas finie.",
		jumped:       "La procédure attend jusqu’au %s ; le temps est avancé.",
		another:      "Ajouter une ligne ?",
		hint:         "(:retour  :recommencer  :quitter)",
		outcome:      "Résultat : %s",
		ticket:       "Ticket : %s",
		continued:    "La suite : %s",
		options:      "Choix",
		required:     "obligatoire",
		seen:         "Lien : %s",
	},
	"en": {
		answer:       "Your answer (1-%d)",
		answers:      "Your answers (numbers, separated by commas)",
		enter:        "[Enter] %s",
		value:        "Value",
		kept:         "[Enter] keeps %s",
		yesNo:        "y/n",
		path:         "Path of a file, an empty line to finish",
		rating:       "Score from %d to %d, an empty line to pass",
		comment:      "Comment, an empty line to pass",
		filter:       "/words filters, > and < turn pages",
		more:         "Page %d of %d, %d rows",
		noRow:        "No row.",
		notThis:      "That is not one of the possibilities.",
		ended:        "Finished",
		outOfAnswers: "There are no answers left, and the procedure is not finished.",
		jumped:       "The procedure waits until %s; time is moved forward.",
		another:      "Add a row?",
		hint:         "(:back  :restart  :quit)",
		outcome:      "Outcome: %s",
		ticket:       "Ticket: %s",
		continued:    "What comes next: %s",
		options:      "Choices",
		required:     "required",
		seen:         "Link: %s",
	},
}

// wordsIn returns the sentences in a language, English where there is no other.
func wordsIn(lang string) words {
	if w, known := languages[lang]; known {
		return w
	}
	return languages["en"]
}

// outcomes are the outcomes as a person reads them.
var outcomes = map[string]map[string]string{
	"fr": {"solved": "résolu", "unsolved": "non résolu", "escalated": "transmis", "informed": "informé"},
	"en": {"solved": "solved", "unsolved": "not solved", "escalated": "escalated", "informed": "informed"},
}

func outcomeIn(lang, outcome string) string {
	in, known := outcomes[lang]
	if !known {
		in = outcomes["en"]
	}
	return in[outcome]
}
