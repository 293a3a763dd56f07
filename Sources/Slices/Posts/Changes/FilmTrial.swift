internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Sequences
internal import Social
internal import Telemetry
internal import Tenancy

/// Has the variants of a film take turns, each a whole day by the clock of its network, and reads how they did. Days
/// follow on each other while the experiment runs; one that the server has slept through has no variant.
struct FilmTrialJob: JobKind {
    struct Payload: Codable, Sendable {
        let experiment: ID<Experiment>
        let day: String
    }

    static let kind = "social_post.film_trial"
    static let attemptsMax = 100
    static var limits: JobLimits { JobLimits(concurrency: 1) }
    /// The time for which a network that fails is let alone, unless it says.
    private static let rest: Duration = .seconds(3600)
    let services: IntegrationServices

    private struct Work: Sendable {
        let experiment: Experiment, post: SocialPost, account: SocialAccount
        let days: [(day: ExperimentDay, date: CivilDate)]
        let integration: Integration
        let provider: any FilmMeasuring
    }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let goesOn = try await job.write { tx in try tx.filmTrials.goOn(with: payload.experiment) }
        guard goesOn, let work = try work(payload.experiment, job) else { return }
        do {
            try await read(work, payload, job)
        } catch let failure as ToolFailure {
            // The look at the next day asks for the figures of this one, too.
            guard failure.isRetryable else { return }
            throw JobSnooze(for: failure.retryAfter ?? Self.rest, waitingFor: failure.code)
        }
    }

    /// Returns the days whose figures are due; `nil`: none are, or nobody can be asked.
    private func work(_ id: ID<Experiment>, _ job: JobContext) throws -> Work? {
        try job.read { reader in
            guard let experiment = try Experiment.resource.find(id, in: reader),
                let post = try reader.filmTrials.film(of: experiment), post.parts.first != nil,
                let account = try SocialAccount.resource.find(post.accountID, in: reader),
                let rules = account.network.rules.changes,
                let integration = try account.integrationID.flatMap({
                    try Integration.resource.find($0, in: reader)
                }), let provider = services.providers[integration.provider] as? any FilmMeasuring
            else { return nil }
            let due = try reader.experimentDays.all(of: id).compactMap {
                day -> (day: ExperimentDay, date: CivilDate)? in
                CivilDate(iso: day.day).flatMap { date in
                    day.state == .planned && rules.end(of: date) + rules.figuresAfter <= reader.now
                        ? (day, date) : nil
                }
            }
            return due.isEmpty
                ? nil
                : Work(
                    experiment: experiment, post: post, account: account, days: due, integration: integration,
                    provider: provider)
        }
    }

    private func read(_ work: Work, _ payload: Payload, _ job: JobContext) async throws {
        guard let film = work.post.parts.first, let first = work.days.first?.date,
            let last = work.days.last?.date
        else { return }
        try await services.perform(
            ServiceEffect(
                ReadFiguresTool.name, key: "film_trial/\(work.experiment.id)/\(payload.day)",
                for: ToolCaller(
                    actor: .system, subject: work.post.subject, clientID: work.post.clientID)),
            at: work.integration, as: work.provider, job
        ) { _ in
            true
        } _: { access, permit async throws(ToolFailure) in
            try await work.provider.days(of: film, from: first, to: last, access, permit.reach)
        } end: { tx, outcome in
            guard case .success(let figures) = outcome else { return }
            try tx.filmTrials.keep(figures, of: work.days, in: work.experiment, on: work.account.network)
        }
    }
}

extension NetworkRules.ChangeRules {
    private var zone: TimeZoneRules { TimeZoneRules(named: dayZone) ?? .utc }

    func day(of moment: Instant) -> CivilDate { zone.local(of: moment).date }

    func start(of day: CivilDate) -> Instant {
        zone.firstInstant(atOrAfter: LocalTime(date: day, secondsOfDay: 0))
    }

    func end(of day: CivilDate) -> Instant { start(of: day.adding(days: 1)) }
}

/// Trials of titles and thumbnails of films: `tx.filmTrials`.
struct FilmTrialStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var filmTrials: FilmTrialStore<Self> { FilmTrialStore(tx: self) }
}

extension FilmTrialStore {
    /// Returns the film of which an experiment tries something.
    func film(of experiment: Experiment) throws -> SocialPost? {
        try experiment.target.flatMap { SocialPostID($0) }.flatMap {
            try SocialPost.resource.find($0, in: tx)
        }
    }

    /// Returns what keeps a film from being tried.
    func faults(_ experiment: Experiment) throws -> [Fault] {
        guard let post = try film(of: experiment) else {
            return [Fault("/target", "unknown_reference", "target must be the id of a post: name a film.")]
        }
        guard let account = try SocialAccount.resource.find(post.accountID, in: tx),
            let rules = account.network.rules.changes, account.integrationID != nil,
            post.status == .published, !post.isCaptured, post.parts.first != nil
        else {
            return [
                Fault(
                    "/target", "conflict",
                    "The post is not a film that an integration has published on YouTube: name one that is.")
            ]
        }
        var faults = Faults()
        for (index, variant) in experiment.variants.list.enumerated() {
            let place = "/variants/\(index)/value", text = variant.value.text ?? ""
            if experiment.kind == .filmThumbnail {
                guard let file = ID<StoredFile>(text) else {
                    faults.add(
                        place, "unknown_reference", "value must be the id of a file: upload one first.")
                    continue
                }
                ThumbnailCheck.add(to: &faults, file, at: place, rules, in: tx)
            } else if text.allSatisfy(\.isWhitespace) || text.utf16.count > rules.titleMax {
                faults.add(
                    place, "out_of_range", "value must be a title of 1 to \(rules.titleMax) characters.")
            }
        }
        return faults.list
    }
}

extension FilmTrialStore where Base == Transaction {
    /// Has the variants of a film take turns from the next day on, by the clock of its network.
    func begin(_ experiment: Experiment) throws {
        guard let post = try film(of: experiment),
            let rules = try SocialAccount.resource.find(post.accountID, in: tx)?.network.rules.changes
        else { return }
        try wake(experiment.id, rules.day(of: tx.now).adding(days: 1), rules)
    }

    private func wake(
        _ experiment: ID<Experiment>, _ day: CivilDate, _ rules: NetworkRules.ChangeRules
    ) throws {
        try tx.jobs.enqueue(
            FilmTrialJob.self, .init(experiment: experiment, day: day.iso),
            JobOptions(
                runAt: rules.start(of: day), uniqueKey: "\(experiment)/\(day.iso)",
                subject: Subject(experiment), limitKey: experiment))
    }

    /// Has a film stand as a variant says.
    @discardableResult
    func set(
        _ experiment: Experiment, _ variant: ExperimentVariant, by actor: Actor
    ) throws -> PostChange? {
        guard let post = try film(of: experiment), post.mayChange(.update), let value = variant.value.text
        else { return nil }
        // An earlier change of the trial that has not left would put the film back to another variant.
        let former = try PostChange.resource.all(
            where:
                "post_id = \(post.id) AND experiment_id = \(experiment.id) AND status IN ('waiting', 'held')",
            suffix: "ORDER BY id", in: tx)
        for old in former where old.steps == 0 { try tx.postChanges.move(old, to: .cancelled) }
        return try tx.postChanges.change(post, by: actor) { change in
            change.experimentID = experiment.id
            if experiment.kind == .filmTitle {
                change.title = value
            } else {
                change.thumbnailID = ID<StoredFile>(value)
            }
        }
    }

    /// Gives today to its variant, and says when the next day begins. Returns whether the experiment goes on.
    fileprivate func goOn(with id: ID<Experiment>) throws -> Bool {
        guard let experiment = try Experiment.resource.find(id, in: tx), experiment.status == .running else {
            return false
        }
        guard let post = try film(of: experiment), post.status == .published,
            let rules = try SocialAccount.resource.find(post.accountID, in: tx)?.network.rules.changes
        else {
            try tx.experiments.lose(experiment)
            return false
        }
        let days = try tx.experimentDays.all(of: id), today = rules.day(of: tx.now)
        if days.last?.day != today.iso, days.count < Experiment.filmDaysMax {
            let variant = experiment.variant(ofDay: days.count)
            let change = try set(experiment, variant, by: .system)
            try tx.experimentDays.plan(
                ExperimentDay(
                    number: days.count, day: today.iso, variant: variant.name, change: change?.id.keyText),
                of: id)
        }
        try wake(id, today.adding(days: 1), rules)
        return true
    }

    /// The latest that a variant may come to stand in a day, and the wait for the figures of a day.
    private static var lateMax: Duration { .seconds(3600) }
    private static var untoldAfter: Duration { .seconds(7 * 86_400) }

    /// Keeps how a film did on days of an experiment; those count on which its variant stood all day.
    fileprivate func keep(
        _ figures: [CivilDate: FilmDay], of known: [(day: ExperimentDay, date: CivilDate)],
        in experiment: Experiment, on network: SocialNetwork
    ) throws {
        guard let rules = network.rules.changes else { return }
        let all = try tx.experimentDays.all(of: experiment.id)
        for (old, date) in known {
            guard all.contains(where: { $0.number == old.number && $0.state == .planned }) else { continue }
            var day = old
            if try !stood(day, from: rules.start(of: date), followedBy: all, in: experiment) {
                day.state = .spoiled
            } else if let told = figures[date] {
                (day.state, day.views, day.minutes) = (.counts, told.views, told.minutes)
            } else if tx.now - rules.end(of: date) > Self.untoldAfter {
                day.state = .untold
            } else {
                continue
            }
            try tx.experimentDays.settle(day, of: experiment.id)
        }
    }

    /// Returns whether the variant of a day stood there from its beginning to its end, as far as the network
    /// tells.
    private func stood(
        _ day: ExperimentDay, from start: Instant, followedBy days: [ExperimentDay], in experiment: Experiment
    ) throws -> Bool {
        func change(_ day: ExperimentDay?) throws -> PostChange? {
            try day?.change.flatMap { ID<PostChange>($0) }.flatMap {
                try PostChange.resource.find($0, in: tx)
            }
        }
        guard let own = try change(day), own.status == .done, let applied = own.appliedAt,
            applied <= start + Self.lateMax
        else { return false }
        let next = try change(days.first { $0.number == day.number + 1 })
        guard let title = own.title, let found = next?.before["title"]?.text else { return true }
        // Somebody may have changed it there.
        var words = FilmText()
        words.title = found
        return words.are(FilmText.Change(title: title, text: nil, tags: nil))
    }
}
