internal import Intelligence
internal import Jobs

extension JobContext {
    /// Returns whether a run of an agent could ask a model.
    package func hasModels(for agent: String) -> Bool {
        guard let models = runtime.models, !isSandbox else { return false }
        return (try? models.chain(agent, tenant))?.isEmpty == false
    }
}
