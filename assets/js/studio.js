// The Studio: what every page has.

import "./swap.js";
import "./page.js";
import "./studio-palette.js";

// On a narrow screen the pages of a project stand in one line that scrolls.
document.querySelector(".desk-side [aria-current=page]")?.scrollIntoView({ inline: "center", block: "nearest" });
