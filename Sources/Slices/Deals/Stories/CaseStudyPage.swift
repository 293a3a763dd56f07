internal import Database
internal import HTTPServer
internal import JSON
internal import Markdown
internal import Nouns
internal import Records
internal import Routing
internal import Telemetry
internal import Tenancy
internal import Wording

/// The page on which a client agrees to a case study, or takes that back, from the link in their mail.
func caseStudyPage(_ routes: inout Routes, _ services: DealsServices) {
    let database = services.platform.database
    routes.get(
        "/c/{token}", .anyone, "Show a case study to its client", named: "show_case_study_by_link",
        .media("text/html", "The page.")
    ) { call in
        let link = try CaseStudyLink(call, services)
        return .task { try database.read(link.tenant) { try link.page(in: $0).response() } }
    }
    answer(&routes, services, "approve", "Approve a case study", to: .approved)
    answer(&routes, services, "decline", "Decline a case study, or withdraw a yes", to: .declined)
}

private func answer(
    _ routes: inout Routes, _ services: DealsServices, _ verb: String, _ summary: String,
    to status: CaseStudy.Status
) {
    let database = services.platform.database
    let said: JSONObject = [
        "quote": JSON.anyText.merging([
            "description":
                "The client's statement on the work; empty: none. Without it, what was shown stays."
        ]),
        "speaker": JSON.anyText.merging(["description": "The name of the speaker, as others may read it."]),
    ]
    let answers = status == .approved ? said : [:]
    routes.post(
        "/c/{token}/\(verb)", .anyone, summary, named: "\(verb)_case_study_by_link",
        body: .raw(limit: 64 * 1024, .form(.schema(answers))),
        .json(.schema(["status": .anyText], required: ["status"]), "The answer is recorded."),
        .media("text/html", "The answer is recorded; a browser gets the page as it stands now.")
    ) { call in
        let link = try CaseStudyLink(call, services), isPage = call.isFromPage
        let words = status == .approved ? try call.ownWords() : nil
        return .task {
            let study = try await database.write(link.tenant) { tx in
                try link.answer(status, words: words, in: tx)
            }
            guard isPage else { return .json(["status": .string(study.status.rawValue)]) }
            return try database.read(link.tenant) { try link.page(in: $0).response() }
        }
    }
}

extension Call {
    /// Returns the words that a client gives with their yes, and who they are; `nil` where they were not asked.
    fileprivate func ownWords() throws -> (quote: String?, speaker: String?)? {
        guard let quote = try field("quote")?.trimmed else { return nil }
        let speaker = try field("speaker")?.trimmed ?? ""
        var faults = Faults()
        for (name, text, max) in [
            ("quote", quote, CaseStudy.quoteMax), ("speaker", speaker, CaseStudy.speakerMax),
        ] where text.count > max {
            faults.add("/\(name)", "too_long", "\(name) may have at most \(max) characters.")
        }
        try faults.throwIfAny()
        if quote.isEmpty { return (nil, nil) }
        return (quote, speaker.isEmpty ? nil : speaker)
    }
}

/// The content of a link in a client's mail: a case study as it was when they were asked.
private struct CaseStudyLink {
    let tenant: TenantID
    let id: ID<CaseStudy>
    let revision: Int
    private let path: String

    init(_ call: Call, _ services: DealsServices) throws(Problem) {
        let token = call.parameters["token"] ?? ""
        guard let link = services.platform.links.open(.caseStudy, token, at: services.platform.now()) else {
            throw Problem(.notFound)
        }
        let parts = link.subject.split(separator: " ").map(String.init)
        guard parts.count == 2, let id = ID<CaseStudy>(parts[0]), let revision = Int(parts[1]) else {
            throw Problem(.notFound)
        }
        (tenant, self.id, self.revision, path) = (link.tenant, id, revision, "/c/\(token)")
    }

    /// A yes is one to what was shown; a no holds for whatever it has become.
    func answer(
        _ status: CaseStudy.Status, words: (quote: String?, speaker: String?)?, in tx: Transaction
    ) throws -> CaseStudy {
        let old = try CaseStudy.resource.get(id, in: tx)
        if old.status == status || status == .approved && old.status == .published { return old }
        guard status == .declined || old.status == .withClient && old.revision == revision else {
            throw Problem(.conflict, "The case study has changed: use the link in its last mail.")
        }
        return try tx.proposals.take(old, to: status, by: .system, words: words)
    }

    func page(in reader: some Queryable) throws -> PublicPage {
        let study = try CaseStudy.resource.get(id, in: reader), tenant = try reader.agency.tenant()
        let words = try reader.wordings.find(study.locale ?? tenant.locale)
        var html = "<h1>\(study.title.htmlEscaped)</h1>\n"
        if let result = study.result { html += "<p class=\"soft\">\(result.htmlEscaped)</p>\n" }
        if let text = study.text { html += Markdown.html(text) }
        let isAsked = study.status == .withClient && study.revision == revision
        let isAgreed = study.status == .approved || study.status == .published
        if !isAsked, let said = study.summary.testimonial { html += Markdown.html(said) }
        if isAgreed || study.status == .declined {
            let said = isAgreed ? words("case_study.agreed") : words("case_study.refused")
            html += "<p class=\"done\" role=\"status\">\(said.htmlEscaped)</p>\n"
        }
        if isAsked {
            html += form("approve", words("case_study.agree"), asking: asked(study, words))
            html += form("decline", words("case_study.refuse"), isQuiet: true)
        } else if isAgreed {
            html += form("decline", words("case_study.take_back"), isQuiet: true)
        }
        return PublicPage(
            title: study.title, body: html, agency: tenant.name, color: tenant.brand?.color ?? "#1f4e79",
            language: words.tag)
    }

    /// The fields for the client's own words, with those that the agency has proposed.
    private func asked(_ study: CaseStudy, _ words: Wording) -> String {
        """
        <label>\(words("case_study.quote").htmlEscaped)
        <textarea name="quote" rows="4" maxlength="\(CaseStudy.quoteMax)">\((study.quote ?? "").htmlEscaped)</textarea></label>
        <label>\(words("case_study.speaker").htmlEscaped)
        <input type="text" name="speaker" maxlength="\(CaseStudy.speakerMax)" value="\((study.speaker ?? "").htmlEscaped)"></label>

        """
    }

    private func form(_ verb: String, _ label: String, asking: String = "", isQuiet: Bool = false) -> String {
        """
        <form method="post" action="\(path.htmlEscaped)/\(verb)">
        \(asking)<button\(isQuiet ? " class=\"quiet\"" : "")>\(label.htmlEscaped)</button></form>

        """
    }
}
