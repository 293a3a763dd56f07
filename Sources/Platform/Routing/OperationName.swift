package import Records

/// Derives the name of an operation, for generated clients and tools: `list_leads`, `create_lead`, `score_lead`. The
/// name follows from the method, the path and whether the answer is a page; where it would read badly, the route has a
/// name of its own (`named:`). openapi/operations.txt lists all names: a name that was released stays.
package enum OperationName {
    package static func derived(method: String, pattern: String, answersPage: Bool) -> String {
        let segments = pattern.split(whereSeparator: { "/.".contains($0) }).filter { $0 != "v1" }
        let endsInParameter = segments.last.map(isParameter) ?? false
        var words: [String] = []
        for (index, segment) in segments.enumerated() where !isParameter(segment) {
            switch String(segment).replacing("-", with: "_") {
            case "auth" where index == 0: continue
            case "api" where index == 0: words.append("legacy")
            case "admin" where index == 0: words.append("platform")
            case "d" where index == 0: words.append("deliverable")
            case "p" where index == 0: words.append("document")
            case let word: words.append(word)
            }
        }
        let isMember = segments.dropLast().last.map(isParameter) ?? false
        let isFileOfRecord = words.last == "files" && segments.filter(isParameter).count > 1
        let verb = method == "GET" && isFileOfRecord ? "download" : verbs[method]
        let name =
            endsInParameter
            ? joined(verb ?? method.lowercased(), words.map(singular))
            : collection(method, words, isMember: isMember, answersPage)
        // These pages are open to whoever has their link.
        return pattern.hasPrefix("/d/") || pattern.hasPrefix("/p/") ? "\(name)_by_link" : name
    }

    /// Returns the name for a path that ends in a word.
    private static func collection(
        _ method: String, _ words: [String], isMember: Bool, _ answersPage: Bool
    ) -> String {
        guard let last = words.last else { return method.lowercased() }
        let before = words.dropLast().map(singular)
        // The action concerns one record, or many at once.
        let subject =
            isMember ? before : words.dropLast().dropLast().map(singular) + words.dropLast().suffix(1)
        switch (method, last) {
        case ("GET", "content"): return joined("download", before)
        case ("GET", "stream"), ("GET", "export"), ("GET", "verify"): return joined(last, subject)
        case ("POST", "read"), ("POST", "unread"), ("POST", "seen"): return joined("mark", subject + [last])
        case ("POST", "done"): return joined("complete", subject)
        case ("POST", "messages"): return joined("send", before + ["message"])
        case ("GET", _): return joined(answersPage ? "list" : "get", before + [last])
        case ("POST", _) where words.count > 1 && (last.contains("_") || singular(last) == last):
            let parts = last.split(separator: "_", maxSplits: 1).map(String.init)
            return joined(parts[0], subject + parts.dropFirst())
        case ("POST", _): return joined("create", before + [singular(last)])
        default: return joined(verbs[method] ?? method.lowercased(), before + [last])
        }
    }

    private static let verbs = ["GET": "get", "PATCH": "update", "PUT": "update", "DELETE": "delete"]

    private static func isParameter(_ segment: Substring) -> Bool { segment.hasPrefix("{") }

    private static func joined(_ verb: String, _ words: [String]) -> String {
        ([verb] + words).joined(separator: "_")
    }

    /// Returns the words of a name as people read them: `SLA policies` for `sla_policies`.
    static func words(_ name: String) -> String {
        name.split(separator: "_").map { ["api", "sla"].contains($0) ? $0.uppercased() : String($0) }
            .joined(separator: " ")
    }

    /// Returns the singular: `case_study` for `case_studies`.
    static func singular(_ word: String) -> String {
        switch word {
        case "people": "person"
        case _ where word.hasSuffix("ies"): word.dropLast(3) + "y"
        case _ where word.hasSuffix("sses") || word.hasSuffix("xes") || word.hasSuffix("ches"):
            String(word.dropLast(2))
        case _ where word.hasSuffix("ss") || word.hasSuffix("us") || word.hasSuffix("is"): word
        case _ where word.hasSuffix("s"): String(word.dropLast())
        default: word
        }
    }
}

extension Resource {
    /// The word for one of its records in a sentence, such as `SLA policy`.
    package var singular: String { OperationName.words(OperationName.singular(table)) }
    /// The word for its records in a sentence, such as `SLA policies`.
    package var plural: String { OperationName.words(table) }
}
