// The portal: what every page has, and its search.

import "./swap.js";
import "./page.js";
import "./search-box.js";
