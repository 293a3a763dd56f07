internal import Agents
package import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Tenancy
internal import Wording
internal import Workflows

/// Onboardings of clients: `tx.onboardings`.
package struct OnboardingStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var onboardings: OnboardingStore<Self> { OnboardingStore(tx: self) }
}

extension OnboardingStore {
    /// The newest onboarding of a client.
    func newest(of client: ClientID) throws -> Onboarding? {
        try Onboarding.resource.first(
            where: "client_id = \(client)", suffix: "ORDER BY id DESC LIMIT 1", in: tx)
    }

    /// The plan of a package for its clients; an empty one where it has none of its own.
    fileprivate func plan(of id: PackageID?) throws -> Parts<PlannedStep> {
        guard let id else { return Parts() }
        return try tx.first(
            "SELECT onboarding_steps FROM packages WHERE tenant_id = \(tx.tenant) AND id = \(id)"
        ) { Parts<PlannedStep>(row: $0, column: 0) } ?? Parts()
    }

    /// Those that are under way with a client.
    fileprivate func running(of client: ClientID) throws -> [Onboarding] {
        try Onboarding.resource.all(
            where: "client_id = \(client) AND status IN ('active', 'stalled')",
            suffix: "ORDER BY id LIMIT 10", in: tx)
    }
}

extension OnboardingStore where Base == Transaction {
    /// Takes in a client that is new to the agency, in the transaction that makes it.
    func begin(_ client: Client, by actor: Actor) throws {
        guard client.status == .active, client.lifecycle == .onboarding else { return }
        var made = Onboarding.new(id: tx.nextID(), now: tx.now)
        let tenant = try tx.agency.tenant()
        let contact = try client.contactID.flatMap { try Contact.resource.find($0, in: tx) }
        let words = try tx.wordings.find(contact?.locale ?? tenant.locale)
        (made.clientID, made.startedAt) = (client.id, tx.now)
        made.steps = Parts(OnboardingPlan.steps(words, of: try plan(of: client.packageID)))
        // The welcome needs nobody's doing. Who cannot be written to is taken in without it.
        let isReached = client.contactID != nil || client.contactEmail != nil
        if let first = made.steps.list.firstIndex(where: { $0.key == OnboardingPlan.welcome }) {
            made.steps.list[first].state = isReached ? .done : .skipped
            made.steps.list[first].doneAt = tx.now
        }
        made.isWelcomed = !isReached
        made.settle(today: tenant.today(tx.now), at: tx.now)
        let run = try tx.workflows.start(OnboardingWorkflow.self, .init(onboarding: made.id), by: .system)
        made.runID = run.id
        try tx.create(&made, by: .system)
    }

    /// Ends what is under way with a client that has left.
    func cancel(of client: ClientID, by actor: Actor) throws {
        for old in try running(of: client) {
            var ended = old
            (ended.status, ended.waitingSince) = (.cancelled, nil)
            try tx.update(old, to: &ended, by: .system, action: "onboarding.cancelled")
            try tx.publish("onboarding.cancelled", old.subject, ended.payload)
            try tx.alerts.resolve(kind: Onboarding.stalledAlert, subject: old.subject)
            try wake(ended)
        }
    }

    /// Notes that a step is done; what follows from its answers happens in the same transaction.
    func complete(
        _ old: Onboarding, _ key: String, _ answers: JSONObject?, by actor: Actor,
        _ services: DeliveryServices
    ) throws -> Onboarding {
        let index = try old.index(of: key, for: "complete")
        var new = old
        new.steps.list[index].state = .done
        new.steps.list[index].answers = answers.map { .object($0) } ?? .null
        try take(answers ?? [:], of: key, in: old, by: actor, services)
        return try store(old, &new, index, key, by: actor)
    }

    /// Notes that a step is left out, and why.
    func skip(_ old: Onboarding, _ key: String, because reason: String, by actor: Actor) throws -> Onboarding
    {
        let index = try old.index(of: key, for: "skip")
        var new = old
        (new.steps.list[index].state, new.steps.list[index].reason) = (.skipped, reason)
        return try store(old, &new, index, key, by: actor)
    }

    /// Notes that a report is on its way to a client: the first one after the plan was made is a step of its own.
    func noteReport(to client: ClientID, by actor: Actor) throws {
        for old in try running(of: client) {
            guard
                let index = old.steps.list.firstIndex(where: {
                    $0.key == OnboardingPlan.report && $0.state == .open
                })
            else { continue }
            var new = old
            new.steps.list[index].state = .done
            _ = try store(old, &new, index, OnboardingPlan.report, by: actor)
        }
    }

    private func store(
        _ old: Onboarding, _ new: inout Onboarding, _ index: Int, _ key: String, by actor: Actor
    ) throws -> Onboarding {
        (new.steps.list[index].doneAt, new.steps.list[index].doneBy) = (tx.now, actor.id)
        new.settle(today: try tx.agency.tenant().today(tx.now), at: tx.now)
        try tx.update(old, to: &new, by: actor, action: "onboarding.step")
        try tx.publish("onboarding.step_done", new.subject, new.payload.merging(["step": .string(key)]))
        if old.status == .stalled {
            try tx.alerts.resolve(kind: Onboarding.stalledAlert, subject: new.subject)
        }
        if new.status == .completed { try finish(new) }
        try wake(new)
        return new
    }

    /// The client is at home.
    private func finish(_ onboarding: Onboarding) throws {
        try tx.publish("onboarding.completed", onboarding.subject, onboarding.payload)
        guard let old = try Client.resource.find(onboarding.clientID, in: tx), old.lifecycle == .onboarding
        else { return }
        var client = old
        client.lifecycle = .active
        try tx.update(old, to: &client, by: .system)
    }

    /// Stores what the workflow has come to.
    func change(_ old: Onboarding, to new: inout Onboarding) throws {
        try tx.update(old, to: &new, by: .system)
    }

    /// Lets the workflow look again.
    private func wake(_ onboarding: Onboarding) throws {
        guard let id = onboarding.runID, let run = try tx.workflows.run(id),
            !run.status.isFinished
        else { return }
        _ = try tx.workflows.signal(id, OnboardingWorkflow.look, .null)
    }
}

extension Onboarding {
    static let stalledAlert = "onboarding_stalled"

    /// The place of a step that can be done now. Throws what is in the way of it.
    fileprivate func index(of key: String, for step: String) throws -> Int {
        guard let index = steps.list.firstIndex(where: { $0.key == key }) else { throw Problem(.notFound) }
        guard isRunning else { throw refusal("The onboarding is \(status.rawValue).") }
        switch steps.list[index].state {
        case .open: return index
        case .done, .skipped: throw refusal("The step \(key) is \(steps.list[index].state.rawValue).")
        case .waiting:
            let open = steps.list[index].after.filter { before in
                steps.list.contains { $0.key == before && !$0.isOver }
            }
            throw refusal("The step \(key) comes after \(open.joined(separator: ", ")).")
        }
    }

    private func refusal(_ words: String) -> Problem {
        let open = isRunning ? steps.list.filter { $0.state == .open }.map(\.key) : []
        return Problem(.invalidTransition, words, extra: ["allowed": JSON(open)])
    }

    var payload: JSON {
        [
            "client_id": JSON(clientID), "status": .string(status.rawValue), "progress": .number(progress),
        ]
    }
}
