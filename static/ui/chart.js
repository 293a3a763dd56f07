export { chart } from "../portal/chart.js";
