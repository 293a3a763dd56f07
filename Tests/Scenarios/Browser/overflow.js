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
    const isClipped = (style) => ["hidden", "clip"].includes(style.overflowX);
    for (const one of document.querySelectorAll("body *")) {
        const style = getComputedStyle(one);
        if (!isClipped(style) || !isSeen(one) || !one.textContent.trim()) continue;
        const isCut = one.scrollWidth > one.clientWidth + 1
            || (style.webkitLineClamp !== "none" && one.scrollHeight > one.clientHeight + 1);
        if (!isCut) continue;
        one.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
        const isTold = one.closest("[title], [aria-label], a[href], summary")?.title
            || one.querySelector("[title]") || one.closest("[title]") || one.hasAttribute("aria-label");
        if (!isTold) found.push(`cuts ${name(one)}`);
    }

    // Controls, as far as the boxes around them show them.
    const shownBox = (one) => {
        let { left, top, right, bottom } = one.getBoundingClientRect();
        for (let at = one.parentElement; at && at !== document.body; at = at.parentElement) {
            if (getComputedStyle(at).overflowX === "visible") continue;
            const box = at.getBoundingClientRect();
            [left, top] = [Math.max(left, box.left), Math.max(top, box.top)];
            [right, bottom] = [Math.min(right, box.right), Math.min(bottom, box.bottom)];
        }
        return { one, left, top, right, bottom };
    };
    const floats = (one) => {
        for (let at = one; at && at !== document.body; at = at.parentElement) {
            if (["sticky", "fixed"].includes(getComputedStyle(at).position)) return true;
        }
        return false;
    };
    const controls = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
        .filter((one) => isSeen(one) && !floats(one)).map(shownBox)
        .filter(({ left, top, right, bottom }) => right - left > 2 && bottom - top > 2);
    for (const [index, a] of controls.entries()) {
        for (const b of controls.slice(index + 1)) {
            const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            if (wide < 3 || high < 3 || a.one.contains(b.one) || b.one.contains(a.one)) continue;
            found.push(`${name(a.one)} and ${name(b.one)} overlap by ${Math.round(wide)} × ${Math.round(high)} px`);
        }
    }
    return found;
}
