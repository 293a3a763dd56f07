internal import Agents
internal import Database
package import JSON
internal import Jobs
package import Messages
package import Nouns
package import Records
package import Sequences
internal import Social
package import Telemetry
package import Tenancy

/// A change of a post that stands: other words about a film, another thumbnail, or that it is taken back. One row of
/// `post_changes`.
package struct PostChange: ManagedRecord {
    package enum Kind: String, Choice { case update, removal }
    package enum Status: String, Choice {
        case waiting, held, sending, done, failed
        /// The network does not tell whether it has taken it.
        case unknown
        case cancelled

        /// Whether it has not left yet.
        var isOpen: Bool { self == .waiting || self == .held }
        /// Whether nothing has become of it yet.
        var isUnderWay: Bool { isOpen || self == .sending }
    }

    package var head = Head<PostChange>()
    package var postID = SocialPostID.unset
    package var accountID = SocialAccountID.unset
    package var clientID: ClientID?
    package var kind = Kind.update
    package var title: String?
    package var text: String?
    package var tags: [String] = []
    /// Whether the tags are to be those above: none is a choice, too.
    package var setsTags = false
    package var thumbnailID: ID<StoredFile>?
    package var experimentID: ID<Experiment>?
    package var status = Status.waiting
    package var reasons = Parts<Reason>()
    package var before = JSON.null
    package var isCaptured = false
    package var appliedAt: Instant?
    /// The number of its steps that the network has taken.
    package var steps = 0
    package var attempts = 0
    package var takenAt: Instant?

    package init() {}

    package static let idPrefix = "pch", noun = "post_change"
    package static let resource = Resource<PostChange>(
        "post_changes", named: "PostChange",
        console: ConsoleForm(
            columns: ["post_id", "kind", "status", "applied_at"], filters: ["kind", "status"]),
        [
            .id("post_id", \.postID, .readOnly, .filterable, .about("The post that stands.")),
            .id("account_id", \.accountID, .readOnly, .filterable, .about("The account at which it stands.")),
            .id("client_id", \.clientID, .readOnly, .filterable, .about("The client for whom it is.")),
            .choice(
                "kind", \.kind, .readOnly, .filterable,
                .about("Whether a film gets other words or another thumbnail, or a post is taken back.")),
            .text("title", \.title, max: 1000, .readOnly, .about("The title; null: it stays.")),
            .text("text", \.text, max: 70_000, .readOnly, .about("The words below it; null: they stay.")),
            .texts("tags", \.tags, max: 100, length: 500, .readOnly, .about("The tags, where they are set.")),
            .boolean(
                "sets_tags", \.setsTags, .readOnly,
                .about("Whether the tags become these; false: they stay.")),
            .id(
                "thumbnail_id", \.thumbnailID, .readOnly,
                .about("The picture of the thumbnail; null: it stays.")),
            .id(
                "experiment_id", \.experimentID, .readOnly, .filterable,
                .about("The experiment that tries it; null: a person has asked for it.")),
            .choice("status", \.status, .readOnly, .filterable, .about("The state that it is in.")),
            .parts(
                "reasons", \.reasons, max: 10, .readOnly, .about("Why it does not leave, or was not taken.")),
            .document(
                "before", \.before, schema: ["type": ["object", "null"]], .readOnly,
                .about(
                    "The words about the film as the network had them before; null: they were not asked for.")
            ),
            .boolean("captured", \.isCaptured, .readOnly, .about("Whether a sandbox has kept it.")),
            .instant(
                "applied_at", \.appliedAt, .readOnly, .filterable, .sortable,
                .about("When the network had taken all of it.")),
            .integer("steps", \.steps, in: 0...1000, .secret),
            .integer("attempts", \.attempts, in: 0...1_000_000, .secret),
            .instant("taken_at", \.takenAt, .secret),
        ])

    /// The name of the step that is under way, or is next.
    var stepKey: String { "\(id)/\(steps)/\(attempts)" }

    /// The words that it sets.
    var words: FilmText.Change { FilmText.Change(title: title, text: text, tags: setsTags ? tags : nil) }

    func refusal() -> Problem {
        let isRetried = status == .failed || status == .unknown
        return Problem(
            .invalidTransition, "The change is \(status.rawValue), which does not allow this.",
            extra: ["allowed": isRetried ? ["retry"] : status.isOpen && steps == 0 ? ["cancel"] : []])
    }
}

/// A step of a change: one call of the network.
enum ChangeStep: Hashable, Sendable {
    case remove(String), words, thumbnail

    /// The steps of a change of a post, in their order: of a thread its last part goes first, so that no answer is left
    /// without what it answers.
    static func all(of change: PostChange, at post: SocialPost) -> [ChangeStep] {
        switch change.kind {
        case .removal: return post.parts.reversed().map { .remove($0) }
        case .update:
            var steps: [ChangeStep] = change.words.isEmpty ? [] : [.words]
            if change.thumbnailID != nil { steps.append(.thumbnail) }
            return steps
        }
    }
}

extension SocialPost {
    /// The identifiers of its parts at the network.
    var parts: [String] { standing.isEmpty ? remote.map { [$0] } ?? [] : standing }
}
