/* JSON Schema as OpenAPI 3.1 uses it: references, types in words, examples, and a request made of them. */

const depthMax = 6;
const texts = {
    "date-time": "2026-11-20T06:15:29.123Z", date: "2026-11-20", email: "jane@example.com",
    uri: "https://www.example.com",
};

export function resolve(part, api) {
    if (!part?.$ref) return part;
    const names = part.$ref.slice(2).split("/").map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
    return names.reduce((place, name) => place?.[name], api) ?? {};
}

/** A type as nodes and text: "list of Lead", "text or null, one of new, won"; `link` makes a name one can follow. */
export function typeOf(schema, link) {
    if (schema.$ref) return [link(schema.$ref.split("/").pop())];
    const choices = schema.anyOf ?? schema.oneOf;
    if (choices) return choices.flatMap((choice, index) => [index ? " or " : "", ...typeOf(choice, link)]);
    const types = [schema.type ?? "any"].flat();
    const words = types.flatMap((type, index) => {
        const inner = type === "array" && schema.items ? ["list of ", ...typeOf(schema.items, link)] : [type];
        return [index ? " or " : "", ...inner];
    });
    if (schema.format) words.push(` (${schema.format})`);
    if (schema.enum) words.push(`, one of ${schema.enum.filter((value) => value !== null).join(", ")}`);
    const { minimum, maximum, maxLength } = schema;
    if (minimum !== undefined || maximum !== undefined) words.push(`, ${minimum ?? "…"} to ${maximum ?? "…"}`);
    if (maxLength !== undefined) words.push(`, at most ${maxLength} characters`);
    if (schema.default !== undefined) words.push(`, else ${JSON.stringify(schema.default)}`);
    return words;
}

/** A value that fits: the schema's own example where it has one, otherwise made of its parts. */
export function example(schema, api, depth = 0) {
    const whole = resolve(schema, api);
    if (whole.example !== undefined) return whole.example;
    if (whole.examples?.length) return whole.examples[0];
    if (whole.const !== undefined) return whole.const;
    if (whole.default !== undefined) return whole.default;
    if (whole.enum) return whole.enum[0];
    const choice = (whole.anyOf ?? whole.oneOf)?.[0];
    if (choice) return example(choice, api, depth);
    if (depth > depthMax) return null;
    const parts = [whole, ...(whole.allOf ?? []).map((part) => resolve(part, api))];
    const properties = Object.entries(Object.assign({}, ...parts.map((part) => part.properties)));
    switch ([whole.type ?? (properties.length ? "object" : "null")].flat()[0]) {
        case "object": return Object.fromEntries(properties.map(([name, part]) => [name, example(part, api, depth + 1)]));
        case "array": return whole.items ? [example(whole.items, api, depth + 1)] : [];
        case "integer": case "number": return whole.minimum ?? 1;
        case "boolean": return true;
        case "string": return texts[whole.format] ?? "…";
        default: return null;
    }
}

/** A command that calls the operation; $TOKEN and the parts in braces are the reader's. */
export function curl({ method, path, requestBody, security }, api, origin) {
    const parts = [`curl ${method === "get" ? "" : `-X ${method.toUpperCase()} `}${quoted(origin + path)}`];
    if (security?.length !== 0) parts.push('-H "Authorization: Bearer $TOKEN"');
    const [type, media] = Object.entries(requestBody?.content ?? {})[0] ?? [];
    if (type) parts.push(`-H ${quoted(`Content-Type: ${type}`)}`);
    if (type?.includes("json") && media.schema?.type !== "string") {
        parts.push(`-d ${quoted(JSON.stringify(media.example ?? writable(media.schema ?? {}, api), null, 2))}`);
    } else if (type) parts.push("--data-binary @file");
    return parts.join(" \\\n    ");
}

/** An example without what only the server may set. */
function writable(schema, api) {
    const value = example(schema, api);
    for (const [name, part] of Object.entries(resolve(schema, api).properties ?? {})) {
        if (part.readOnly) delete value[name];
    }
    return value;
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
