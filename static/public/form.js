// Shows the fields of a form that matter after each answer, and says what is wrong where somebody has been. The server
// decides both; without this script the form works by being sent.
const form = document.querySelector("form[data-key]");
const fields = new Map([...form.querySelectorAll("[data-field]")].map((part) => [part.dataset.field, part]));
const touched = new Set();
let timer;
let turn = 0;

function input(name) {
    return fields.get(name).querySelector("input, select, textarea");
}

// The files that were chosen, and those that the page has kept from before.
function files(name) {
    const kept = [...fields.get(name).querySelectorAll("input[type=hidden]")].map((field) => field.value);
    return kept.concat([...input(name).files].map((file) => file.name));
}

function isTooLarge(field) {
    return field.type === "file" && [...field.files].some((file) => file.size > Number(field.dataset.max));
}

function answers() {
    const result = {};
    for (const name of fields.keys()) {
        const field = input(name);
        if (field.type === "checkbox") result[name] = field.checked;
        else if (field.type === "file") result[name] = files(name);
        else if (field.value.trim() === "") continue;
        else if (field.inputMode === "decimal" && !Number.isNaN(Number(field.value))) result[name] = Number(field.value);
        else result[name] = field.value;
    }
    return result;
}

async function look() {
    const own = ++turn;
    let state;
    try {
        const answer = await fetch(`/v1/forms/${form.dataset.key}/state`, {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify(answers()),
        });
        if (!answer.ok || own !== turn) return;
        state = await answer.json();
    } catch {
        return;
    }
    if (own !== turn) return;
    const errors = new Map(state.errors.map((error) => [error.pointer.slice(1), error.text]));
    for (const [name, part] of fields) {
        part.hidden = !state.asked.includes(name);
        const large = isTooLarge(input(name)) ? input(name).dataset.large : undefined;
        const error = touched.has(name) ? large ?? errors.get(name) ?? "" : "";
        const note = document.getElementById(`e-${name}`);
        if (note.textContent !== error) note.textContent = error;
        input(name).toggleAttribute("aria-invalid", error !== "");
        if (error !== "") input(name).setAttribute("aria-invalid", "true");
    }
}

function soon(event) {
    const part = event.target.closest("[data-field]");
    if (part && event.type !== "input") touched.add(part.dataset.field);
    clearTimeout(timer);
    timer = setTimeout(look, 250);
}

for (const type of ["input", "change", "focusout"]) form.addEventListener(type, soon);
