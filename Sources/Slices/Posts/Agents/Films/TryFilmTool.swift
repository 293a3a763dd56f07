internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Sequences
internal import Telemetry
internal import Templates
internal import Tenancy

/// Has another title or thumbnail of a film take turns with the one it has, each a whole day.
struct TryFilmTool: InsideTool {
    enum Kind: String, Choice { case title = "film_title", thumbnail = "film_thumbnail" }

    struct Input: Declared {
        var postID = SocialPostID.unset
        var kind = Kind.title
        var values: [String] = []

        static let schema = Schema<Input>(
            "TryFilmInput",
            [
                .id("post_id", \.postID, .required, .about("The post of the film.")),
                .choice(
                    "kind", \.kind, .required, .about("The part that is tried: its title, or its thumbnail.")),
                .texts(
                    "values", \.values, max: 6, length: 1000,
                    .about("The present value, and those that are tried: titles, or ids of files.")),
            ])
    }

    static let name = "try_film"
    let title = "Try another title or thumbnail of a film"
    let summary = "Has a title or thumbnail of a film take turns by days with the one it has."
    let effect = ToolClass.sends

    func permission(for input: Input) -> Permission? { "experiments:write" }

    func preview(_ input: Input) -> ToolPreview {
        ToolPreview(
            title: Saying("approval.try_film", ["kind": .text(input.kind.rawValue)]).english,
            text: input.values.joined(separator: " → "), recipient: input.postID.keyText)
    }

    func perform(_ input: Input, _ call: ToolCall, in tx: Transaction) throws -> JSON {
        let kind: Experiment.Kind = input.kind == .title ? .filmTitle : .filmThumbnail
        var experiment = Experiment.trial(kind, of: input.postID, input.values)
        experiment.beginLife(id: tx.nextID(), now: tx.now)
        experiment.name = String(input.values.joined(separator: " / ").prefix(200))
        // It may have been taken back, or be tried otherwise, since this was proposed.
        let faults = try tx.filmTrials.faults(experiment)
        guard faults.isEmpty else { throw Problem(faults: faults) }
        try tx.create(&experiment, by: call.caller.actor)
        try tx.filmTrials.begin(experiment)
        return ["experiment_id": JSON(experiment.id), "post_id": JSON(input.postID)]
    }
}

/// Compares the films of each channel, and proposes what could be tried with the one that is farthest behind.
struct FilmDesk: Sendable {
    let dependencies: PieceDependencies
    private static let accountsMax = 50

    func propose(_ run: AgentRun) async throws -> [JSON] {
        let accounts = try run.read { reader in
            try SocialAccount.resource.all(
                where: "network = 'youtube' AND enabled = 1",
                suffix: "ORDER BY id LIMIT \(Self.accountsMax)", in: reader
            ).map(\.id)
        }
        var told: [JSON] = []
        for account in accounts {
            try Task.checkCancellation()
            if let one = try await propose(for: account, run) { told.append(one) }
        }
        return told
    }

    private func propose(for account: SocialAccountID, _ run: AgentRun) async throws -> JSON? {
        let found = try await run.write { tx -> (FilmComparison, DecisionID)? in
            let channel = try tx.films.all(of: account)
            let behind = FilmComparison.behind(channel.films).prefix(FilmComparison.behindMax)
            guard !behind.isEmpty else { return nil }
            let known = Dictionary(
                uniqueKeysWithValues: try behind.map {
                    ($0.film.post, try tx.films.known(of: $0.film, dependencies))
                })
            let comparison = FilmComparison(of: account, channel.films, trials: channel.trials, known: known)
            let decision = try run.decide(in: tx, Subject(account), comparison.conclusion)
            return (comparison, decision.id)
        }
        guard let (comparison, decision) = found else { return nil }
        run.processed()
        let told = comparison.outcome.merging(["decision_id": JSON(decision)])
        guard let proposal = comparison.proposal else { return told.merging(["state": "nothing_to_try"]) }
        return told.merging(try await propose(proposal, decision, run))
    }

    private func propose(
        _ proposal: FilmComparison.Proposal, _ decision: DecisionID, _ run: AgentRun
    ) async throws -> JSON {
        let film = proposal.film, subject = Subject(type: "social_post", id: film.post)
        let waiting = try run.read { try $0.approvals.pending(TryFilmTool.name, about: subject) }
        if let waiting { return ["state": "asked_already", "approval_id": JSON(waiting.id)] }
        do {
            let call = try await run.call(
                TryFilmTool.name,
                [
                    "post_id": .string(film.post), "kind": .string(proposal.kind.rawValue),
                    "values": JSON(proposal.values),
                ], effect: "try/\(film.post)", about: subject,
                reason: Saying("approval.try_film_why", ["title": .text(film.title)]).english,
                decision: decision)
            return switch call {
            case .done(let result):
                result.merging(["state": result["observed"] == true ? "observed" : "begun"])
            case .awaitsApproval(let approval): ["state": "asked", "approval_id": JSON(approval)]
            }
        } catch let refusal as ToolRefusal {
            return ["state": "refused", "refusal": .string(refusal.code)]
        } catch let failure as ToolFailure {
            return ["state": "failed", "failure": .string(failure.code)]
        }
    }
}
