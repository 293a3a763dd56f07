/* The reference: /openapi.json, drawn. What is written here is written there first. */
import { send } from "./http.js";
import { curl, shownExample, resolve, typeOf } from "./schema.js";
import { indexOf, rank } from "./search.js";
import { badge, fill, h, pending, quiet } from "../ui/dom.js";
import { describing, grouped, polite, spokenAs, titled } from "../ui/state.js";
import { table } from "../ui/table.js";

const methods = ["get", "post", "put", "patch", "delete"];
const resultsMax = 8;

const load = async () => (await send("/openapi.json")).json();
fill(document.getElementById("reference"), pending(load, reference));

function reference(api) {
    const operations = Object.entries(api.paths).flatMap(([path, item]) =>
        methods.filter((method) => item[method]).map((method) => ({ method, path, ...item[method] })));
    for (const operation of operations) {
        const { operationId, summary, description = "", path } = operation;
        operation.element = summaryOf(operation, api);
        operation.index = indexOf(operationId, summary, path, description);
        operation.title = [h("code", {}, operationId), " ", summary];
    }
    const schemas = Object.entries(api.components?.schemas ?? {}).map(([name, schema]) => ({
        id: `schema-${name}`, element: schemaOf(name, schema, api), title: ["Schema ", h("code", {}, name)],
        index: indexOf("", "", "", `schema ${name} ${Object.keys(schema.properties ?? {}).join(" ")}`),
    }));
    const guides = [...document.querySelectorAll("#guides > section")].map((element) => ({
        id: element.id, element, title: ["Guide: ", element.querySelector("h2").textContent],
        index: indexOf(element.querySelector("h2").textContent, "", element.textContent, ""),
    }));
    const groups = Map.groupBy(operations, (operation) => operation.tags?.[0] ?? "Other");
    const sections = [...groups].map(([tag, members]) => group(`tag-${tag}`, tag.replaceAll("-", " "), members));
    sections.push(group("schemas", "Schemas", schemas));
    fill(document.getElementById("problems"), problems(api["x-problems"] ?? []));
    fill(document.getElementById("permissions"), permissions(api["x-permissions"] ?? []));

    const count = h("p", { class: "hint", ...polite, id: "count" });
    const results = h("ol", { class: "results", hidden: true, ...spokenAs("Best matches") });
    const search = h("input", { type: "search", id: "search", ...describing("count"), autocomplete: "off" });
    function filter() {
        const query = search.value.trim();
        let shown = 0;
        const found = [];
        for (const one of [...operations, ...guides, ...schemas]) {
            const value = query ? rank(one.index, query) : 1;
            const isGuide = guides.includes(one);
            // Guides stay in their place; below them are the operations that match.
            if (!isGuide) one.element.hidden = value === 0;
            if (value > 0 && one.operationId) shown += 1;
            if (query && value > 0) found.push({ one, value });
        }
        for (const { element, members } of sections) element.hidden = members.every((one) => one.element.hidden);
        fill(count, `${shown} of ${operations.length} operations`);
        found.sort((first, second) => second.value - first.value);
        fill(results, found.slice(0, resultsMax).map(({ one }) =>
            h("li", {}, h("a", { href: `#${one.operationId ?? one.id}` }, one.title))));
        results.hidden = found.length === 0;
    }
    search.addEventListener("input", filter);
    search.addEventListener("keydown", (event) => {
        if (event.key === "Enter") results.querySelector("a")?.click();
    });

    /** "#q=/v1/settings" searches, "#list_leads" and "#schema-Lead" open what they name. */
    function goToHash() {
        const hash = decodeURIComponent(location.hash.slice(1));
        if (hash.startsWith("q=")) search.value = hash.slice(2);
        const target = document.getElementById(hash);
        if (target instanceof HTMLDetailsElement) {
            target.hidden = false;
            target.closest("section").hidden = false;
            target.open = true;
        } else if (hash.startsWith("q=") || !target) filter();
        target?.scrollIntoView();
        target?.querySelector("summary")?.focus();
    }
    window.addEventListener("hashchange", goToHash);
    // Once the elements are in the page.
    setTimeout(() => {
        filter();
        goToHash();
    });

    const link = ({ id, title }) => h("li", {}, h("a", { href: `#${id}` }, title));
    return [
        h("p", { class: "quiet" }, `Version ${api.info.version}.`),
        h("div", { class: "reference" },
            h("nav", spokenAs("Reference"),
                h("div", { class: "field" }, h("label", { for: "search" }, "Search"), search, count),
                h("ul", {}, guides.map(({ id, element }) =>
                    link({ id, title: element.querySelector("h2").textContent })), sections.map(link))),
            h("div", {}, results, sections.map(({ element }) => element))),
    ];
}

function group(id, title, members) {
    const heading = `${id}-title`;
    const element = h("section", { id, ...titled(heading) },
        h("h2", { id: heading }, title), members.map((member) => member.element));
    return { id, title, members, element };
}

/** Every code, with what to do: the page of each says the same. */
function problems(codes) {
    return [
        h("h3", {}, "Error codes"),
        scrolling("Error codes", ["Code", "Status", "Meaning", "What to do"], codes.map((one) => [
            h("a", { href: `/problems/${one.code}` }, h("code", {}, one.code)), String(one.status), one.title, one.remedy,
        ])),
    ];
}

/** Every permission, with the lowest of the built-in roles that hold it. */
function permissions(all) {
    return [
        h("h3", {}, "Permissions"),
        scrolling("Permissions", ["Permission", "Lowest role", "What it allows"], all.map((one) => [
            h("code", {}, one.name), one.role, one.description,
        ])),
    ];
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
    const { description, parameters = [], requestBody, responses = {}, security, operationId } = operation;
    const credential = security?.length === 0 ? "No authentication required. " : "Requires authentication. ";
    const bodies = Object.entries(requestBody?.content ?? {});
    return h("div", { class: "call" },
        h("div", {},
            h("p", {}, "Operation ", h("code", {}, operationId), ". ", credential, ticked(description ?? "")),
            parameters.length > 0 && [h("h3", {}, "Parameters"), parameterTable(parameters)],
            bodies.length > 0
                && [h("h3", {}, "Request body"), bodies.map(([type, media]) => mediaOf(type, media, api))],
            h("h3", {}, "Responses"),
            Object.entries(responses).map(([status, response]) => answer(status, resolve(response, api), api))),
        h("div", { class: "beside" },
            h("h3", {}, "Request"), copyable(curl(operation, api, location.origin)),
            Object.entries(responses).filter(([status]) => status !== "default").map(([status, response]) =>
                answerExample(status, resolve(response, api), api))));
}

/** Text whose `ticked` parts are code. */
function ticked(text) {
    return text.split("`").map((part, index) => (index % 2 ? h("code", {}, part) : part));
}

function parameterTable(parameters) {
    return scrolling("Parameters", ["Name", "In", "Type", "Description"], parameters.map((one) => [
        [h("code", {}, one.name), " ", one.required && badge("required")],
        one.in, typeOf(one.schema ?? {}, link), one.description ?? "",
    ]));
}

function answer(status, response, api) {
    const contents = Object.entries(response.content ?? {});
    const name = status === "default" ? "Any other status" : status;
    return h("div", {},
        h("p", {}, h("strong", {}, name), " ", response.description),
        contents.map(([type, media]) => mediaOf(type, media, api)));
}

function answerExample(status, response, api) {
    const shown = Object.entries(response.content ?? {}).map(([type, media]) => [type, shownExample(media, api)])
        .find(([, value]) => value !== undefined);
    const text = !shown ? "" : typeof shown[1] === "string" ? shown[1] : JSON.stringify(shown[1], null, 2);
    return [h("h3", {}, `Response ${status}`), shown
        ? h("pre", { tabindex: 0 }, text)
        : quiet(response.content ? `Binary: ${Object.keys(response.content).join(", ")}.` : "No body.")];
}

function mediaOf(type, { schema }) {
    return h("div", {},
        quiet(h("code", {}, type), schema && [": ", typeOf(schema, link)]),
        schema?.properties && propertyTable(schema));
}

const link = (name) => h("a", { href: `#schema-${name}` }, name);

function schemaOf(name, schema, api) {
    return opening(`schema-${name}`, h("code", {}, name), () => [
        schema.description && h("p", {}, schema.description),
        schema.properties ? propertyTable(schema) : h("p", {}, typeOf(schema, link)),
        h("h3", {}, "Example"),
        h("pre", { tabindex: 0 }, JSON.stringify(shownExample({ schema: { $ref: `#/components/schemas/${name}` } }, api), null, 2)),
    ]);
}

function propertyTable(schema) {
    const mark = (name, { readOnly }) => [
        " ", schema.required?.includes(name) && badge("required"), readOnly && badge("read only"),
    ];
    const row = ([name, property]) => [
        [h("code", {}, name), mark(name, property)], typeOf(property, link), property.description ?? "",
    ];
    return scrolling("Fields", ["Field", "Type", "Description"], Object.entries(schema.properties).map(row));
}

/** A table of cells, the first of each row being its heading; too wide a one moves under the finger or the arrows. */
function scrolling(caption, columns, rows) {
    const row = ([first, ...rest]) =>
        h("tr", {}, h("th", { scope: "row" }, first), rest.map((cell) => h("td", {}, cell)));
    return h(
        "div", { class: "scroll", tabindex: 0, ...grouped(caption) },
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
