internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Social

/// An order to the generator: the parameters of its run.
struct WritingOrder: Sendable {
    enum Format: String, Choice { case blog, social, email, video, story, ad, message }

    let brief: String
    let formats: [Format]
    /// The networks that social pieces are for; one piece for any where there are none.
    let networks: [SocialNetwork]
    let client: ClientID?
    /// Of a message: its type of content, the languages it is for, and whether it is to fill a slot of the calendar.
    let type: ContentItem.Kind?
    let languages: [String]
    let isForSlot: Bool

    static let briefMax = 20_000

    init?(_ parameters: JSON) {
        guard parameters["formats"] != nil, Self.faults(in: parameters).isEmpty else { return nil }
        brief = parameters["brief"]?.text ?? ""
        type = parameters["type"]?.text.flatMap(ContentItem.Kind.init(rawValue:))
        languages = (parameters["languages"]?.array ?? []).compactMap {
            $0.text.flatMap { LocaleTag($0) }?.language
        }
        isForSlot = parameters["slot"] == true
        formats = Self.each(parameters["formats"])
        networks = Self.each(parameters["networks"])
        client = parameters["client_id"]?.id(of: Nouns.Client.self)
    }

    /// Orders a piece for networks and a mail out of an article.
    init(_ article: ContentItem) {
        brief = String("\(article.title)\n\n\(article.body)".prefix(Self.briefMax))
        (formats, networks, client) = ([.social, .email], [], article.clientID)
        (type, languages, isForSlot) = (nil, [], false)
    }

    private static func each<C: Choice & Hashable>(_ list: JSON?) -> [C] {
        var seen: Set<C> = []
        return (list?.array ?? []).compactMap { $0.text.flatMap(C.init(rawValue:)) }
            .filter { seen.insert($0).inserted }
    }

    /// Every fault of a run's parameters; a run without any is one of a schedule, which has no brief.
    static func faults(in parameters: JSON) -> [ValueFault] {
        let given = parameters.object ?? [:]
        guard !given.isEmpty else { return [] }
        let isMessage = given["formats"]?.array?.contains("message") == true
        var needed = ["brief", "formats"]
        if isMessage { needed = given["slot"] == true ? ["formats"] : needed + ["type"] }
        let missing = needed.filter { given[$0] == nil }.map {
            ValueFault(pointer: "/\($0)", code: "required", detail: "\($0) is required.")
        }
        return missing + given.members.flatMap { name, value in faults(name, value) }
            + conflicts(in: given, isMessage)
    }

    /// Returns the faults of what messages and other pieces do not have in common.
    private static func conflicts(in given: JSONObject, _ isMessage: Bool) -> [ValueFault] {
        let others = isMessage ? ["networks", "client_id"] : ["type", "languages", "slot"]
        var found = others.filter { given[$0].map { !$0.isNull } ?? false }.map { name in
            ValueFault(
                pointer: "/\(name)", code: "conflict",
                detail: isMessage
                    ? "A message goes to the agency's own people: leave \(name) out."
                    : "\(name) is for messages only: leave it out.")
        }
        if isMessage, (given["formats"]?.array?.count ?? 0) > 1 {
            found.append(
                ValueFault(
                    pointer: "/formats", code: "conflict",
                    detail: "A message is written by itself: order the other formats in another run."))
        }
        return found
    }

    private static func faults(_ name: String, _ value: JSON) -> [ValueFault] {
        switch name {
        case "brief":
            guard let text = value.text, text.contains(where: { !$0.isWhitespace }) else {
                return [.init(pointer: "/brief", code: "wrong_type", detail: "brief must be a text.")]
            }
            guard text.count > briefMax else { return [] }
            return [
                .init(
                    pointer: "/brief", code: "too_long", detail: "brief has \(briefMax) characters at most.")
            ]
        case "formats": return choices("formats", value, Format.choices)
        case "networks": return choices("networks", value, SocialNetwork.choices, mayBeEmpty: true)
        case "type": return choice(value, ContentItem.Kind.choices)
        case "languages":
            guard let list = value.array, !list.isEmpty, list.count <= languagesMax,
                list.allSatisfy({ $0.text.flatMap { LocaleTag($0) } != nil })
            else {
                return [
                    .init(
                        pointer: "/languages", code: "invalid_locale",
                        detail: "languages must be 1 to \(languagesMax) language tags, such as en.")
                ]
            }
            return []
        case "slot":
            if case .bool = value { return [] }
            return [.init(pointer: "/slot", code: "wrong_type", detail: "slot must be true or false.")]
        case "client_id":
            guard !value.isNull, value.text.flatMap({ ClientID($0) }) == nil else { return [] }
            return [
                .init(
                    pointer: "/client_id", code: "unknown_reference",
                    detail: "client_id must be the id of a client.")
            ]
        default:
            return [
                .init(
                    pointer: "/\(name.pointerToken)", code: "unknown_field",
                    detail: "The agent has no parameter \(name.prefix(64)): leave it out.")
            ]
        }
    }

    private static let languagesMax = 7

    private static func choice(_ value: JSON, _ choices: [String]) -> [ValueFault] {
        guard value.text.map(choices.contains) != true else { return [] }
        return [
            .init(
                pointer: "/type", code: "invalid_choice", detail: "type must be of the choices.",
                choices: choices)
        ]
    }

    private static func choices(
        _ name: String, _ value: JSON, _ choices: [String], mayBeEmpty: Bool = false
    ) -> [ValueFault] {
        guard let list = value.array, mayBeEmpty || !list.isEmpty else {
            return [
                .init(
                    pointer: "/\(name)", code: "wrong_type", detail: "\(name) must be a list of choices.",
                    choices: choices)
            ]
        }
        return list.enumerated().compactMap { index, value in
            guard value.text.map(choices.contains) != true else { return nil }
            return .init(
                pointer: "/\(name)/\(index)", code: "invalid_choice",
                detail: "\(name) must be of the choices.", choices: choices)
        }
    }
}
