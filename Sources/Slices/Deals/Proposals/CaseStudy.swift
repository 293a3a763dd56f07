internal import Agents
internal import Database
internal import JSON
internal import Nouns
package import Records
internal import Telemetry

/// An account of an agency's work for somebody, as it tells others: one row of `case_studies`.
package struct CaseStudy: ManagedRecord {
    package var head = Head<CaseStudy>()
    package var title = ""
    package var client: String?
    package var industry: String?
    package var result: String?
    package var text: String?
    package var locale: String?
    package var archived = false

    package init() {}

    package static let writing: Permission = "proposals:write"
    package static let idPrefix = "case", noun = "case_study"
    package static let resource = Resource<CaseStudy>(
        "case_studies", named: "CaseStudy", rule: .everyone,
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
        ])

    var summary: CaseStudySummary {
        var summary = CaseStudySummary()
        (summary.title, summary.client, summary.industry) = (title, client, industry)
        (summary.result, summary.text) = (result, text)
        return summary
    }
}

/// A case study as it stands in a proposal.
package struct CaseStudySummary: Part {
    package var title = ""
    package var client: String?
    package var industry: String?
    package var result: String?
    package var text: String?

    package init() {}
    package static let schema = Schema<CaseStudySummary>(
        "CaseStudySummary",
        [
            .text("title", \.title, max: 300, .required), .text("client", \.client, max: 200),
            .text("industry", \.industry, max: 120), .text("result", \.result, max: 300),
            .text("text", \.text, max: 5000),
        ])
}

extension ProposalStore {
    /// Those of the same industry, the newest first.
    func caseStudies(of industry: String?, limit: Int) throws -> [CaseStudy] {
        guard let industry = industry.map(TextFolding.fold), !industry.isEmpty else { return [] }
        let all = try CaseStudy.resource.all(
            where: "archived = 0", suffix: "ORDER BY row DESC LIMIT 500", in: tx)
        return Array(all.filter { TextFolding.fold($0.industry ?? "") == industry }.prefix(limit))
    }
}
