package demo

// What people type, by language. Like every text here, it was written for the
// demonstration: nobody said it.

var pleased = map[string][]string{
	"fr": {"Très clair, merci.", "Résolu en deux minutes.", "Les images aident beaucoup.", "Pour une fois, pas besoin d’appeler !", "Parfait.", "Simple et rapide.", "J’ai appris un raccourci au passage.", "Bien expliqué, même pour moi."},
	"en": {"Very clear, thank you.", "Fixed in two minutes.", "The pictures help a lot.", "No need to call, for once!", "Perfect.", "Learnt a shortcut on the way."},
}

var displeased = map[string][]string{
	"fr": {"Je n’ai pas trouvé le menu indiqué.", "Trop d’étapes.", "Mon cas n’y est pas.", "Ça a recommencé le lendemain.", "J’aurais préféré parler à quelqu’un.", "L’écran ne ressemble pas à l’image."},
	"en": {"I could not find the menu.", "Too many steps.", "My case is not there.", "It came back the next day.", "The screen does not look like the picture."},
}

var postits = map[string][]string{
	"fr": {"Le bouton s’appelle autrement depuis la mise à jour.", "Ajouter le cas des tablettes ?", "À Gerland, le réseau s’appelle TRABOULE-ATELIER.", "La touche n’existe pas sur mon clavier.", "Il manque l’étape où l’on choisit la langue.", "Le numéro n’était pas joignable vendredi soir.", "Lien cassé ?", "Merci de préciser où se trouve l’armoire."},
	"en": {"The button has another name since the update.", "What about tablets?", "My keyboard does not have that key.", "Please say where the cupboard is.", "Broken link?"},
}

var remarks = map[string][]string{
	"fr": {"Depuis ce matin, après la mise à jour.", "Une fenêtre se ferme aussitôt.", "Cela arrive surtout l’après-midi.", "Le message dit « délai dépassé ».", "Mes collègues n’ont pas le problème.", "C’est la deuxième fois ce mois-ci."},
	"en": {"Since this morning, after the update.", "A window closes at once.", "Mostly in the afternoon.", "The message says “timed out”.", "My colleagues do not have the problem.", "Second time this month."},
}

// typed is what people type in fields that take nothing else: by the id of the
// field, or by its type and its id.
var typed = map[string]any{
	"login": "c.perrachon", "code": "482913", "social": "285126938212345", "iban": "FR7630006000011234567890189",
	"holder": "Camille Perrachon", "number": "20417", "tag": "MT-LT-04127", "name": "Camille Perrachon",
	"mail address": "devis@traboule.example", "mail manager": "t.chavanne@traboule.example", "first": "Zoé", "last": "Martin",
	"path": "Commerce › Devis › 2026 › devis-118.xlsx", "place": "TGV 6607, voiture 4", "newcomer": "Zoé Martin",
	"reach_from": "09:00", "reach_to": "17:30", "question": "L’étiqueteuse ne répond plus", "days": []any{"mon", "fri"},
	"postal": "3 rue des Capucins, 69001 Lyon", "address": "3 rue des Capucins, 69001 Lyon",
}

// lookedFor is what people look for on the portals, some of it in vain.
var lookedFor = map[string][]string{
	"fr": {"wifi", "wi-fi bureau", "mot de passe", "mot de passe oublié", "vpn", "vpn bloqué", "imprimante", "bourrage papier", "ordinateur lent", "mail suspect", "hameçonnage", "téléphone volé", "boîte pleine", "écran salle", "micro visio", "installer logiciel", "casque", "congé", "mutuelle", "remboursement tcl", "télétravail", "badge perdu", "formation anglais", "rib", "imprimente", "compte verouillé", "chauffage", "ticket restaurant", "note de frais", "place de parking", "étiqueteuse", "climatisation bureau", "chèque vacances", "machine à café"},
	"en": {"wifi", "password", "forgotten password", "vpn", "printer", "slow computer", "phishing", "lost phone", "headset", "holiday balance", "health plan", "remote work", "parking", "meal vouchers", "expenses"},
}
