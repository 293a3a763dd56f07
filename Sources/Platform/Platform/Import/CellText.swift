package import JSON
internal import Records

/// What the text of a cell means, for the kinds of values that people write in many ways.
package enum CellText {
    /// A number as JSON writes it.
    package static func number(_ text: String) -> JSON? {
        guard text.utf8.count <= 40, let value = try? JSONParser.parse(text), value.double != nil else {
            return .none
        }
        return value
    }

    /// Yes or no in the languages of the headers; `nil` for anything else.
    package static func flag(_ text: String) -> Bool? {
        let words = TextFolding.searchTokens(text)
        guard let first = words.first else { return nil }
        if affirmative.contains(first) { return words.count <= 2 ? true : nil }
        return negative.contains(first) && words.count <= 2 ? false : nil
    }

    private static let affirmative: Set<String> = [
        "yes", "y", "true", "t", "1", "x", "ja", "j", "oui", "o", "vrai", "si", "verdadero", "sim", "tak",
        "ano", "on", "wahr", "checked",
        "decision", "entscheider", "decideur", "decisor",
    ]
    private static let negative: Set<String> = [
        "no", "n", "false", "f", "0", "nein", "non", "faux", "falso", "nao", "nie", "ne", "nej", "nee", "off",
        "falsch", "unchecked",
        "influencer", "user",
    ]

    /// Whether a text says that somebody does not want to be contacted. When in doubt, it does.
    package static func isRefusal(_ text: String) -> Bool {
        guard text.utf8.count >= 3 else { return false }
        let words = TextFolding.searchTokens(text.utf8.count > 4000 ? String(text.prefix(4000)) : text)
        return words.indices.contains { start in
            refusals[words[start]]?.contains { words[start...].starts(with: $0) } ?? false
        }
    }

    /// The phrases, by their first words.
    private static let refusals: [String: [[String]]] = Dictionary(
        grouping: refusalPhrases.map { $0.split(separator: " ").map(String.init) }
    ) { $0[0] }

    private static let refusalPhrases = [
        "do not call", "do not contact", "do not email", "do not mail", "do not e mail", "do not write",
        "do not disturb", "dont call",
        "dont contact", "dont email", "dnc", "unsubscribed", "has unsubscribed", "opted out", "opt out",
        "optout", "no contact",
        "no emails", "no calls", "not to be contacted", "stop contacting", "remove from list", "remove me",
        "take me off",
        "blacklisted", "suppressed", "nicht anrufen", "nicht kontaktieren", "nicht anschreiben",
        "nicht mehr kontaktieren",
        "kein kontakt", "keine anrufe", "keine werbung", "keine mails", "abgemeldet", "werbewiderspruch",
        "widerspruch",
        "ne pas contacter", "ne pas appeler", "ne plus contacter", "desinscrit", "desabonne", "no contactar",
        "no llamar",
        "dado de baja", "baja voluntaria", "non contattare", "non chiamare", "disiscritto", "nao contactar",
        "nao ligar",
        "niet bellen", "niet contacteren", "niet mailen", "kontakta ej", "ring ej", "nie dzwonic",
        "nie kontaktowac",
    ]

    /// Whether a cell says that there is nothing to say. Names and notes may well be "None" or "Na".
    package static func isPlaceholder(_ text: String, isName: Bool = false) -> Bool {
        guard text.utf8.count <= 20 else { return false }
        let folded = TextFolding.fold(text)
        if folded.utf8.allSatisfy({
            !($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A || $0 >= 0x30 && $0 <= 0x39 || $0 >= 0x80)
        }) {
            return !folded.contains("$")
        }
        return marks.contains(folded) || !isName && words.contains(folded)
    }

    private static let marks: Set<String> = [
        "n/a", "n.a.", "n. a.", "n.a", "#n/a", "#ref!", "#value!", "#name?", "#null!", "#num!", "#div/0!",
        "(none)", "(null)", "<null>",
        "<none>", "[null]", "k.a.", "k. a.", "k.a", "s/o", "unknown", "not available", "not provided",
        "not specified", "unbekannt", "keine angabe",
        "undefined",
    ]
    private static let words: Set<String> = [
        "na", "nan", "null", "nil", "none", "tbd", "tba", "tbc", "not set", "empty", "blank", "no data",
        "inconnu",
        "desconocido", "sconosciuto", "onbekend", "okand", "kein", "keine", "leer", "aucun", "ninguno",
        "no email", "noemail",
        "no e-mail", "no phone", "keine e-mail", "keine email",
    ]

    /// An address that was typed to get past a form.
    package static func isPlaceholder(address: String) -> Bool {
        let parts = TextFolding.fold(TextCleaning.trimmed(address)).split(
            separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return false }
        let fillers: Set<Substring> = [
            "none", "na", "no", "null", "noemail", "nomail", "nobody", "unknown", "keine", "x", "xx", "xxx",
            "aaa", "asdf",
        ]
        return fillers.contains(parts[0]) && fillers.contains(parts[1].prefix { $0 != "." })
    }
}
