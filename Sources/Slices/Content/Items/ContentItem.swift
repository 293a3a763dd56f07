internal import Agents
internal import ChangeSets
package import Database
package import JSON
internal import Jobs
internal import Messages
package import Nouns
internal import People
package import Records
package import Telemetry
internal import Templates

/// Something that the agency tells many people, written once: one row of `content_items`.
package struct ContentItem: ManagedRecord {
    package enum Kind: String, Choice {
        case productLaunch = "product_launch"
        case caseStudy = "case_study"
        case educational
        case companyNews = "company_news"
        case industryInsights = "industry_insights"
    }
    package enum Format: String, Choice { case message, blog, social, email, video, story, ad }
    /// The measure by which variants are compared that are tried on people.
    package enum Goal: String, Choice {
        /// They follow a link, or answer.
        case answered
        /// Their lead is won afterwards.
        case converted
    }
    package enum Status: String, Choice {
        case idea, draft
        case inReview = "in_review"
        case withClient = "with_client"
        case approved, scheduled, published, archived
        /// It may stand on a blog: a person looks.
        case unknown

        /// Whether people may get it.
        package var isGiven: Bool { [.approved, .scheduled, .published].contains(self) }
        /// Whether it may go out, and has not yet.
        var isReady: Bool { self == .approved || self == .scheduled }
        /// Whether somebody looks at the words as they are, or has.
        var isJudged: Bool { isGiven || self == .inReview || self == .withClient }
    }

    package var head = Head<Nouns.ContentItem>()
    package var title = ""
    package var type: Kind?
    package var subject = ""
    /// Markdown, in the language of templates.
    package var body = ""
    package var segmentID: SegmentID?
    package var locale: String?
    package var variants = Parts<ContentVariant>()
    package var technical: ContentLink?
    package var guide: ContentLink?
    package var status = Status.draft
    package var publishedAt: Instant?
    package var publishing = ItemPublishing()
    package var adoptedVariant: String?
    package var settledAt: Instant?
    package var format = Format.message
    package var clientID: ClientID?
    package var campaignID: CampaignID?
    package var plannedAt: Instant?
    package var media = Parts<ContentMedium>()
    package var claims = Parts<ContentClaim>()
    package var sources = Parts<ContentSource>()
    /// The number of its newest version: a yes is one to what was shown.
    package var revision = 1
    package var submittedAt: Instant?
    package var reviewedBy: String?
    package var reviewedAt: Instant?
    package var reviewNotes: String?
    package var askedAt: Instant?
    package var changeRequest: String?
    package var decidedAt: Instant?
    package var evidence = JSON.null
    package var quality = JSON.null
    /// A free tool or resource that it offers.
    package var resourceLink: ContentLink?
    package var isMadeWithAI = false
    package var goal = Goal.answered

    package init() {}

    package static let resource = Resource<ContentItem>(
        "content_items", named: "ContentItem",
        console: ConsoleForm(
            columns: ["format", "type", "status", "client_id", "planned_at", "updated_at"],
            form: [
                "title", "format", "type", "subject", "body", "segment_id", "client_id", "campaign_id",
                "planned_at", "claims", "status",
            ],
            filters: ["format", "type", "status", "client_id", "campaign_id"]),
        [
            .text(
                "title", \.title, max: 200, .required, .line, .filterable, .sortable, .searchable,
                .example("Reports by the hour"), .about("The title, for colleagues and in the calendar.")),
            .choice(
                "type", \.type, .filterable, .example("educational"),
                .about("The kind of content; a message must have one.")),
            .text(
                "subject", \.subject, max: 300, .line, .searchable,
                .example("{{ lead.company }}: reports by the hour"),
                .about(
                    "The subject of mails, with places for values as templates have them; a message must have one."
                )),
            .text(
                "body", \.body, max: 100_000, .searchable,
                .example("We now report by the hour."),
                .about(
                    "Markdown; of a message with names in {{ … }} and conditions in {% … %} (docs/templates.md). Only an idea may be without."
                )),
            .id(
                "segment_id", \.segmentID, .filterable,
                .about("The audience, unless a distribution says otherwise; null: all leads.")),
            .text("locale", \.locale, max: 35, .filterable, .about("The language that it is in; BCP 47.")),
            .parts(
                "variants", \.variants, max: 10,
                .about(
                    "Other words of which each person gets one, by their length or by chance, and for good.")),
            .part(
                "technical", \.technical,
                .about("Details for developers, who find the link below the text.")),
            .part(
                "guide", \.guide,
                .about("A guide for readers who are not technical, who find the link below the text.")),
            .choice(
                "status", \.status, .standard("draft"), .filterable,
                .about(
                    "How far it is; only what is approved, scheduled or published reaches people.")),
            .instant(
                "published_at", \.publishedAt, .readOnly, .filterable, .sortable,
                .about("When it was first published.")),
            .text(
                "url", \.publishing.url, max: 2048, .readOnly, .added(in: 1160),
                .about("Where it stands on a blog.")),
            .text(
                "remote_id", \.publishing.remote, max: 100, .readOnly, .filterable, .added(in: 1160),
                .about("The identifier that the blog has given it.")),
            .choice(
                "publishing", \.publishing.state, .readOnly, .filterable, .added(in: 1160),
                .about("How far it has come on its way to a blog; null: nobody has sent it there.")),
            .parts(
                "publishing_reasons", \.publishing.reasons, max: 10, .readOnly, .added(in: 1160),
                .about("Why it does not leave for its blog, or did not.")),
            .id(
                "blog_integration_id", \.publishing.integrationID, .readOnly, .filterable, .added(in: 1160),
                .about("The integration of the blog.")),
            .part(
                "blog_image", \.publishing.image, .readOnly, .added(in: 1160),
                .about("The picture at its head there.")),
            .text("blog_slug", \.publishing.slug, max: 200, .secret, .added(in: 1160)),
            .text("publishing_notes", \.publishing.notes, max: 20_000, .secret, .added(in: 1160)),
            .integer("publishing_round", \.publishing.round, in: 0...1_000_000, .secret, .added(in: 1160)),
            .integer("publishing_steps", \.publishing.steps, in: 0...1_000_000, .secret, .added(in: 1160)),
            .instant("publishing_asked_at", \.publishing.askedAt, .secret, .added(in: 1160)),
            .instant("publishing_taken_at", \.publishing.takenAt, .secret, .added(in: 1160)),
            .text(
                "adopted_variant", \.adoptedVariant, max: 40, .readOnly, .filterable, .added(in: 1070),
                .about("The variant that everybody gets from now on; null: each gets one by chance.")),
            .instant(
                "settled_at", \.settledAt, .readOnly, .added(in: 1070),
                .about("When it was settled who gets which variant, by an agent or a person.")),
        ] + growth)

    /// The fields of every piece of content, whether it is sent to people or stands somewhere.
    private static let growth: [Field<ContentItem>] = [
        .choice(
            "format", \.format, .standard("message"), .filterable, .added(in: 1130),
            .about("The kind of content: a message is sent to people, the others are published somewhere.")),
        .id(
            "client_id", \.clientID, .filterable, .added(in: 1130),
            .about("The client for whom it speaks; null: the agency itself.")),
        .id(
            "campaign_id", \.campaignID, .filterable, .added(in: 1130),
            .about("The campaign that it is of.")),
        .instant(
            "planned_at", \.plannedAt, .filterable, .sortable, .added(in: 1130),
            .about("When it is to come out.")),
        .parts(
            "media", \.media, max: 35, .added(in: 1130), .about("Its pictures and films, in their order.")),
        .parts(
            "claims", \.claims, max: 100, .added(in: 1130),
            .about("The claims that it makes, each with where readers can verify it.")),
        .parts(
            "sources", \.sources, max: 100, .added(in: 1130), .about("The sources of the content.")),
        .integer(
            "revision", \.revision, in: 1...1_000_000, .readOnly, .added(in: 1130),
            .about("The number of its newest version; each change of its words or media is one.")),
        .instant(
            "submitted_at", \.submittedAt, .readOnly, .added(in: 1130),
            .about("When it was last submitted for review.")),
        .text(
            "reviewed_by", \.reviewedBy, max: 200, .readOnly, .added(in: 1130),
            .about("The colleague who has reviewed it.")),
        .instant("reviewed_at", \.reviewedAt, .readOnly, .added(in: 1130)),
        .text(
            "review_notes", \.reviewNotes, max: 10_000, .readOnly, .added(in: 1130),
            .about("The notes of the reviewer.")),
        .instant(
            "asked_at", \.askedAt, .readOnly, .added(in: 1130),
            .about("When its client was last asked for a yes.")),
        .text(
            "change_request", \.changeRequest, max: 10_000, .readOnly, .added(in: 1130),
            .about("The changes that its client wants.")),
        .instant(
            "decided_at", \.decidedAt, .readOnly, .added(in: 1130), .about("When its client has agreed.")),
        .document(
            "evidence", \.evidence, .readOnly, .added(in: 1130),
            .about("The proof of the client's decision: who, when, and of which version.")),
        .document(
            "quality", \.quality, .readOnly, .added(in: 1181),
            .about("The last report about its quality: score and findings, as /check gives it.")),
        .part(
            "resource", \.resourceLink, .added(in: 1321),
            .about("A free tool or resource that it offers: every reader finds the link below the text.")),
        .boolean(
            "made_with_ai", \.isMadeWithAI, .standard(false), .added(in: 1480),
            .about("Whether a model has made words or media of it; its own drafts say so themselves.")),
        .choice(
            "goal", \.goal, .standard("answered"), .added(in: 1580),
            .about("The measure by which variants are compared: an answer or a click, or a lead that is won.")
        ),
    ]

    package mutating func prepare(replacing old: ContentItem?, by actor: Actor, in tx: Transaction) throws {
        var faults = Faults()
        checkContents(&faults)
        if let given = locale {
            if let tag = LocaleTag(given) {
                locale = tag.description
            } else {
                faults.add(
                    "/locale", "invalid_locale", "locale must be a language tag, such as en or pt-BR.")
            }
        }
        checkStanding(&faults)
        checkPublishing(replacing: old, &faults)
        try faults.throwIfAny()
        try requireNotLeaving(replacing: old)
        if let old {
            if words != old.words { revision = old.revision + 1 }
            takeBack(from: old)
            forgetTrial(of: old)
        }
        if status == .published, publishedAt == nil { publishedAt = tx.now }
        if status == .withClient, old?.status != .withClient {
            (askedAt, decidedAt, evidence) = (tx.now, nil, .null)
        }
    }

    package func saved(replacing old: ContentItem?, by actor: Actor, in tx: Transaction) throws {
        if old?.revision != revision { try tx.contentVersions.keep(of: self, by: actor) }
        if status == .withClient, old?.status != .withClient {
            try tx.contentReview.askClient(about: self, by: actor)
        }
        if let old, old.plannedMoment != plannedMoment || old.status != status {
            try tx.itemPublishing.lookAgain(at: self)
        }
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        try requireNotOnBlog()
        if try tx.content.hasReachedAnybody(id) {
            throw Problem(.conflict, "People have got it: archive it instead.")
        }
        try tx.contentVersions.forget(of: id)
    }

    /// Adds what is wrong with what it says.
    func checkContents(_ faults: inout Faults) {
        let isComplete = status != .idea
        if isComplete, body.isEmpty {
            faults.add("/body", "required", "body is required: only an idea may be without words.")
        }
        guard format == .message else { return }
        if type == nil {
            faults.add("/type", "required", "type is required: say what kind of message it is.")
        }
        if isComplete, subject.isEmpty {
            faults.add("/subject", "required", "subject is required: mails are known by it.")
        }
        check(subject, body, at: "", &faults)
        var names: Set<String> = [], lengths: Set<Preference.Length> = []
        for (index, variant) in variants.list.enumerated() {
            let place = "/variants/\(index)"
            if let length = variant.length, !lengths.insert(length).inserted {
                faults.add(
                    "\(place)/length", "duplicate_value",
                    "Two variants are for readers of \(length.rawValue) texts: keep one.")
            }
            if !names.insert(variant.name).inserted {
                faults.add(
                    "\(place)/name", "duplicate_value",
                    "Two variants are called \(variant.name): give each a name of its own.")
            }
            check(variant.subject ?? subject, variant.body ?? body, at: place, &faults)
        }
    }

    private func check(_ subject: String, _ body: String, at place: String, _ faults: inout Faults) {
        var words = MessageTemplate()
        (words.subject, words.body) = (subject, body)
        do {
            _ = try words.compiled()
        } catch {
            faults.add(contentsOf: error.faults.map { $0.moved(under: place) })
        }
    }
}
