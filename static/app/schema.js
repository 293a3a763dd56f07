/* JSON Schema as OpenAPI 3.1 uses it: references, types in words, examples, and a request made of them. */

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
    if (schema.default !== undefined) words.push(`, default ${JSON.stringify(schema.default)}`);
    return words;
}

/** The example of a media type, as the description has it; of a schema alone, that of its name. */
export function shownExample({ example, examples, schema }, api) {
    if (example !== undefined) return example;
    const given = Object.values(examples ?? {})[0];
    if (given) return resolve(given, api).value;
    return api.components?.examples?.[schema?.$ref?.split("/").pop()]?.value;
}

/** A command that calls the operation; $TOKEN is the reader's, and so are the parts in braces. */
export function curl({ method, path, requestBody, security }, api, origin) {
    const parts = [`curl ${method === "get" ? "" : `-X ${method.toUpperCase()} `}${quoted(origin + path)}`];
    if (security?.length !== 0) parts.push('-H "Authorization: Bearer $TOKEN"');
    const [type, media] = Object.entries(requestBody?.content ?? {})[0] ?? [];
    if (type) parts.push(`-H ${quoted(`Content-Type: ${type}`)}`);
    const shown = media && shownExample(media, api);
    if (typeof shown === "object") parts.push(`-d ${quoted(JSON.stringify(shown, null, 2))}`);
    else if (type) parts.push("--data-binary @file");
    return parts.join(" \\\n    ");
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
