internal import JSON
package import Jobs
package import Nouns
package import Records
package import Telemetry

/// A reading of a site, page by page, from one address on.
package struct Crawl: Record {
    package enum Status: String, Choice {
        case queued, running, completed, failed, cancelled
        var isOver: Bool { self != .queued && self != .running }
    }

    package var head = Head<Crawl>()
    package var url = ""
    package var pagesMax = 20
    package var depth = 2
    package var leadID: LeadID?
    package var status = Status.queued
    package var reason: String?
    package var pages = 0
    package var facts = 0
    package var startedAt: Instant?
    package var finishedAt: Instant?
    /// The agent's run that does the crawl itself; `nil`: a job does.
    var runID: AgentRunID?

    package init() {}

    package static let pagesRange: ClosedRange<Int64> = 1...200
    package static let depthRange: ClosedRange<Int64> = 0...3

    package static let idPrefix = "crawl"
    package static let resource = Resource<Crawl>(
        "crawls", named: "Crawl",
        [
            .text(
                "url", \.url, max: 2000, .readOnly, .filterable,
                .about("The address at which the crawl begins."), .example("https://acme.example/")),
            .integer(
                "pages_max", \.pagesMax, in: pagesRange, .readOnly, .about("How many pages are asked for.")),
            .integer(
                "depth", \.depth, in: depthRange, .readOnly,
                .about("How many links away from the first page the crawl goes.")),
            .id("lead_id", \.leadID, .filterable, .readOnly, .about("The lead whose site it is.")),
            .choice(
                "status", \.status, .readOnly, .filterable,
                .about("Whether the crawl waits, runs, has completed, failed or was cancelled.")),
            .text(
                "reason", \.reason, max: 40, .readOnly,
                .about("Why the crawl failed: the reason of its first page.")),
            .integer(
                "pages", \.pages, in: 0...Int64.max, .readOnly,
                .about("How many pages were stored or had not changed.")),
            .integer(
                "facts", \.facts, in: 0...Int64.max, .readOnly, .about("How many facts the pages gave.")),
            .instant("started_at", \.startedAt, .readOnly, .about("When the crawl began.")),
            .instant("finished_at", \.finishedAt, .readOnly, .about("When the crawl ended.")),
            .id("run_id", \.runID, .secret, .added(in: 852)),
        ])

    package var subject: Subject { Subject(type: "crawl", id: id) }
}

/// The body of `POST /v1/crawls`.
struct CrawlBody: Declared {
    var url = ""
    var pagesMax = 20
    var depth = 2
    var leadID: LeadID?

    static let schema = Schema<CrawlBody>(
        "CrawlRequest",
        [
            .text(
                "url", \.url, max: 2000, .required,
                .about("Where to begin: http or https, without a name, port 80 or 443."),
                .example("https://acme.example/")),
            .integer(
                "pages_max", \.pagesMax, in: Crawl.pagesRange, .standard(20),
                .about("How many pages are asked for at most.")),
            .integer(
                "depth", \.depth, in: Crawl.depthRange, .standard(2),
                .about("How many links away from the first page the crawl goes.")),
            .id("lead_id", \.leadID, .about("The lead whose site it is.")),
        ])
}
