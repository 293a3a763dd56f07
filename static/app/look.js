/* Whether pages are light or dark, which each browser has for itself. */

/** "light" or "dark"; "": as the system has it. */
export const look = () => localStorage.getItem("look") ?? "";

function show() {
    document.documentElement.dataset.look = look();
}

export function chooseLook(name) {
    localStorage.setItem("look", name);
    show();
}

show();
window.addEventListener("storage", ({ key }) => key === "look" && show());
