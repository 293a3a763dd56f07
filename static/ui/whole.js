const lengthMax = 1000;

/** Says a text that is cut in full to whoever points at it. */
export function sayCutTexts() {
    document.addEventListener("pointerover", ({ target }) => {
        for (let one = target; one && one !== document.body; one = one.parentElement) if (isCut(one)) say(one);
    });
}

function isCut(one) {
    const isClipped = () => ["hidden", "clip"].includes(getComputedStyle(one).overflowX);
    return (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1) && isClipped();
}

function say(one) {
    const text = one.textContent.trim();
    if (text && text.length <= lengthMax) one.title = text;
}
