/* Where each page was left, so that back, forward and reload come back to it. */

const most = 60, patience = 4000;
const store = "places";

/** The entry of the history that is shown. Where the browser does not number them, its address has to do. */
const entry = () => window.navigation?.currentEntry?.key ?? location.hash;

function readAll() {
    try {
        return new Map(JSON.parse(sessionStorage.getItem(store)) ?? []);
    } catch {
        return new Map();
    }
}

/** Returns what scrolls inside a page: the boxes of its lists. */
const boxesOf = (main) => [...main.querySelectorAll(".scroll")];

/** Keeps what is scrolled to in `main`, by the entry of the history. */
export function keepPlaces(main) {
    const places = readAll();
    let timer, isComing = null;
    history.scrollRestoration = "manual";

    const keep = () => {
        if (isComing) return;
        const key = entry();
        places.delete(key);
        places.set(key, [Math.round(window.scrollY), ...boxesOf(main).map(({ scrollTop }) => Math.round(scrollTop))]);
        while (places.size > most) places.delete(places.keys().next().value);
        try {
            sessionStorage.setItem(store, JSON.stringify([...places]));
        } catch {
            // A full store keeps no places; pages begin at the top then.
        }
    };
    document.addEventListener("scroll", () => {
        clearTimeout(timer);
        timer = setTimeout(keep, 120);
    }, { capture: true, passive: true });

    /** Scrolls to where this entry was left, as soon as the page is long enough, unless somebody scrolls first. */
    function bringBack() {
        isComing?.();
        const [y, ...boxes] = places.get(entry()) ?? [];
        if (!y && !boxes.some(Boolean)) return;
        const over = new AbortController();
        const begun = performance.now();
        const end = () => {
            over.abort();
            isComing = null;
        };
        isComing = end;
        for (const event of ["wheel", "touchstart", "keydown", "pointerdown"]) {
            window.addEventListener(event, end, { signal: over.signal, passive: true });
        }
        const look = () => {
            if (over.signal.aborted) return;
            window.scrollTo(0, y);
            const now = boxesOf(main);
            boxes.forEach((top, index) => now[index] && (now[index].scrollTop = top));
            const isThere = Math.abs(window.scrollY - y) < 2
                && boxes.every((top, index) => now[index] && Math.abs(now[index].scrollTop - top) < 2);
            const isLate = performance.now() - begun > patience;
            if ((isThere && !main.querySelector("[data-loading]")) || isLate) return end();
            setTimeout(look, 60);
        };
        look();
    }
    return { bringBack };
}
