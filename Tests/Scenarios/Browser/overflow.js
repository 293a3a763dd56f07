() => {
    // The parts of the page that do not fit: a list of sentences.
    const found = [];
    const isSeen = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true })
        && one.getBoundingClientRect().width > 1 && one.getBoundingClientRect().height > 1;
    const name = (one) => {
        const text = (one.getAttribute("aria-label") || one.textContent || one.name || one.type || "").trim();
        return `${one.tagName.toLowerCase()}${one.className ? `.${String(one.className).split(" ").join(".")}` : ""} `
            + `"${text.replaceAll(/\s+/g, " ").slice(0, 50)}"`;
    };

    if (document.scrollingElement.scrollWidth > innerWidth) {
        const widest = [...document.querySelectorAll("body *")].filter(isSeen)
            .reduce((a, b) => (b.getBoundingClientRect().right > a.getBoundingClientRect().right ? b : a));
        found.push(`scrolls sideways, by ${name(widest)}`);
    }

    // A text is cut where what holds it lets nobody scroll and says it nowhere in full.
    const isClipped = (overflow) => ["hidden", "clip"].includes(overflow);
    for (const one of document.querySelectorAll("body *")) {
        const style = getComputedStyle(one);
        const isCut = (isClipped(style.overflowX) && one.scrollWidth > one.clientWidth + 1)
            || (isClipped(style.overflowY) && one.scrollHeight > one.clientHeight + 2);
        if (!isCut || !isSeen(one) || !one.textContent.trim()) continue;
        one.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
        const isTold = one.closest("[title], [aria-label], a[href], summary")?.title
            || one.querySelector("[title]") || one.closest("[title]") || one.hasAttribute("aria-label");
        if (!isTold) found.push(`cuts ${name(one)}`);
    }

    // Controls, as far as the boxes around them show them.
    const shownBox = (one, own = one.getBoundingClientRect(), start = one.parentElement) => {
        let { left, top, right, bottom } = own;
        for (let at = start; at && at !== document.body; at = at.parentElement) {
            if (getComputedStyle(at).overflowX === "visible") continue;
            const box = at.getBoundingClientRect();
            [left, top] = [Math.max(left, box.left), Math.max(top, box.top)];
            [right, bottom] = [Math.min(right, box.right), Math.min(bottom, box.bottom)];
            // A legend stands still while the rest of its fields is scrolled below it.
            const legend = at.matches("fieldset") && at.querySelector(":scope > legend");
            if (legend && !legend.contains(one)) top = Math.max(top, legend.getBoundingClientRect().bottom);
        }
        return { one, left, top, right, bottom };
    };
    const floats = (one) => {
        for (let at = one; at && at !== document.body; at = at.parentElement) {
            if (["sticky", "fixed"].includes(getComputedStyle(at).position)) return true;
        }
        return false;
    };
    // A part that floats, or is laid over the rest on purpose, such as a menu.
    const layer = (one) => {
        for (let at = one; at && at !== document.body; at = at.parentElement) {
            const { position, zIndex } = getComputedStyle(at);
            if (["sticky", "fixed"].includes(position) || (position === "absolute" && zIndex !== "auto")) return at;
        }
        return document.body;
    };
    // Such as the heads of a table on a phone: only a screen reader has them.
    const isUnseen = (one) => {
        for (let at = one; at && at !== document.body; at = at.parentElement) {
            if (getComputedStyle(at).clipPath === "inset(50%)") return true;
        }
        return false;
    };
    // Lines of text, as far as the boxes around them show them.
    const linesOf = () => {
        const lines = [], range = document.createRange();
        const all = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            const { currentNode: text, currentNode: { parentElement: one } } = walker;
            if (!text.data.trim() || one.matches("script, style, option, textarea") || !isSeen(one)
                || isUnseen(one)) continue;
            range.selectNodeContents(text);
            const box = shownBox(one, all, one), own = layer(one);
            for (const line of range.getClientRects()) {
                const [left, right] = [Math.max(line.left, box.left), Math.min(line.right, box.right)];
                const [top, bottom] = [Math.max(line.top, box.top), Math.min(line.bottom, box.bottom)];
                if (right - left > 2 && bottom - top > 2) lines.push({ one, own, left, top, right, bottom });
            }
        }
        return lines.toSorted((a, b) => a.top - b.top);
    };
    // A line reaches a little into the space of the next one, where they are set close to each other.
    const isOver = (a, b) => {
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - b.top;
        return a.own === b.own && a.one !== b.one && wide > 2
            && high > Math.min(a.bottom - a.top, b.bottom - b.top) * 0.4;
    };
    const lines = linesOf(), over = new Set();
    for (const [index, a] of lines.entries()) {
        for (let at = index + 1; at < lines.length && lines[at].top < a.bottom; at += 1) {
            if (isOver(a, lines[at])) over.add(`${name(a.one)} is written over ${name(lines[at].one)}`);
        }
    }
    found.push(...over);

    // The box around a link of two lines covers others on these lines, though none of its lines does.
    const touch = (a, b) => [...a.getClientRects()].some((x) => [...b.getClientRects()].some((y) =>
        Math.min(x.right, y.right) - Math.max(x.left, y.left) > 2
            && Math.min(x.bottom, y.bottom) - Math.max(x.top, y.top) > 2));
    const controls = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
        .filter((one) => isSeen(one) && !floats(one)).map((one) => shownBox(one))
        .filter(({ left, top, right, bottom }) => right - left > 2 && bottom - top > 2);
    for (const [index, a] of controls.entries()) {
        for (const b of controls.slice(index + 1)) {
            const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            if (wide < 3 || high < 3 || a.one.contains(b.one) || b.one.contains(a.one)) continue;
            if (!touch(a.one, b.one)) continue;
            found.push(`${name(a.one)} and ${name(b.one)} overlap by ${Math.round(wide)} × ${Math.round(high)} px`);
        }
    }
    return found;
}
