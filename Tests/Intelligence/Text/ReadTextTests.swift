import Testing

@testable import Intelligence

@Suite struct `A text as rules read it` {
    private func words(_ text: String) -> [String] { ReadText(text).words.map(\.folded) }

    @Test func `has folded words, whole numbers and whole addresses`() {
        #expect(words("Übergrößen, déjà-vu!") == ["ubergrossen", "deja", "vu", "!"])
        #expect(words("Don’t e-mail l'équipe") == ["dont", "email", "l", "equipe"])
        #expect(
            words("15.04.2026, 10:30, 4,000 and $4k") == ["15.04.2026", "10:30", "4,000", "and", "$", "4k"])
        #expect(words("Write to <Bob.B@Example.org>.") == ["write", "to", "bob.b@example.org"])
        #expect(words("see https://x.example/a?b=c ok") == ["see", "https://x.example/a?b=c", "ok"])
    }

    @Test func `quotes what was written`() {
        let text = ReadText("Wir hören, dass Sie UNS löschen!")
        let index = text.words.firstIndex { $0.folded == "uns" }!
        #expect(text.quote(index..<index + 2) == "UNS löschen")
    }

    @Test func `survives bytes that are no text, and stops at its limit`() {
        let odd = String(
            decoding: [0x61, 0xFF, 0xC3, 0x20, 0xE2, 0x82, 0x0A, 0x40, 0x40, 0x2E], as: UTF8.self)
        #expect(ReadText(odd).words.count < 6)
        #expect(ReadText(String(repeating: "word ", count: 5000), wordsMax: 100).words.count == 100)
        #expect(ReadText("").words.isEmpty)
        #expect(ReadText("@ @. a@b @@ 1.").words.count == 3)
    }

    @Test func `of decomposed letters is that of composed ones`() {
        #expect(words("de\u{301}ja\u{300}") == words("d\u{E9}j\u{E0}"))
        #expect(words("ＳＴＯＰ") == ["stop"])
    }
}

@Suite struct `Phrases` {
    private func found(_ phrases: String, _ text: String) -> [String] {
        let set = PhraseSet<Int>([1: phrases])
        let read = ReadText(text)
        return set.matches(in: read).map { read.quote($0.words) }
    }

    @Test func `are found by words, beginnings, ends, gaps and what may be absent`() {
        #expect(found("take|remove me ~2 list", "Please take me off the list.") == ["take me off the list"])
        #expect(found("take me ~1 list", "take me off the list").isEmpty)
        #expect(
            found("unsub* [me] now", "Unsubscribe now. unsub me now") == ["Unsubscribe now", "unsub me now"])
        #expect(found("*budget", "Werbebudget") == ["Werbebudget"])
        #expect(found("für uns", "fuer uns, fur uns, für uns").count == 3)
        #expect(found("ask @", "ask bob@x.example") == ["ask bob@x.example"])
        #expect(found("in # weeks", "in 3 weeks") == ["in 3 weeks"])
    }

    @Test func `stay within a sentence, and know its ends`() {
        #expect(found("take me", "Take. Me").isEmpty)
        #expect(found("^ stop $", "Stop. Do stop now. We stop") == ["Stop"])
        #expect(found("^ no $", "No! Not that, no") == ["No"])
    }
}
