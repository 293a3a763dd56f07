internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Wording

func wordingRoutes(_ routes: inout Routes, _ portal: Deferred<PortalWords>) {
    routes.standard(
        OwnWording.resource, read: "settings:read", write: "settings:write", get: false, create: false,
        patch: false, delete: false)
    routes.schema("WordingText", wordingTextSchema)
    routes.schema("LanguageWordings", languageWordingsSchema)

    routes.get(
        "/v1/wordings/{language}", .permission("settings:read"),
        "List the texts of a language, with the agency's own",
        .json(.reference("LanguageWordings"))
    ) { call in
        let language = try call.language()
        return .read { reader in
            let own = try OwnWording.resource.all(where: "language = \(language)", in: reader)
            let texts = Dictionary(own.map { ($0.key, $0.text) }) { first, _ in first }
            let catalogue = Catalogue.of(language)
            let list = Catalogue.sayable.sorted { $0.key < $1.key }.map { key, english -> JSON in
                [
                    "key": .string(key),
                    "standard": .string(catalogue?.find(key)?.text ?? english), "text": JSON(texts[key]),
                    "arguments": JSON(arguments(of: english)),
                ]
            }
            let pages = portal.value
            let more = pages.standard.sorted { $0.key < $1.key }.map { key, english -> JSON in
                [
                    "key": .string(key), "standard": .string(pages.find(key, in: language) ?? english),
                    "text": JSON(texts[key]), "arguments": JSON(PortalWords.places(in: english)),
                ]
            }
            return .json(["language": .string(language), "texts": .array(list + more)])
        }
    }
    routes.put(
        "/v1/wordings/{language}/{key}", .permission("settings:write"),
        "Set the agency's own text for a key in a language",
        body: .json(.reference("WordingText")), .record(OwnWording.resource)
    ) { call in
        let (language, key) = (try call.language(), try call.wordingKey(portal))
        let body = try call.object()
        var faults = Faults()
        for name in body.keys where name != "text" {
            faults.add(
                "/\(name)", "unknown_field",
                "\(name.prefix(64)) is not a field of a wording: send text alone.")
        }
        guard let text = body["text"]?.text else {
            faults.add("/text", "required", "text is required: the agency's own words, as a string.")
            throw Problem(faults: faults.list)
        }
        try faults.throwIfAny()
        var draft = OwnWording()
        OwnWording.schema.create(
            &draft, from: ["key": .string(key), "language": .string(language), "text": .string(text)],
            faults: &faults)
        try faults.throwIfAny()
        return .write { [draft] tx in
            guard let old = try tx.wordings.own(language, key) else {
                var wording = draft
                wording.beginLife(id: tx.nextID(), now: tx.now)
                try tx.create(&wording, by: call.actor)
                return .record(wording)
            }
            try call.checkVersion(old.version)
            var wording = old
            wording.text = draft.text
            try tx.update(old, to: &wording, by: call.actor)
            return .record(wording)
        }
    }
    routes.delete(
        "/v1/wordings/{language}/{key}", .permission("settings:write"),
        "Delete the agency's own text, so that the standard one is used",
        .empty("The record was deleted.")
    ) { call in
        let (language, key) = (try call.language(), try call.wordingKey(portal))
        return .write { tx in
            guard let wording = try tx.wordings.own(language, key) else { throw Problem(.notFound) }
            try call.checkVersion(wording.version)
            try tx.delete(wording, by: call.actor)
            return .noContent
        }
    }
}

private func arguments(of text: String) -> [String] {
    (try? MessagePattern(text, locale: "en").arguments.keys.sorted()) ?? []
}

extension Call {
    /// The language in the path: ISO 639, in small letters.
    fileprivate func language() throws(Problem) -> String {
        let text = parameters["language"] ?? ""
        guard let tag = LocaleTag(text), tag.language == text else { throw Problem(.notFound) }
        return text
    }

    fileprivate func wordingKey(_ portal: Deferred<PortalWords>) throws(Problem) -> String {
        let key = parameters["key"] ?? ""
        guard Catalogue.sayable[key] != nil || portal.value.standard[key] != nil else {
            throw Problem(.notFound)
        }
        return key
    }
}

extension WordingStore {
    fileprivate func own(_ language: String, _ key: String) throws -> OwnWording? {
        try OwnWording.resource.first(where: "language = \(language) AND key = \(key)", in: tx)
    }
}

private let wordingTextSchema: JSON = [
    "type": "object",
    "properties": [
        "text": [
            "type": "string", "minLength": 1, "maxLength": 10_000,
            "description": "The agency's words, with the arguments of the standard text.",
        ]
    ],
    "required": ["text"], "additionalProperties": false,
]

private let languageWordingsSchema: JSON = .schema(
    [
        "language": ["type": "string", "description": "The language, as an ISO 639 code."],
        "texts": ["type": "array", "items": standardWordingSchema, "description": "Every text, by its key."],
    ], required: ["language", "texts"])

private let standardWordingSchema: JSON = .schema(
    [
        "key": ["type": "string", "description": "The sentence's name, the same in every language."],
        "standard": [
            "type": "string",
            "description":
                "The standard text, without words of the agency's: in English where the language has none.",
        ],
        "text": ["type": ["string", "null"], "description": "The agency's own words; null: it has none."],
        "arguments": [
            "type": "array", "items": ["type": "string"],
            "description": "The names of the values that the text is written with.",
        ],
    ], required: ["key", "standard", "text", "arguments"])
