internal import Agents
internal import Integrations
internal import JSON
internal import Markup
internal import Records

/// A look at one page of a declared source.
struct SourcePreview {
    private static let itemsMax = 50

    var items: [ListedCompany] = []
    var faults: [(field: String, code: String, detail: String)] = []
    var pages = 0

    static func read(_ source: LeadSource, _ site: SitePages, isSandbox: Bool) async -> SourcePreview {
        var preview = SourcePreview()
        guard !isSandbox else {
            preview.faults = [("start_url", "sandbox", CrawlPage.Reason.sandbox.words)]
            return preview
        }
        do {
            switch source.kind {
            case .directory: try await preview.readDirectory(source, site)
            default: try await preview.readOther(source, site)
            }
        } catch let failure as ToolFailure {
            preview.faults.append(("start_url", failure.code, failure.detail))
        } catch {
            preview.faults.append(("start_url", "cancelled", "The look was interrupted."))
        }
        return preview
    }

    private mutating func readDirectory(_ source: LeadSource, _ site: SitePages) async throws {
        guard let reading = DirectoryReading(source), let start = source.startURL.flatMap({ PageAddress($0) })
        else { return }
        let (document, address) = try await site.page(start)
        pages = 1
        let page = reading.read(document, at: address)
        items = page.companies
        if !page.hasEntries {
            faults.append(("item", "nothing_found", "The page has no entries where the expression says."))
        } else {
            faults += page.missing.map {
                ("fields.\($0)", "nothing_found", "No entry of the page has \($0).")
            }
        }
        if source.next != nil, page.next == nil {
            faults.append(("next", "nothing_found", "The page leads to no next one: it may be the last."))
        }
    }

    private mutating func readOther(_ source: LeadSource, _ site: SitePages) async throws {
        let use = SourceUse(), search = LeadSearch()
        if source.kind == .feed {
            var feed = FeedPages(source, search, site, use)
            items = try await feed.next()?.companies ?? []
        } else {
            var links = LinkedSitePages(source, site, use)
            items = try await links.next()?.companies ?? []
        }
        pages = 1
        if items.isEmpty {
            faults.append(("start_url", "nothing_found", "The page names no company by a link to its site."))
        }
    }

    var json: JSON {
        [
            "items": .array(items.prefix(Self.itemsMax).map { .object($0.values) }),
            "faults": .array(
                faults.map {
                    ["field": .string($0.field), "code": .string($0.code), "detail": .string($0.detail)]
                }),
            "pages": JSON(pages),
        ]
    }
}
