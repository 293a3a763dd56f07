internal import Platform
internal import Runtime

extension Module {
    /// Jobs, events, the audit and the clocks of sandboxes. Their tables are made in one list with those of agents.
    static let jobs = Module("jobs", sandboxTables: { jobSandboxTables })
}
