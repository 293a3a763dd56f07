// Says that the page was on a person's screen: programs that only look at links do not get here. Nothing else is
// told, and nothing is kept in the browser.
const wait = 1500;
let timer;

function note() {
    if (document.visibilityState !== "visible" || timer) return;
    timer = setTimeout(() => {
        document.removeEventListener("visibilitychange", note);
        fetch(`${location.pathname.replace(/\/(accept|decline|sign)?$/, "")}/seen`, { method: "POST", keepalive: true });
    }, wait);
}

document.addEventListener("visibilitychange", note);
note();
