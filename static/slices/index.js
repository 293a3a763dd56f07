import automation from "./automation.js";
import clients from "./clients.js";
import discovery from "./discovery.js";
import insights from "./insights.js";
import marketing from "./marketing.js";
import operators from "./operators.js";
import selling from "./selling.js";
import support from "./support.js";

/* The parts of the console, in the order of the sidebar. A part is a file here and its name in this list. */

export default [selling, discovery, clients, support, marketing, automation, insights, operators];
