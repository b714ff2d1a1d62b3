package views

var failureIcons = map[string]string{
	"not-found": "search", "unauthenticated": "lock", "forbidden": "lock", "limited": "clock",
	"conflict": "people", "unavailable": "cloud", "too-large": "box", "unsupported": "box",
}

func failureIcon(kind string) string {
	if icon, known := failureIcons[kind]; known {
		return icon
	}
	return "warning"
}
