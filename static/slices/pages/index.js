import automation from "./automation.js";
import clients from "./clients.js";
import discovery from "./discovery.js";
import insights from "./insights.js";
import marketing from "./marketing.js";
import selling from "./selling.js";
import support from "./support.js";

/*
 * The pages that the search finds besides the entries, part by part: functions of [{text, path, permission}]. They come
 * with the search, as nothing else shows them.
 */
export default [automation, clients, discovery, insights, marketing, selling, support];
