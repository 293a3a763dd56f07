/** Makes these the children of a list: what is there already is not taken out, so that focus and open folds stay. */
export function arrange(list, elements) {
    const wanted = new Set(elements), held = list.contains(document.activeElement) ? document.activeElement : null;
    for (const child of [...list.children]) {
        if (!wanted.has(child)) child.remove();
    }
    elements.forEach((element, index) => {
        if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null);
    });
    // A moved element loses the keyboard, and is given it back.
    if (held?.isConnected && document.activeElement !== held) held.focus({ preventScroll: true });
    return list;
}
