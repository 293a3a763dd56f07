import { fill, h } from "../dom.js";

const place = document.getElementById("offline");

/** Says while there is no line that there is none; what is typed stays. */
export function watchLine() {
    const draw = () => fill(place, !navigator.onLine && h("p", { class: "offline", role: "status" },
        "You are offline. What you type is kept here; save it when you are back."));
    window.addEventListener("online", draw);
    window.addEventListener("offline", draw);
    draw();
}
