package formula

import (
	"strings"
)

// words are those of a language that values need when people read them.
type words struct {
	yes, no  string
	months   [12]string
	days     [7]string // from Monday
	dayForm  string    // of a day with its month and year
	between  string    // a day and a time of day
	timeForm string    // of a time of day
}

// wordsOf returns the words of a language, those of its primary language, or
// English ones.
func wordsOf(lang string) *words {
	if w, ok := languages[lang]; ok {
		return w
	}
	primary, _, _ := strings.Cut(strings.ToLower(lang), "-")
	if w, ok := languages[primary]; ok {
		return w
	}
	return languages["en"]
}

// speaks reports whether we have words of a language of its own.
func speaks(lang string) bool {
	return wordsOf(lang) != languages["en"] || lang == "en" || strings.HasPrefix(lang, "en-")
}

// separators returns what stands before decimals and between groups of three
// digits.
func separators(lang string) (point, group string) {
	primary, _, _ := strings.Cut(strings.ToLower(lang), "-")
	switch {
	case lang == "de-CH" || lang == "it-CH":
		return ".", "’"
	case strings.Contains(" fr sv nb nn no fi pl cs sk hu bg ru uk et lv lt sq hy ka kk be ", " "+primary+" "):
		return ",", "\u202f"
	case strings.Contains(" de es it nl pt da el tr id ro hr sl sr mk is ca gl eu vi az ", " "+primary+" "):
		return ",", "."
	}
	return ".", ","
}

var languages = map[string]*words{
	"fr": {
		yes: "oui", no: "non",
		months:  [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
		days:    [7]string{"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"},
		dayForm: "d MMMM yyyy", between: " à ", timeForm: "H'\u202fh\u202f'mm",
	},
	"en": {
		yes: "yes", no: "no",
		months:  [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		days:    [7]string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
		dayForm: "d MMMM yyyy", between: " at ", timeForm: "HH:mm",
	},
	"de": {
		yes: "ja", no: "nein",
		months:  [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
		days:    [7]string{"Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"},
		dayForm: "d. MMMM yyyy", between: " um ", timeForm: "HH:mm",
	},
	"es": {
		yes: "sí", no: "no",
		months:  [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
		days:    [7]string{"lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"},
		dayForm: "d 'de' MMMM 'de' yyyy", between: ", ", timeForm: "HH:mm",
	},
	"it": {
		yes: "sì", no: "no",
		months:  [12]string{"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"},
		days:    [7]string{"lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"},
		dayForm: "d MMMM yyyy", between: " alle ", timeForm: "HH:mm",
	},
	"nl": {
		yes: "ja", no: "nee",
		months:  [12]string{"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"},
		days:    [7]string{"maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"},
		dayForm: "d MMMM yyyy", between: " om ", timeForm: "HH:mm",
	},
	"pt": {
		yes: "sim", no: "não",
		months:  [12]string{"janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"},
		days:    [7]string{"segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"},
		dayForm: "d 'de' MMMM 'de' yyyy", between: " às ", timeForm: "HH:mm",
	},
}
