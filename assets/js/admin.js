// The administration: what every page has.

import "./swap.js";
import "./page.js";
import "./search-box.js";
