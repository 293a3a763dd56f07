internal import Agents
internal import Crawling
internal import Integrations
internal import Markup
internal import Nouns
internal import Records
internal import Synchronization

/// A page of what a source lists, in a run.
struct FoundPage: Sendable {
    var companies: [ListedCompany] = []
    /// Why companies that the source has named could not be read.
    var unread: [String] = []
    /// Whether the source is as it was declared: a directory without entries is not.
    var isAsDeclared = true
}

/// The pages of one source, one after the other. Failures are `ToolFailure`, and those of the gate `ToolRefusal`.
protocol CompanyPages: Sendable {
    /// The integration that is asked, where one is.
    var integration: IntegrationID? { get }
    /// `nil` after the last page.
    mutating func next() async throws -> FoundPage?
}

extension CompanyPages {
    var integration: IntegrationID? { nil }
}

extension ToolFailure {
    static let pagingLoop = ToolFailure(
        "paging_loop", "the pages lead back to one that was there", isRetryable: false)
}

/// The questions to one source in a run, and their cost.
final class SourceUse: Sendable {
    private let state = Mutex((calls: 0, cost: Int64(0)))

    func count(_ calls: Int = 1, cost: Int64 = 0) {
        state.withLock { $0 = ($0.calls + calls, $0.cost + cost) }
    }

    var calls: Int { state.withLock { $0.calls } }
    /// In millionths of a minor unit.
    var cost: Int64 { state.withLock { $0.cost } }
}

/// The pages of a directory that is declared by expressions.
struct DirectoryPages: CompanyPages {
    private let pages: SitePages
    private let reading: DirectoryReading
    private let use: SourceUse
    private var address: PageAddress?
    private var left: Int
    private var seen: Set<String> = []
    private var entries: Set<[String]> = []

    init(_ source: LeadSource, _ pages: SitePages, _ use: SourceUse) throws(ToolFailure) {
        guard let reading = DirectoryReading(source), let start = source.startURL.flatMap({ PageAddress($0) })
        else {
            throw ToolFailure(
                "invalid_expression", "the source's expressions cannot be used: change them",
                isRetryable: false)
        }
        (self.pages, self.reading, self.use) = (pages, reading, use)
        (address, left) = (start, source.pagesMax)
    }

    mutating func next() async throws -> FoundPage? {
        guard let address, left > 0 else { return nil }
        left -= 1
        // A page that leads back to one that was there ends the list.
        guard seen.insert(address.key).inserted else { throw ToolFailure.pagingLoop }
        let (document, final) = try await pages.page(address) { [use] in use.count() }
        _ = seen.insert(final.key)
        let page = reading.read(document, at: final)
        self.address = page.next
        let keys = page.companies.map(\.key)
        if !keys.isEmpty, !entries.insert(keys).inserted {
            throw ToolFailure("paging_loop", "the pages repeat what was on one before", isRetryable: false)
        }
        return FoundPage(companies: page.companies, isAsDeclared: page.hasEntries || seen.count > 2)
    }
}
