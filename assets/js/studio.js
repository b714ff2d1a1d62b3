// The Studio: what every page has.

import "./swap.js";
import "./page.js";
import "./studio-palette.js";
