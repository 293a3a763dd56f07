package import Runtime

package let discoverySandboxTables: [SandboxTable] = [
    .copied(Lead.resource),
    .copied("lead_merges"),
    .left("lead_imports", because: "they belong to imports, which are left behind"),
    .copied("agent_cursors"),
    .copied("scoring_models"),
]
