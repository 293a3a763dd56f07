/* CSV as offices write it: any of four separators, quotes, and text that may not be UTF-8. */

const separators = [",", ";", "\t", "|"];

/** The text of a file, in UTF-8 or else as Windows writes it. */
export async function textOf(file) {
    const bytes = await file.arrayBuffer();
    try {
        return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
        return new TextDecoder("windows-1252").decode(bytes);
    }
}

/** {header, rows}, each row a list of cells. */
export function parseCSV(text) {
    const body = text.replace(/^\uFEFF/, "");
    const first = body.slice(0, body.search(/\r?\n|$/));
    const counts = separators.map((one) => [first.split(one).length, one]).sort((a, b) => b[0] - a[0]);
    const rows = split(body, counts[0][1]).filter((row) => row.some((cell) => cell.trim()));
    return { header: (rows[0] ?? []).map((cell) => cell.trim()), rows: rows.slice(1) };
}

function split(text, separator) {
    const rows = [];
    let row = [], cell = "", isQuoted = false;
    for (let at = 0; at < text.length; at++) {
        const one = text[at];
        if (isQuoted) {
            if (one !== '"') cell += one;
            else if (text[at + 1] === '"') cell += text[++at];
            else isQuoted = false;
        } else if (one === '"' && cell === "") isQuoted = true;
        else if (one === separator) [row, cell] = [[...row, cell], ""];
        else if (one === "\n") {
            rows.push([...row, cell.replace(/\r$/, "")]);
            [row, cell] = [[], ""];
        } else cell += one;
    }
    if (cell || row.length) rows.push([...row, cell]);
    return rows;
}

const quoted = (cell) => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** Writes a table as a file. */
export function writeCSV({ header, rows }) {
    const line = (cells) => header.map((_, at) => quoted(cells[at] ?? "")).join(",");
    return new Blob([[header, ...rows].map(line).join("\n")], { type: "text/csv" });
}
