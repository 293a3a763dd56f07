export * from "../drafts.js";
