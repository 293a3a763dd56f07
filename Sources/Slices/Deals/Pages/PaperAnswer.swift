internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Nouns
internal import Records
internal import Routing
internal import Tenancy

/// A document that whoever has its link may answer on its page: a proposal, a contract.
protocol AnswerableDocument: ManagedRecord {
    /// Its state, in a word for programs.
    var standing: String { get }
    /// Returns the page as it stands now, with what was wrong with an answer, if anything. `limits` are the stated
    /// limits of the agency's agents.
    func page(
        path: String, problem: Problem?, _ limits: [StatedLimits], in reader: Reader
    ) throws -> PublicPage
}

extension Proposal: AnswerableDocument {
    var standing: String { status.rawValue }

    func page(
        path: String, problem: Problem?, _ limits: [StatedLimits], in reader: Reader
    ) throws -> PublicPage {
        try ProposalPage.page(self, path: path, problem: problem, limits, in: reader)
    }
}

extension Contract: AnswerableDocument {
    var standing: String { status.rawValue }

    func page(
        path: String, problem: Problem?, _ limits: [StatedLimits], in reader: Reader
    ) throws -> PublicPage {
        try ContractPage.page(self, path: path, problem: problem, in: reader)
    }
}

extension Call {
    /// Takes what was answered on a page. A program is told what became of it, in a word; a person sees the page again,
    /// and on it what was wrong.
    func answering<T: AnswerableDocument>(
        _ id: ID<T.Identity>, of tenant: TenantID, in database: Database,
        _ take: @escaping @Sendable () async throws -> T
    ) -> Outcome {
        let (wantsPage, path) = (wantsPage, pagePath)
        return .task {
            do {
                let paper = try await take()
                guard wantsPage else { return .json(["status": .string(paper.standing)]) }
                return try database.read(tenant) { reader in
                    try paper.page(path: path, problem: nil, database.statedLimits(in: reader), in: reader)
                }.response()
            } catch let problem as Problem where wantsPage {
                return try database.read(tenant) { reader in
                    try T.resource.get(id, in: reader).page(
                        path: path, problem: problem, database.statedLimits(in: reader), in: reader)
                }.response(status: problem.type.status)
            }
        }
    }
}
