internal import Database
internal import Telemetry
internal import Tenancy

private let factsKept: Duration = .seconds(180 * 86_400)

/// Removes what pages have said of companies and their people once it is older than it may be kept: what is still true
/// is read again meanwhile.
let expiringPageFacts = TenantTidying(
    due: { reader in
        try reader.first(
            """
            SELECT min(fetched_at) FROM crawl_pages
            WHERE tenant_id = \(reader.tenant) AND facts IS NOT NULL
            """
        ) { $0.optionalInstant(0) }.flatMap { $0.map { $0 + factsKept } }
    },
    tidyUp: { tx in
        try tx.crawls.expireFacts(before: tx.now - factsKept)
        try tx.siteReadings.expire(before: tx.now - factsKept)
    })
