import { h } from "../ui/dom.js";
import { t } from "../ui/words.js";

/* Mails as their readers see them. What stands in them was written by others, so it is shown in a frame of its own:
   no scripts, no forms, no links that lead this page away, and nothing is fetched, which would tell a sender that
   somebody has looked. The text of a mail needs none of this. */

const rules = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** The HTML part of a mail, folded away beside its text until somebody asks for it. */
export function mailFold(html, title) {
    const frame = h("iframe", { class: "mail", sandbox: "", referrerpolicy: "no-referrer", title, tabindex: 0 });
    const fold = h("details", { class: "fold" }, h("summary", {}, t("View formatted email")), frame);
    fold.addEventListener("toggle", () => {
        if (fold.open && !frame.hasAttribute("srcdoc")) frame.setAttribute("srcdoc", confined(html));
    });
    return fold;
}

/** The document with our rules before everything else in it; the page's own rules hold in the frame as well. */
function confined(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    // A policy has to come first: what stands before it is not bound by it.
    for (const element of page.querySelectorAll("meta[http-equiv], base, link, script, iframe, object, embed")) {
        element.remove();
    }
    // A link would fetch its page into the frame; where it leads can still be read.
    for (const element of page.querySelectorAll("a, area")) {
        const address = element.getAttribute("href");
        if (address) element.setAttribute("title", address);
        for (const name of ["href", "xlink:href", "target", "ping"]) element.removeAttribute(name);
    }
    const policy = page.createElement("meta");
    policy.setAttribute("http-equiv", "Content-Security-Policy");
    policy.setAttribute("content", rules);
    page.head.prepend(policy);
    return `<!DOCTYPE html>${new XMLSerializer().serializeToString(page)}`;
}
