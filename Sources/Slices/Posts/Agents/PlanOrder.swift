internal import Agents
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Social

/// The wish with which an agent of networks is called.
struct PlanOrder: Sendable {
    let item: ContentItemID?
    let client: ClientID?
    /// `nil`: all of them.
    let networks: Set<SocialNetwork>?
    let topic: String?
    /// The draft whose pictures are to be described.
    let post: SocialPostID?

    init(_ parameters: JSON) {
        item = parameters["content_item_id"]?.id(of: Nouns.ContentItem.self)
        client = parameters["client_id"]?.id(of: Nouns.Client.self)
        networks = parameters["networks"]?.array.map { names in
            Set(names.compactMap { $0.text.flatMap(SocialNetwork.init(rawValue:)) })
        }
        topic = parameters["topic"]?.text
        post = parameters["post_id"]?.id(of: Nouns.SocialPost.self)
    }

    /// Whether nothing certain is asked for.
    var isOfAll: Bool { item == nil && client == nil && topic == nil }

    private static let topicMax = 500

    /// Every fault of a call. `names`: the parameters that the agent has.
    static func faults(in parameters: JSON, _ names: Set<String>) -> [ValueFault] {
        (parameters.object?.members ?? []).compactMap { name, value in
            guard names.contains(name) else {
                return ValueFault(
                    pointer: "/\(name.pointerToken)", code: "unknown_field",
                    detail: "The agent has no parameter \(name.prefix(64)): leave it out.")
            }
            return fault(name, value)
        }
    }

    private static func fault(_ name: String, _ value: JSON) -> ValueFault? {
        switch name {
        case "content_item_id" where value.text.flatMap({ ContentItemID($0) }) == nil:
            ValueFault(
                pointer: "/content_item_id", code: "unknown_reference",
                detail: "content_item_id must be the id of a content item.")
        case "client_id" where value.text.flatMap({ ClientID($0) }) == nil:
            ValueFault(
                pointer: "/client_id", code: "unknown_reference",
                detail: "client_id must be the id of a client.")
        case "post_id" where value.text.flatMap({ SocialPostID($0) }) == nil:
            ValueFault(
                pointer: "/post_id", code: "unknown_reference", detail: "post_id must be the id of a post.")
        case "networks" where !isNetworks(value):
            ValueFault(
                pointer: "/networks", code: "invalid_choice",
                detail: "networks must be a list of networks.", choices: SocialNetwork.choices)
        case "topic" where !(value.text.map { (1...topicMax).contains($0.count) } ?? false):
            ValueFault(
                pointer: "/topic", code: "wrong_type",
                detail: "topic must be a text of \(topicMax) characters at most.")
        default: nil
        }
    }

    private static func isNetworks(_ value: JSON) -> Bool {
        guard let names = value.array, !names.isEmpty else { return false }
        return names.allSatisfy { $0.text.flatMap(SocialNetwork.init(rawValue:)) != nil }
    }
}
