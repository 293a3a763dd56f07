internal import Agents
internal import Integrations
internal import Facts

/// Asks outside sources about companies: each question is a call of it, with the source's limits, price and circuit.
struct EnrichCompanyTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "enrich_company"
    let title = "Ask about a company"
    let summary = "Asks registers, maps and paid services about a company; nobody calls it by its name."
    let effect = ToolClass.reads
    let takesQuota = true
}

extension EnrichmentProvider {
    /// Asks once; whatever is no failure of the service's is one of ours.
    func answer(
        _ question: CompanyQuestion, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> CompanyAnswer {
        do {
            return try await ask(question, access, reach)
        } catch let failure as ToolFailure {
            throw failure
        } catch is CancellationError {
            throw ToolFailure("interrupted", "the call was interrupted", isRetryable: true)
        } catch {
            throw ToolFailure("internal_error", "\(title) could not be asked", isRetryable: true)
        }
    }
}
