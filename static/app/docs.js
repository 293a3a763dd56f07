/* The reference: /openapi.json, drawn. What is written here is written there first. */
import { badge, fill, h, pending, quiet, table } from "./dom.js";
import { send } from "./http.js";
import { curl, example, resolve, typeOf } from "./schema.js";

const methods = ["get", "post", "put", "patch", "delete"];

const load = async () => (await send("/openapi.json")).json();
fill(document.getElementById("reference"), pending(load, reference));

function reference(api) {
    const operations = Object.entries(api.paths).flatMap(([path, item]) =>
        methods.filter((method) => item[method]).map((method) => ({ method, path, ...item[method] })));
    for (const operation of operations) operation.element = summaryOf(operation, api);
    const schemas = Object.entries(api.components?.schemas ?? {}).map(
        ([name, schema]) => ({ name, schema, element: schemaOf(name, schema, api) }));
    const groups = Map.groupBy(operations, (operation) => operation.tags?.[0] ?? "Other");
    const sections = [...groups].map(([tag, members]) => group(`tag-${tag}`, tag, members));
    sections.push(group("schemas", "Schemas", schemas));

    const count = h("p", { class: "hint", role: "status", id: "count" });
    const search = h("input", { type: "search", id: "search", "aria-describedby": "count", autocomplete: "off" });
    function filter() {
        const terms = search.value.toLowerCase().split(/\s+/).filter(Boolean);
        const found = (text) => terms.every((term) => text.toLowerCase().includes(term));
        let shown = 0;
        for (const operation of operations) {
            const { method, path, summary, description, element } = operation;
            element.hidden = !found(`${method} ${path} ${summary} ${description ?? ""}`);
            if (!element.hidden) shown += 1;
        }
        for (const { name, schema, element } of schemas) {
            element.hidden = !found(`schema ${name} ${Object.keys(schema.properties ?? {}).join(" ")}`);
        }
        for (const { element, members } of sections) element.hidden = members.every((one) => one.element.hidden);
        fill(count, `${shown} of ${operations.length} operations`);
    }
    search.addEventListener("input", filter);

    /** "#q=/v1/settings" searches, "#listLeads" and "#schema-Lead" open what they name. */
    function goToHash() {
        const hash = decodeURIComponent(location.hash.slice(1));
        if (hash.startsWith("q=")) search.value = hash.slice(2);
        const target = document.getElementById(hash);
        if (target) {
            search.value = "";
            if (target instanceof HTMLDetailsElement) target.open = true;
        }
        filter();
        target?.scrollIntoView();
    }
    window.addEventListener("hashchange", goToHash);
    // Once the elements are in the page.
    setTimeout(goToHash);

    return [
        h("p", {},
            api.info.description, ` Version ${api.info.version}. `, h("a", { href: "/openapi.json" }, "openapi.json")),
        h("div", { class: "reference" },
            h("nav", { "aria-label": "Reference" },
                h("div", { class: "field" }, h("label", { for: "search" }, "Search"), search, count),
                h("ul", {}, sections.map(({ id, title }) => h("li", {}, h("a", { href: `#${id}` }, title))))),
            h("div", {}, sections.map(({ element }) => element))),
    ];
}

function group(id, title, members) {
    const heading = `${id}-title`;
    const element = h("section", { id, "aria-labelledby": heading },
        h("h2", { id: heading }, title), members.map((member) => member.element));
    return { id, title, members, element };
}

/** A line that opens; what is in it is drawn when it does. */
function opening(id, summary, draw) {
    const body = h("div", { class: "operation" });
    const element = h("details", { id }, h("summary", {}, summary), body);
    element.addEventListener("toggle", () => element.open && !body.hasChildNodes() && fill(body, draw()));
    return element;
}

function summaryOf(operation, api) {
    const { method, path, summary, operationId } = operation;
    const verb = h("span", { class: `method ${method}` }, method.toUpperCase());
    return opening(
        operationId, [verb, h("code", {}, path), h("span", { class: "quiet" }, summary)],
        () => details(operation, api));
}

function details(operation, api) {
    const { description, parameters = [], requestBody, responses = {}, security } = operation;
    const credential = security?.length === 0 ? "Needs no credential. " : "Needs a credential. ";
    const bodies = Object.entries(requestBody?.content ?? {});
    return [
        h("p", {}, credential, ticked(description ?? "")),
        parameters.length > 0 && [h("h3", {}, "Parameters"), parameterTable(parameters)],
        bodies.length > 0 && [h("h3", {}, "Body"), bodies.map(([type, media]) => mediaOf(type, media, api))],
        h("h3", {}, "Answers"),
        Object.entries(responses).map(([status, response]) => answer(status, resolve(response, api), api)),
        h("h3", {}, "With curl"), copyable(curl(operation, api, location.origin)),
    ];
}

/** Text whose `ticked` parts are code. */
function ticked(text) {
    return text.split("`").map((part, index) => (index % 2 ? h("code", {}, part) : part));
}

function parameterTable(parameters) {
    return scrolling("Parameters", ["Name", "In", "Type", "Meaning"], parameters.map((one) => [
        [h("code", {}, one.name), " ", one.required && badge("required")],
        one.in, typeOf(one.schema ?? {}, link), one.description ?? "",
    ]));
}

function answer(status, response, api) {
    const contents = Object.entries(response.content ?? {});
    const name = status === "default" ? "Otherwise" : status;
    return h("div", {},
        h("p", {}, h("strong", {}, name), " ", response.description),
        contents.map(([type, media]) => mediaOf(type, media, api, status !== "default")));
}

function mediaOf(type, { schema, example: given }, api, showExample = true) {
    const shown = given ?? (schema && type.includes("json") ? example(schema, api) : undefined);
    return h("div", {},
        quiet(h("code", {}, type), schema && [": ", typeOf(schema, link)]),
        schema?.properties && propertyTable(schema),
        showExample && shown !== undefined && h("pre", { tabindex: 0 }, JSON.stringify(shown, null, 2)));
}

const link = (name) => h("a", { href: `#schema-${name}` }, name);

function schemaOf(name, schema, api) {
    return opening(`schema-${name}`, h("code", {}, name), () => [
        schema.description && h("p", {}, schema.description),
        schema.properties ? propertyTable(schema) : h("p", {}, typeOf(schema, link)),
        h("h3", {}, "Example"), h("pre", { tabindex: 0 }, JSON.stringify(example(schema, api), null, 2)),
    ]);
}

function propertyTable(schema) {
    const mark = (name, { readOnly }) => [
        " ", schema.required?.includes(name) && badge("required"), readOnly && badge("read only"),
    ];
    const row = ([name, property]) => [
        [h("code", {}, name), mark(name, property)], typeOf(property, link), property.description ?? "",
    ];
    return scrolling("Fields", ["Field", "Type", "Meaning"], Object.entries(schema.properties).map(row));
}

/** A table of cells, the first of each row being its heading; too wide a one moves under the finger or the arrows. */
function scrolling(caption, columns, rows) {
    const row = ([first, ...rest]) =>
        h("tr", {}, h("th", { scope: "row" }, first), rest.map((cell) => h("td", {}, cell)));
    return h(
        "div", { class: "scroll", tabindex: 0, role: "group", "aria-label": caption },
        table(caption, columns, rows.map(row)));
}

function copyable(text) {
    const code = h("pre", { tabindex: 0 }, text);
    // Browsers lend the clipboard on https and localhost only.
    const button = navigator.clipboard && h("button", { type: "button", class: "small", async onclick() {
        await navigator.clipboard.writeText(text);
        fill(button, "Copied");
    } }, "Copy");
    return [code, button];
}
