internal import Agents
package import Database
internal import JSON
internal import Messages
package import Nouns
package import Records
internal import Sequences
package import Telemetry

/// An account of an agency's work for somebody, as it tells others: one row of `case_studies`.
package struct CaseStudy: ManagedRecord {
    package enum Status: String, Choice {
        case draft
        case withClient = "with_client"
        case approved, published, declined
    }

    package var head = Head<CaseStudy>()
    package var title = ""
    package var client: String?
    package var industry: String?
    package var result: String?
    package var text: String?
    package var locale: String?
    package var archived = false
    package var clientID: ClientID?
    package var status = Status.published
    package var evidence = Parts<StoryEvidence>()
    package var contactID: ContactID?
    package var submittedAt: Instant?
    package var decidedAt: Instant?
    package var publishedAt: Instant?
    /// Rises with the content, so that a yes is one to what was shown.
    package var revision = 1
    package var quote: String?
    package var speaker: String?

    package init() {}

    package static let writing: Permission = "proposals:write"
    package static let idPrefix = "case", noun = "case_study"
    package static let resource = Resource<CaseStudy>(
        "case_studies", named: "CaseStudy", rule: .client(orAgency: true), personal: .nobody,
        [
            .text(
                "title", \.title, max: 300, .required, .searchable, .sortable,
                .about("The result in a few words.")),
            .text(
                "client", \.client, max: 200, .searchable,
                .about("The name of the client whom it is about, as readers may see it.")),
            .text(
                "industry", \.industry, max: 120, .filterable, .searchable,
                .about(
                    "The industry; proposals choose case studies by it.")),
            .text(
                "result", \.result, max: 300,
                .about(
                    "The result in one line."), .example("Three times the enquiries")),
            .text("text", \.text, max: 5000, .about("Markdown.")),
            .text("locale", \.locale, max: 35, .filterable),
            .boolean(
                "archived", \.archived, .standard(false), .filterable,
                .about("Whether proposals no longer use it.")),
            .id(
                "client_id", \.clientID, .writeOnce, .filterable, .added(in: 1045),
                .about("The client whom it is about, and who has to agree; null: nobody has to.")),
            .choice(
                "status", \.status, .readOnly, .filterable, .added(in: 1045),
                .about("Only published ones stand in proposals and messages.")),
            .parts(
                "evidence", \.evidence, max: 20, .readOnly, .added(in: 1045),
                .about("The figures that it tells, each with the metrics that it rests on.")),
            .id(
                "contact_id", \.contactID, .readOnly, .added(in: 1045),
                .about("The client's person who was asked.")),
            .instant("submitted_at", \.submittedAt, .readOnly, .added(in: 1045)),
            .instant(
                "decided_at", \.decidedAt, .readOnly, .added(in: 1045), .about("When the client answered.")),
            .instant("published_at", \.publishedAt, .readOnly, .added(in: 1045)),
            .integer("revision", \.revision, in: 1...Int64.max, .secret, .added(in: 1045)),
            .text(
                "quote", \.quote, max: quoteMax, .added(in: 1430),
                .about(
                    "The client's statement on the work, in their own words; they may change them with their yes."
                )),
            .text(
                "speaker", \.speaker, max: speakerMax, .added(in: 1430),
                .about("The name and position of the speaker, as readers may see them.")),
        ])
    static let quoteMax = 1000, speakerMax = 200

    package mutating func prepare(replacing old: CaseStudy?, by actor: Actor, in tx: Transaction) throws {
        guard quote == nil || clientID != nil else {
            let words = "A quote needs client_id: the client has to agree to what is told as their words."
            throw Problem(faults: [Fault("/client_id", "required", words)])
        }
        guard let old else {
            // Of a client it is published with their yes alone.
            status = clientID == nil ? .published : .draft
            return
        }
        guard contents != old.contents else { return }
        revision = old.revision + 1
        if clientID != nil, status == old.status { (status, publishedAt) = (.draft, nil) }
    }

    package func saved(replacing old: CaseStudy?, by actor: Actor, in tx: Transaction) throws {
        guard let old else { return }
        let isRefused = status == .declined && old.status != .declined
        let isLess = status != .published || archived && !old.archived
        guard isRefused || old.status == .published && isLess else { return }
        try leave(alsoSent: isRefused, in: tx)
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        try leave(alsoSent: clientID != nil, in: tx)
    }

    /// Leaves what nobody has been sent yet; where its client wants it told no more, the pages of what was sent, too.
    private func leave(alsoSent: Bool, in tx: Transaction) throws {
        let tx = tx.unlimited
        try tx.proposals.drop(id, alsoSent: alsoSent)
        try tx.enrollments.withdrawTold(of: subject)
    }

    /// The content that its client agrees to.
    private var contents: [JSON] {
        [
            title.json, client.json, industry.json, result.json, text.json, evidence.json, quote.json,
            speaker.json,
        ]
    }

    var summary: CaseStudySummary {
        var summary = CaseStudySummary()
        summary.caseStudyID = id
        (summary.title, summary.client, summary.industry) = (title, client, industry)
        (summary.result, summary.text) = (result, text)
        (summary.quote, summary.speaker) = (quote, speaker)
        return summary
    }
}

/// A case study as it stands in a proposal.
package struct CaseStudySummary: Part {
    package var caseStudyID: ID<CaseStudy>?
    package var title = ""
    package var client: String?
    package var industry: String?
    package var result: String?
    package var text: String?
    package var quote: String?
    package var speaker: String?

    package init() {}

    /// The client's own words and who says them, in Markdown.
    var testimonial: String? {
        quote.map { words in
            "> \(words.markdownEscaped)" + (speaker.map { "\n>\n> — \($0.markdownEscaped)" } ?? "")
        }
    }

    package static let schema = Schema<CaseStudySummary>(
        "CaseStudySummary",
        [
            .id("case_study_id", \.caseStudyID, .about("The case study that it tells.")),
            .text("title", \.title, max: 300, .required),
            .text("client", \.client, max: 200),
            .text("industry", \.industry, max: 120), .text("result", \.result, max: 300),
            .text("text", \.text, max: 5000),
            .text(
                "quote", \.quote, max: CaseStudy.quoteMax,
                .about("The client's statement, in their own words.")),
            .text("speaker", \.speaker, max: CaseStudy.speakerMax, .about("The name of the speaker.")),
        ])
}

extension ProposalStore {
    /// Those of the same industry, the newest first.
    func caseStudies(of industry: String?, limit: Int) throws -> [CaseStudy] {
        guard let industry = industry.map(TextFolding.fold), !industry.isEmpty else { return [] }
        let all = try CaseStudy.resource.all(
            where: "archived = 0 AND status = 'published'", suffix: "ORDER BY row DESC LIMIT 500", in: tx)
        return Array(all.filter { TextFolding.fold($0.industry ?? "") == industry }.prefix(limit))
    }
}

extension ProposalStore where Base == Transaction {
    /// Takes a case study out of the proposals that nobody has been sent yet, or out of all.
    fileprivate func drop(_ study: ID<CaseStudy>, alsoSent: Bool) throws {
        let drafts: SQL = alsoSent ? "" : "status = 'draft' AND "
        let telling = try Proposal.resource.all(
            where: drafts + "case_studies LIKE \("%\"" + study.text + "\"%")", suffix: "ORDER BY id", in: tx)
        for old in telling {
            var proposal = old
            proposal.caseStudies.list.removeAll { $0.caseStudyID == study }
            try tx.update(old, to: &proposal, by: .system)
        }
    }
}

/// A figure that a case study tells, from the first day to the last, and the metrics that it rests on.
package struct StoryEvidence: Part {
    package var source = "", metric = ""
    package var unit: String?
    package var from = 0.0, to = 0.0
    package var fromOn: CivilDate?, toOn: CivilDate?
    package var metricIDs: [MetricID] = []

    package init() {}
    package static let schema = Schema<StoryEvidence>(
        "StoryEvidence",
        [
            .text("source", \.source, max: 80), .text("metric", \.metric, max: 80, .required),
            .text("unit", \.unit, max: 40), .number("from", \.from, in: -1e15...1e15, .required),
            .number("to", \.to, in: -1e15...1e15, .required), .date("from_on", \.fromOn),
            .date("to_on", \.toOn),
            .ids(
                "metric_ids", \.metricIDs, max: 50, .about("The metrics that say so.")),
        ])
}
