internal import Agents
internal import JSON
package import Messages
package import Nouns
package import Records
package import Telemetry
package import Tenancy

/// The progress of a content item on its way to a blog: part of its row.
package struct ItemPublishing: Equatable, Sendable {
    package enum State: String, Choice {
        case waiting, held, publishing, published
        /// A sandbox has kept it.
        case captured
        case failed
        /// It may stand there: a person looks.
        case unknown

        /// Whether it waits for what holds it, or for its turn.
        var isWaiting: Bool { self == .waiting || self == .held }
        var isUnderWay: Bool { isWaiting || self == .publishing }
    }

    package var state: State?
    package var url: String?
    package var remote: String?
    package var reasons = Parts<Reason>()
    package var integrationID: IntegrationID?
    package var image: BlogImage?
    /// Tells what the piece is called there: set once, since the blog is asked by it whether it stands.
    package var slug: String?
    /// Tells what the connector has noted for the step that follows.
    package var notes: String?
    /// The number of times that people have sent it there, and of steps of this round that are over.
    package var round = 0, steps = 0
    package var askedAt: Instant?
    /// The time at which the step began that is under way.
    package var takenAt: Instant?

    package init() {}

    /// Whether a step is over and the next has not begun.
    var isBetweenSteps: Bool { state == .publishing && takenAt == nil }

    /// Tells whether an earlier attempt may have left it there.
    private static let again = "again"

    /// The notes as the connector has them.
    var kept: [String: String] {
        let object = notes.flatMap { try? JSONParser.parse($0) }?.object
        var kept: [String: String] = [:]
        for (name, value) in object?.members ?? [] where name != Self.again { kept[name] = value.text }
        return kept
    }

    var mayStand: Bool {
        round > 1 || notes.flatMap { try? JSONParser.parse($0) }?[Self.again] == true
    }

    mutating func keep(_ kept: [String: String], again: Bool = false) {
        let isAgain = again || mayStand
        var object = JSONObject(kept.sorted { $0.key < $1.key }.map { ($0.key, JSON.string($0.value)) })
        if isAgain { object[Self.again] = true }
        notes = JSON.object(object).serialized
    }
}

/// A picture at the head of a piece.
package struct BlogImage: Part {
    package var fileID = ID<StoredFile>.unset
    package var altText = ""

    package init() {}

    package static let schema = Schema<BlogImage>(
        "BlogImage",
        [
            .id("file_id", \.fileID, .required, .about("The picture, as POST /v1/files has answered it.")),
            .text(
                "alt_text", \.altText, max: 1000, .required, .example("A rose bush after its cut"),
                .about("The description of the picture, for those who do not see it.")),
        ])
}

extension ContentItem {
    /// The name of this publication, and of the step that is under way or is next, which the gate knows it by.
    var sendKey: String { "\(id)/blog/\(publishing.round)" }
    var stepKey: String { "\(sendKey)/\(publishing.steps)" }

    /// When it is to stand on its blog; `nil`: as soon as it may.
    var plannedMoment: Instant? { status == .scheduled ? plannedAt : nil }

    /// When it could have left first.
    var waitsSince: Instant? {
        publishing.askedAt.map { asked in plannedMoment.map { max($0, asked) } ?? asked }
    }

    /// Adds a fault where a status says of a blog what nobody knows.
    func checkPublishing(replacing old: ContentItem?, _ faults: inout Faults) {
        guard status == .unknown, publishing.state != .unknown else { return }
        faults.add(
            "/status", "invalid_choice",
            "status is unknown only where a blog's answer was lost: choose another.",
            choices: Status.allCases.filter { $0 != .unknown }.map(\.rawValue))
    }

    /// Throws while the words are on their way, and while nobody knows whether they have arrived.
    func requireNotLeaving(replacing old: ContentItem?) throws(Problem) {
        guard let old else { return }
        if old.status == .unknown, status != .unknown, publishing.state == .unknown {
            throw Problem(
                .invalidTransition,
                "The blog did not tell whether it has the content item: say so first, with /resolve.",
                extra: ["allowed": []])
        }
        guard old.publishing.takenAt != nil, old.publishing.takenAt == publishing.takenAt else { return }
        let isSame =
            (title, body, status, publishing.image) == (old.title, old.body, old.status, old.publishing.image)
        guard isSame else {
            throw Problem(
                .invalidTransition, "The content item is just being published: try again in a minute.",
                extra: ["allowed": []])
        }
    }

    /// Throws for what stands on a blog, or is on its way there.
    func requireNotOnBlog() throws(Problem) {
        guard let state = publishing.state, state != .failed, state != .captured else { return }
        throw Problem(.conflict, "The content item is on a blog, or on its way there: archive it instead.")
    }
}
