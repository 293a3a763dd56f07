internal import Agents
internal import Crawling
internal import Database
internal import JSON
internal import Jobs
internal import Markup
internal import Nouns
internal import Records
internal import Telemetry

/// Asks what the links of a piece lead to: each by its host's queue, where the site's rules allow it. What was learnt
/// is kept link by link; when it says something new, the piece is judged anew.
struct ContentLinkJob: JobKind {
    struct Payload: Codable, Sendable { let item: ContentItemID }

    static let kind = "content.links"
    let pages: PublicPages

    func timeout(_ payload: Payload) -> Duration { .seconds(1800) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let addresses = try job.read { reader in
            try ContentItem.resource.find(payload.item, in: reader).map {
                try reader.contentLinks.toAsk(of: $0, at: job.now)
            } ?? []
        }
        for address in addresses {
            guard let page = PageAddress(address) else { continue }
            let answer = try await pages.ask(PublicQuestion(page))
            try await job.write { tx in try tx.contentLinks.keep(answer, from: address) }
        }
        try job.read { try $0.contentQuality.spelt(payload.item) }?.lookUp()
        try await job.complete { tx in
            guard let item = try ContentItem.resource.find(payload.item, in: tx) else { return }
            let told = QualityFinding.Code.brokenLink.rawValue
            let known = (item.quality["findings"]?.array ?? []).filter { $0["code"]?.text == told }
            let input = try tx.contentQuality.input(for: item, withSpelling: false)
            let found = QualityReport(input).findings.filter { $0.code == .brokenLink }
            // The words are compared, and not how they are told.
            if found.map(\.evidence) != known.map({ $0["evidence"]?.text ?? "" }) {
                _ = try tx.contentQuality.check(item)
            }
            try tx.contentLinks.ask(of: item)
        }
    }
}
