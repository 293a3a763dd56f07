internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Records
internal import Telemetry
internal import Tenancy

/// Counts how often an agency was given the built-in sources.
let sourcesSeeded = "lead_sources.seeded"

/// A source of a new agency.
private struct StandardSource {
    let name: String, title: String, kind: LeadSource.Kind
    var needsKey = false
    var platform: LeadSource.Platform?
}

private let standardSources = [
    StandardSource(name: "gleif", title: "GLEIF, legal entities of the world", kind: .register),
    StandardSource(name: "recherche_entreprises", title: "Recherche d’entreprises, France", kind: .register),
    StandardSource(name: "wikidata", title: "Wikidata", kind: .register),
    StandardSource(name: "openstreetmap", title: "OpenStreetMap", kind: .directory),
    StandardSource(name: "websites", title: "Sites of companies", kind: .website),
    StandardSource(name: "hacker_news", title: "Hacker News", kind: .community, platform: .hackerNews),
    StandardSource(
        name: "stack_exchange", title: "Stack Exchange", kind: .community, platform: .stackExchange),
    StandardSource(name: "web_form", title: "Forms on the agency’s pages", kind: .form),
    StandardSource(name: "referral", title: "Referrals by clients", kind: .referral),
    StandardSource(name: "file", title: "Imported files", kind: .file),
    StandardSource(name: "google_places", title: "Google Places", kind: .provider, needsKey: true),
    StandardSource(name: "apollo", title: "Apollo", kind: .provider, needsKey: true),
    StandardSource(name: "hunter", title: "Hunter", kind: .provider, needsKey: true),
    StandardSource(name: "apideck", title: "Leads of a CRM, by Apideck", kind: .crm, needsKey: true),
]

/// Gives an agency the built-in sources, once.
@Sendable func seedSources(_ tx: Transaction) throws {
    guard try tx.counters.find(sourcesSeeded) == 0 else { return }
    try tx.counters.count(sourcesSeeded, 1)
    for standard in standardSources where try tx.leadSources.find(standard.name) == nil {
        var source = LeadSource.new(id: tx.nextID(), now: tx.now)
        (source.name, source.title, source.kind) = (standard.name, standard.title, standard.kind)
        (source.needsKey, source.platform, source.isBuiltIn) = (standard.needsKey, standard.platform, true)
        source.state = standard.needsKey ? .needsCredentials : .active
        try tx.create(&source, by: .system)
    }
}

extension LeadSourceStore {
    /// Returns the sources that need a key whose state is not what the agency's integrations make of it.
    func outdated() throws -> [LeadSource] {
        let connected = Set(try tx.integrations.all(for: .leadSource).map(\.provider))
        let systems = Set(try tx.integrations.all(for: .crm).map(\.provider))
        return try LeadSource.resource.all(where: "needs_key = 1", in: tx).compactMap { source in
            let isConnected =
                connected.contains(source.name) || source.kind == .crm && systems.contains(source.name)
            guard source.state != .disabled, isConnected == (source.state == .needsCredentials) else {
                return nil
            }
            var changed = source
            changed.state = isConnected ? .active : .needsCredentials
            return changed
        }
    }
}

extension LeadSourceStore where Base == Transaction {
    /// Brings the sources that need a key up to date with the agency's integrations.
    func refreshKeys() throws {
        for source in try outdated() {
            guard let old = try LeadSource.resource.find(source.id, in: tx) else { continue }
            var changed = source
            try tx.update(old, to: &changed, by: .system)
        }
    }
}

/// The time for which the words of people in communities and feeds are kept, with who said them.
private let wordsKept: Duration = .seconds(180 * 86_400)

/// Removes what people have said in public once it is older than it may be kept.
let expiringWords = TenantTidying(
    due: { reader in
        try reader.first(
            """
            SELECT min(found_at) FROM source_finds
            WHERE tenant_id = \(reader.tenant) AND (words IS NOT NULL OR author IS NOT NULL)
            """
        ) { $0.optionalInstant(0) }.flatMap { $0.map { $0 + wordsKept } }
    },
    tidyUp: { tx in try tx.leadSources.expireWords(before: tx.now - wordsKept) })
