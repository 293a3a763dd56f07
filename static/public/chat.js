// The chat of an agency on a page of anybody's: one script element, no cookies. Until the visitor agrees to be
// remembered, nothing is kept in their browser, and another page begins another conversation.
//
//     <script src="…/public/chat.js" data-key="…" defer></script>
//
// `data-title`, `data-color` and `data-lang` (a language tag) change what it is called, how it looks and its language.
(() => {
    const script = document.currentScript;
    const key = script?.dataset.key;
    if (!key || customElements.get("bureau-chat")) return;
    const base = `${new URL(script.src).origin}/v1/chat/${encodeURIComponent(key)}`;
    const store = `bureau-chat-${key}`;
    const kept = 100;
    // The pauses before a request is tried again; after the last one it fails.
    const pauses = [1000, 3000];
    const typingPause = 3000;
    // The wait of a message for the stream of its answers, in milliseconds.
    const streamWait = 3000;
    const random = () => Array.from(crypto.getRandomValues(new Uint8Array(24)),
        byte => byte.toString(16).padStart(2, "0")).join("");
    const post = (path, body) => fetch(`${base}/${path}`, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });

    // Again where no answer came, or the server could not; what it refuses stays refused.
    const answered = async ask => {
        for (let attempt = 0; ; attempt += 1) {
            let answer;
            try { answer = await ask(); } catch (fault) {
                if (attempt >= pauses.length) throw fault;
            }
            if (answer?.ok) return answer.json();
            const mayPass = !answer || answer.status >= 500 || answer.status === 429;
            if (!mayPass || attempt >= pauses.length) throw new Error(String(answer?.status));
            await new Promise(done => setTimeout(done, pauses[attempt]));
        }
    };

    // The chat's words are the server's, in the page's language or else the visitor's own.
    const wanted = [script.dataset.lang, document.documentElement.lang, ...navigator.languages].filter(Boolean);
    let words;

    const color = /^#[0-9a-f]{6}$/i.test(script.dataset.color || "") ? script.dataset.color : "#1f4e79";

    const style = `
        :host { position: fixed; right: 1rem; bottom: 1rem; z-index: 2147483000; font: 16px/1.4 system-ui, sans-serif; }
        button { font: inherit; border: 0; border-radius: .5rem; padding: .6rem 1rem; cursor: pointer; color: #fff;
            background: ${color}; }
        button:focus-visible, input:focus-visible, textarea:focus-visible { outline: 3px solid #1a73e8;
            outline-offset: 2px; }
        section { width: min(22rem, calc(100vw - 2rem)); height: min(32rem, calc(100vh - 6rem)); display: flex;
            flex-direction: column; background: #fff; color: #1b1b1b; border: 1px solid #767676;
            border-radius: .75rem; overflow: hidden; margin-bottom: .5rem; }
        [hidden] { display: none !important; }
        header { display: flex; justify-content: space-between; align-items: center; padding: .5rem .75rem;
            background: ${color}; color: #fff; }
        h2 { font-size: 1rem; margin: 0; }
        [role=log] { flex: 1; overflow-y: auto; }
        ol { list-style: none; margin: 0; padding: .75rem; display: flex;
            flex-direction: column; gap: .5rem; }
        li { padding: .5rem .75rem; border-radius: .75rem; background: #f0f0f0; white-space: pre-wrap;
            overflow-wrap: anywhere; max-width: 85%; }
        li.own { align-self: flex-end; background: #dce9f5; }
        li small { display: block; color: #4a4a4a; }
        form { display: grid; gap: .5rem; padding: .75rem; border-top: 1px solid #ccc; }
        label { display: grid; gap: .25rem; font-size: .875rem; }
        label.check { grid-template-columns: auto 1fr; align-items: center; }
        input, textarea { font: inherit; padding: .4rem; border: 1px solid #767676; border-radius: .4rem; }
        textarea { resize: none; height: 3.5rem; }
        p { margin: 0; font-size: .875rem; }
        [role=alert] { color: #a40000; }
        [role=status] { padding: 0 .75rem; min-height: 1.25rem; color: #4a4a4a; }`;

    class BureauChat extends HTMLElement {
        #visitor = "";
        #messages = [];
        #shown = new Set();
        #stream;
        #following;
        // The message that is on its way, or may have arrived: sent again, it is the same message.
        #pending;
        #isSending = false;
        #typedAt = 0;
        #typingEnd;

        connectedCallback() {
            this.lang = words.language;
            this.dir = words.direction;
            const title = script.dataset.title || words.title;
            const root = this.attachShadow({ mode: "open" });
            root.innerHTML = `<style>${style}</style>
                <section role="dialog" aria-labelledby="title" hidden>
                    <header><h2 id="title"></h2><button type="button" class="close"></button></header>
                    <div role="log" aria-live="polite" tabindex="0" aria-labelledby="title"><ol></ol></div>
                    <p role="status" aria-live="polite"></p>
                    <form>
                        <label class="name"><span></span><input name="name" autocomplete="name" maxlength="200"></label>
                        <label><span></span><textarea name="text" maxlength="4000" required></textarea></label>
                        <label class="check"><input type="checkbox" name="remember"><span></span></label>
                        <p role="alert" hidden></p>
                        <button></button>
                    </form>
                </section>
                <button type="button" class="toggle" aria-expanded="false"></button>`;
            this.panel = root.querySelector("section");
            this.list = root.querySelector("ol");
            this.form = root.querySelector("form");
            this.fault = root.querySelector("[role=alert]");
            this.typing = root.querySelector("[role=status]");
            this.toggle = root.querySelector(".toggle");
            const labels = [words.name, words.message, words.remember];
            root.querySelectorAll("label span").forEach((span, index) => { span.textContent = labels[index]; });
            root.querySelector("h2").textContent = title;
            const close = root.querySelector(".close");
            close.textContent = "×";
            close.setAttribute("aria-label", words.close);
            this.form.querySelector("button").textContent = words.send;
            this.toggle.textContent = title;
            this.toggle.setAttribute("aria-label", words.open);
            this.toggle.addEventListener("click", () => this.#show(this.panel.hidden));
            close.addEventListener("click", () => this.#show(false));
            this.panel.addEventListener("keydown", event => { if (event.key === "Escape") this.#show(false); });
            this.form.addEventListener("submit", event => { event.preventDefault(); this.#say(); });
            this.form.text.addEventListener("keydown", event => {
                if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
                    event.preventDefault();
                    this.form.requestSubmit();
                }
            });
            this.form.text.addEventListener("input", () => this.#tellTyping());
            this.form.remember.addEventListener("change", () => this.#keep());
            this.#recall();
        }

        disconnectedCallback() { this.#stream?.close(); }

        #show(isOpen) {
            this.panel.hidden = !isOpen;
            this.toggle.setAttribute("aria-expanded", String(isOpen));
            (isOpen ? this.form.text : this.toggle).focus();
        }

        #recall() {
            let known;
            try { known = JSON.parse(localStorage.getItem(store) || "null"); } catch { known = null; }
            this.#visitor = known?.visitor || random();
            this.form.remember.checked = Boolean(known);
            for (const message of known?.messages || []) this.#add(message);
            if (known) this.#follow();
        }

        /// Only what the visitor has agreed to is kept, and it goes when they change their mind.
        #keep() {
            try {
                if (this.form.remember.checked) {
                    localStorage.setItem(
                        store, JSON.stringify({ visitor: this.#visitor, messages: this.#messages.slice(-kept) }));
                } else {
                    localStorage.removeItem(store);
                }
            } catch { /* A browser that keeps nothing forgets. */ }
        }

        /// Resolves once the server follows the conversation: an answer that is quicker than that would be missed.
        #follow() {
            this.#following ??= new Promise(resolve => {
                this.#stream = new EventSource(`${base}/stream?visitor_id=${this.#visitor}`);
                this.#stream.addEventListener("message", event => this.#add(JSON.parse(event.data)));
                this.#stream.addEventListener("typing", event => this.#showTyping(JSON.parse(event.data)));
                this.#stream.addEventListener("open", resolve, { once: true });
                setTimeout(resolve, streamWait);
            });
            return this.#following;
        }

        /// Says that somebody answers, for as long as the sign holds; said once, however often it comes.
        #showTyping({ author, seconds }) {
            clearTimeout(this.#typingEnd);
            const line = words.typing.replace("{name}", () => author?.name || words.team);
            if (this.typing.textContent !== line) this.typing.textContent = line;
            this.#typingEnd = setTimeout(() => this.#endTyping(), seconds * 1000);
        }

        #endTyping() {
            clearTimeout(this.#typingEnd);
            this.typing.textContent = "";
        }

        /// Only once there is a conversation: before that, nobody looks.
        #tellTyping() {
            const now = Date.now();
            if (!this.#stream || !this.form.text.value.trim() || now - this.#typedAt < typingPause) return;
            this.#typedAt = now;
            post("typing", { visitor_id: this.#visitor }).catch(() => {});
        }

        #add(message) {
            if (this.#shown.has(message.id)) return;
            this.#shown.add(message.id);
            if (message.direction === "outbound") this.#endTyping();
            // Identifiers sort by time; an answer may be here before what it answers.
            const after = this.#messages.findIndex(other => other.id > message.id);
            const place = after < 0 ? this.#messages.length : after;
            this.#messages.splice(place, 0, message);
            const item = document.createElement("li"), isOwn = message.direction === "inbound";
            item.className = isOwn ? "own" : "";
            const who = document.createElement("small");
            who.textContent = isOwn ? words.you : message.author?.name || words.reply;
            item.append(who, message.text || "");
            this.list.insertBefore(item, this.list.children[place] ?? null);
            this.list.parentElement.scrollTop = this.list.scrollHeight;
            if (message.author?.type === "contact") this.form.querySelector(".name").hidden = true;
            this.#keep();
        }

        async #say() {
            const text = this.form.text.value.trim();
            if (!text || this.#isSending) return;
            this.fault.hidden = true;
            if (this.#pending?.text !== text) this.#pending = { visitor_id: this.#visitor, text, key: random() };
            const name = this.form.name.value.trim();
            const body = name ? { ...this.#pending, name } : this.#pending;
            this.#isSending = true;
            try {
                await this.#follow();
                // Under the same key however often: the server keeps it once.
                const taken = await answered(() => post("messages", body));
                this.#pending = undefined;
                if (this.form.text.value.trim() === text) this.form.text.value = "";
                this.#typedAt = 0;
                this.#add({ id: taken.message_id, direction: "inbound", text, author: { type: "contact" } });
            } catch {
                this.fault.textContent = words.failed;
                this.fault.hidden = false;
            } finally {
                this.#isSending = false;
            }
        }
    }

    customElements.define("bureau-chat", BureauChat);
    const add = () => document.body.append(document.createElement("bureau-chat"));
    answered(() => fetch(`${base}/words?languages=${encodeURIComponent(wanted.join(","))}`)).then(said => {
        words = said;
        if (document.body) add(); else addEventListener("DOMContentLoaded", add);
    }, () => { /* Where nobody answers, there is nobody to chat with. */ });
})();
