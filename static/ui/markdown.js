import { h } from "./dom.js";
import { outside } from "./link.js";

/* Draws Markdown as elements: headings, lists, quotes, code, strong and stressed words, links. Text stays text:
   nothing in it can become code, and what is not known stays as it was written. */

/** The elements of a text, block by block. */
export function markdown(text) {
    const blocks = [];
    let lines = [];
    const end = () => {
        if (lines.length) blocks.push(block(lines));
        lines = [];
    };
    let fence = null;
    for (const line of String(text ?? "").replaceAll("\r\n", "\n").split("\n")) {
        if (fence !== null) {
            if (/^```/.test(line)) {
                blocks.push(h("pre", {}, h("code", {}, fence.join("\n"))));
                fence = null;
            } else {
                fence.push(line);
            }
        } else if (/^```/.test(line)) {
            end();
            fence = [];
        } else if (!line.trim()) {
            end();
        } else {
            if (lines.length && (kind(line) !== kind(lines[0]) || kind(line) === "heading")) end();
            lines.push(line);
        }
    }
    if (fence !== null) blocks.push(h("pre", {}, h("code", {}, fence.join("\n"))));
    end();
    return blocks;
}

const marks = { heading: /^#{1,6} +/, bullet: /^ *[-*+] +/, number: /^ *\d+[.)] +/, quote: /^> ?/ };

const kind = (line) => Object.keys(marks).find((name) => marks[name].test(line)) ?? "text";

function block(lines) {
    const own = kind(lines[0]), bare = lines.map((line) => line.replace(marks[own] ?? "", ""));
    // The page has a heading of its own: headings of a text are one level below it, without gaps.
    if (own === "heading") return h(/^##? /.test(lines[0]) ? "h2" : "h3", {}, inline(bare[0]));
    if (own === "bullet") return h("ul", {}, bare.map((line) => h("li", {}, inline(line))));
    if (own === "number") return h("ol", {}, bare.map((line) => h("li", {}, inline(line))));
    if (own === "quote") return h("blockquote", {}, markdown(bare.join("\n")));
    return h("p", {}, bare.flatMap((line, index) => [index > 0 && h("br", {}), inline(line)]));
}

const spans = [
    [/\\([\\`*_{}[\]()<>#+\-.!|~&$])/, ([, mark]) => mark],
    [/`([^`]+)`/, ([, code]) => h("code", {}, code)],
    [/\[([^\]]+)\]\(([^\s)]+)\)/, ([whole, text, address]) => {
        const link = outside(address);
        return link instanceof Node ? h("a", { href: link.href, rel: "noopener noreferrer" }, text) : whole;
    }],
    [/\*\*(.+?)\*\*/, ([, text]) => h("strong", {}, inline(text))],
    [/(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])/, ([, text]) => h("em", {}, inline(text))],
    [/(?<!\w)_([^_\s][^_]*)_(?!\w)/, ([, text]) => h("em", {}, inline(text))],
    [/https?:\/\/[^\s<>()]*[^\s<>().,;:!?]/, ([address]) => outside(address)],
];

/** A line: marks as they come, and the text between them. */
function inline(text) {
    const parts = [];
    for (let rest = text; rest;) {
        let first = null;
        for (const [mark, make] of spans) {
            const found = mark.exec(rest);
            if (found && (!first || found.index < first.found.index)) first = { found, make };
        }
        if (!first) {
            parts.push(rest);
            break;
        }
        const { found, make } = first;
        parts.push(rest.slice(0, found.index), make(found));
        rest = rest.slice(found.index + found[0].length);
    }
    return parts;
}
