internal import Agents
internal import Cryptography
package import Database
package import JSON
internal import Jobs
internal import Media
package import Messages
package import Nouns
package import Records
package import Social
package import Telemetry
package import Tenancy

/// Something that is to stand on a social network: one row of `social_posts`.
package struct SocialPost: ManagedRecord {
    package enum Status: String, Choice {
        case draft
        case needsApproval = "needs_approval"
        case scheduled, held, publishing, published, failed
        /// It may stand there: a person looks.
        case unknown
        /// Its hour had passed when it could have left.
        case missed
        case awaitingPerson = "awaiting_person"
        case cancelled
        /// It stood, and was taken back.
        case removed

        /// Whether it is still planned, and may be changed.
        var isOpen: Bool { [.draft, .needsApproval, .scheduled, .held, .missed].contains(self) }
        /// Whether it waits for its hour, or for what holds it.
        var isWaiting: Bool { self == .scheduled || self == .held }
    }

    package var head = Head<Nouns.SocialPost>()
    package var accountID = SocialAccountID.unset
    package var text = ""
    package var format = PostFormat.post
    package var thread: [String] = []
    package var media = Parts<PostMedium>()
    package var firstComment: String?
    package var link: String?
    package var scheduledAt: Instant?
    package var itemID: ContentItemID?
    package var campaignID: CampaignID?
    package var clientID: ClientID?
    package var options = JSON.null
    package var mayRepeat = false
    package var recycle: PostRecycling?
    package var status = Status.draft
    package var reasons = Parts<Reason>()
    package var remote: String?
    package var url: String?
    package var publishedAt: Instant?
    package var isCaptured = false
    package var costEstimate: Money?
    package var standing: [String] = []
    package var slot: Instant?
    package var textHash: String?
    package var attempts = 0
    package var rounds = 0
    /// Tells what the network has been asked for so far, for the step that follows.
    package var progress: String?
    package var takenAt: Instant?
    /// Tells what it is where only people can do it; it never leaves by itself then.
    package var handWork: HandWork?
    package var results: PostResults?
    package var nextReadingAt: Instant?
    package var readingFault: String?
    package var isMadeWithAI: Bool?
    package var isPaid = false
    package var soundID: ID<Sound>?
    package var effectID: ID<Sound>?

    package init() {}

    package static let resource = Resource<SocialPost>(
        "social_posts", named: "SocialPost",
        console: ConsoleForm(
            title: "text", columns: ["account_id", "status", "scheduled_at", "published_at"],
            form: [
                "account_id", "text", "format", "first_comment", "link", "client_id", "made_with_ai",
                "paid_partnership",
            ],
            filters: ["status", "account_id"]),
        [
            .id(
                "account_id", \.accountID, .required, .writeOnce, .filterable,
                .about("The account at which it stands.")),
            .text(
                "text", \.text, max: 70_000, .required, .searchable, .example("We now report by the hour."),
                .about("The words; of a thread, those of its first part.")),
            .choice(
                "format", \.format, .standard("post"), .filterable,
                .about("The shape in which it stands; /v1/social-networks has those of each network.")),
            .texts(
                "thread", \.thread, max: 24, length: 5000,
                .about("The parts of the thread that follow on the text.")),
            .parts("media", \.media, max: 35, .about("Its pictures and films, in their order.")),
            .text(
                "first_comment", \.firstComment, max: 5000,
                .about("The text of a first comment, which is posted at once.")),
            .link("link", \.link, .about("A link that stands below the words, unless it is among them.")),
            .instant(
                "scheduled_at", \.scheduledAt, .readOnly, .filterable, .sortable,
                .about("When it is to be published.")),
            .id(
                "content_item_id", \.itemID, .filterable,
                .about("The piece of content that it is of: it leaves once that is approved.")),
            .id(
                "campaign_id", \.campaignID, .filterable,
                .about("The campaign that it is of: it leaves while that is active.")),
            .id(
                "client_id", \.clientID, .filterable,
                .about("The client for whom it is; that of the account where it has one.")),
            .document(
                "options", \.options, schema: PostOptions.schema, .example(["privacy_level": "SELF_ONLY"]),
                .about("The options that a person has chosen for the network.")),
            .boolean(
                "allow_repeat", \.mayRepeat, .standard(false),
                .about("Whether the account may say the same again within thirty days.")),
            .part("recycle", \.recycle, .about("How often it is published again by itself.")),
            .choice("status", \.status, .readOnly, .filterable, .about("The state that it is in.")),
            .parts("reasons", \.reasons, max: 10, .readOnly, .about("Why it does not leave, or did not.")),
            .text(
                "remote_id", \.remote, max: 500, .readOnly, .filterable,
                .about("The identifier that the network has given it.")),
            .text("url", \.url, max: 2048, .readOnly, .about("Where it stands.")),
            .instant(
                "published_at", \.publishedAt, .readOnly, .filterable, .sortable,
                .about("When it was published.")),
            .boolean(
                "captured", \.isCaptured, .readOnly,
                .about("Whether a sandbox has kept it instead of publishing it.")),
            .money("cost_estimate", \.costEstimate, .readOnly, .about("The charge of the network.")),
            .texts("standing", \.standing, max: 25, length: 500, .secret),
            .instant("slot", \.slot, .secret),
            .text("text_hash", \.textHash, max: 64, .secret),
            .integer("attempts", \.attempts, in: 0...1_000_000, .secret),
            .integer("rounds", \.rounds, in: 0...1_000_000, .secret),
            .text("progress", \.progress, max: 100_000, .secret),
            .instant("taken_at", \.takenAt, .secret),
            .choice(
                "by_hand", \.handWork, .filterable, .added(in: 1210),
                .about("The kind of post where the network lets only people publish it; null: a post.")),
            .part(
                "results", \.results, .readOnly, .added(in: 1200),
                .about(
                    "Its newest figures; null before there are any. What the network does not tell is null.")),
            .instant(
                "next_reading_at", \.nextReadingAt, .readOnly, .filterable, .added(in: 1200),
                .about("When its network is asked for its figures next; null: not any more.")),
            .text(
                "reading_fault", \.readingFault, max: 80, .readOnly, .filterable, .added(in: 1200),
                .about(
                    "Why its figures could not be read last; gone: it does not stand there any more. "
                        + "null: they were read.")),
            .boolean(
                "made_with_ai", \.isMadeWithAI, .added(in: 1481),
                .about(
                    "Whether a model has made words or media of it, which X and TikTok are told; null: as its piece of content says."
                )),
            .boolean(
                "paid_partnership", \.isPaid, .standard(false), .added(in: 1481),
                .about("Whether somebody else pays for it, which X and TikTok are told.")),
            .id(
                "sound_id", \.soundID, .readOnly, .filterable, .added(in: 1571),
                .about("The sound with which it stands, as whoever has published it says.")),
            .id(
                "effect_id", \.effectID, .readOnly, .filterable, .added(in: 1605),
                .about("The effect with which it stands, as whoever has published it says.")),
        ])

    package mutating func prepare(replacing old: SocialPost?, by actor: Actor, in tx: Transaction) throws {
        textHash = Self.hash(of: text, thread)
        // A post that has left, or may have, changes its text only where its network has been told so.
        if let old, !old.status.isOpen, actor != .system,
            old.text != text || old.thread != thread || old.link != link
        {
            throw old.refusal()
        }
        if let recycle, Duration(iso8601: recycle.every).map({ $0 < .seconds(86_400) }) ?? true {
            throw Problem(faults: [
                Fault(
                    "/recycle/every", "invalid_duration",
                    "every must be a duration of a day at least, such as P60D.")
            ])
        }
        guard old?.accountID != accountID || old?.clientID != clientID else { return }
        guard let account = try SocialAccount.resource.find(accountID, in: tx) else { return }
        if let client = account.clientID {
            guard clientID == nil || clientID == client else {
                throw Problem(faults: [
                    Fault("/client_id", "conflict", "The account is of another client: leave client_id out.")
                ])
            }
            clientID = client
        }
    }

    package func saved(replacing old: SocialPost?, by actor: Actor, in tx: Transaction) throws {
        guard let old, old.status == .needsApproval, status != .needsApproval,
            old.reasons.list.contains(where: \.asksForLook)
        else { return }
        try tx.posts.settleLooks(at: itemID)
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        guard status == .draft && !goesOn || status == .cancelled else {
            throw Problem(.conflict, "The post is \(status.rawValue): cancel it instead.")
        }
    }

    /// Tells what two posts have in common that say the same: words without their case and blanks.
    static func hash(of text: String, _ thread: [String]) -> String? {
        let words = ([text] + thread).joined(separator: " ").lowercased().split(
            whereSeparator: \.isWhitespace)
        guard !words.isEmpty else { return nil }
        return Hex.encode(SHA256.hash(words.joined(separator: " ")))
    }

    /// The steps that its status allows.
    private var allowed: [String] {
        switch status {
        case _ where status.isOpen: ["schedule", "publish", "cancel"]
        case .failed: ["retry", "cancel"]
        case .awaitingPerson: ["done", "cancel"]
        case .unknown: ["resolve"]
        default: []
        }
    }

    func refusal() -> Problem {
        Problem(
            .invalidTransition, "The post is \(status.rawValue), which does not allow this.",
            extra: ["allowed": JSON(allowed)])
    }
}

/// A picture or film of a post.
package struct PostMedium: Part {
    package var fileID = ID<StoredFile>.unset
    package var altText = ""
    package var products = Parts<TaggedProduct>()
    package var start: Double?, end: Double?

    package init() {}

    /// The part of a film that is shown; `nil`: all of it.
    var part: FilmPart? {
        start == nil && end == nil ? nil : FilmPart(start: start ?? 0, end: end)
    }

    package static let schema = Schema<PostMedium>(
        "PostMedium",
        [
            .id("file_id", \.fileID, .required, .about("The file, as POST /v1/files has answered it.")),
            .text(
                "alt_text", \.altText, max: 1000,
                .about("The description of the picture, for those who do not see it.")),
            .parts(
                "products", \.products, max: 20, .about("The products of the shop that are tagged in it.")),
            .number(
                "start_seconds", \.start, in: 0...86_400, .example(12.5),
                .about("Where the part of a film begins that is shown; null: at its beginning.")),
            .number(
                "end_seconds", \.end, in: 0...86_400, .example(60),
                .about("Where that part ends; null: where the film does.")),
        ])
}

/// A product of a shop's catalogue, and where it is in a picture.
package struct TaggedProduct: Part {
    package var productID = ""
    package var x: Double?, y: Double?

    package init() {}

    package static let schema = Schema<TaggedProduct>(
        "TaggedProduct",
        [
            .text(
                "product_id", \.productID, max: 40, .required, .line, .example("3231775643511089"),
                .about("The product, as GET /v1/social-accounts/{id}/products has it.")),
            .number("x", \.x, in: 0...1, .about("How far it is from the left of a picture, from 0 to 1.")),
            .number("y", \.y, in: 0...1, .about("How far it is from the top of a picture, from 0 to 1.")),
        ])
}

enum PostOptions {
    static let schema: JSON = [
        "type": ["object", "null"],
        "properties": [
            "privacy_level": [
                "type": "string",
                "description": "The audience that may see it, as the creator's account offers it.",
            ]
        ],
        "additionalProperties": ["type": ["string", "boolean", "number", "null"]],
    ]
}
