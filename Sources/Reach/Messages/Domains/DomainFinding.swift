internal import JSON
internal import Records
internal import Templates

/// The result of checking one of a domain's records, in plain words.
struct DomainFinding: Equatable, Sendable {
    enum State: String, Choice { case ok, missing, wrong, unclear }

    var state: State
    var found: [String] = []
    var wanted: String?
    var explanation: Saying

    /// As programs read it, or, as it is stored, with what the explanation is made of.
    func json(isStored: Bool) -> JSON {
        [
            "state": .string(state.rawValue), "found": JSON(found.prefix(20).map { String($0.prefix(1000)) }),
            "wanted": JSON(wanted),
            "explanation": isStored ? explanation.json : .string(explanation.english),
        ]
    }

    static let schema = JSON.schema(
        [
            "state": ["type": "string", "enum": JSON(State.choices)],
            "found": ["type": "array", "items": ["type": "string"]], "wanted": ["type": ["string", "null"]],
            "explanation": ["type": "string"],
        ], required: ["state", "found", "wanted", "explanation"])
}

/// All that is looked at.
struct DomainFindings: Equatable, Sendable {
    var spf: DomainFinding, dkim: DomainFinding, dmarc: DomainFinding, mx: DomainFinding
    /// `nil` where no list is asked.
    var blocklists: DomainFinding?

    func json(isStored: Bool) -> JSON {
        var object: JSONObject = [:]
        for (name, finding) in [("spf", spf), ("dkim", dkim), ("dmarc", dmarc), ("mx", mx)] {
            object[name] = finding.json(isStored: isStored)
        }
        if let blocklists { object["blocklists"] = blocklists.json(isStored: isStored) }
        return .object(object)
    }

    /// Returns the status of a domain after the check; a record that could not be checked changes nothing.
    func status(after old: SendingDomain.Status) -> SendingDomain.Status {
        let states = [spf, dkim, dmarc].map(\.state)
        if states.allSatisfy({ $0 == .ok }) { return .verified }
        if states.contains(.missing) || states.contains(.wrong) {
            return old == .unverified ? .unverified : .failing
        }
        return old
    }
}

/// `v=DKIM1; k=rsa; p=…`, as DKIM and DMARC have their records.
struct TagList {
    private let tags: [String: String]

    init(_ text: String) {
        var tags: [String: String] = [:]
        for part in text.split(separator: ";") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { continue }
            let name = pair[0].filter { !$0.isWhitespace }.lowercased()
            if tags[name] == nil { tags[name] = pair[1].filter { !$0.isWhitespace } }
        }
        self.tags = tags
    }

    subscript(name: String) -> String? { tags[name] }
}
