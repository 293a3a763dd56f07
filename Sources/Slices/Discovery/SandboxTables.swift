internal import Database
package import Jobs

package let discoverySandboxTables: [SandboxTable] =
    [
        .copied(Lead.resource, changing: ["matched_version": .integer(0)]),
        .copied("lead_merges"),
        .copied("record_merges"),
        .left("lead_imports", because: "they belong to imports, which are left behind"),
        .left("crawls", because: "nothing is fetched in a sandbox"),
        .left("crawl_pages", because: "they belong to crawls, which are left behind"),
        .left("crawl_hosts", because: "they belong to crawls, which are left behind"),
        .left("crawl_turns", because: "they are the platform's"),
        .copied(LeadSource.resource),
        .copied("lead_source_versions"),
        .copied(LeadSearch.resource),
        .copied("source_finds"),
        .copied("agent_cursors"),
        .copied("scoring_models"),
        .copied("lifecycle_stages"),
    ] + enrichmentSandboxTables + leadFormSandboxTables
