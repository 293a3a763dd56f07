internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// Looks for what there is to thank a client for, in its records.
struct Occasions {
    let client: Client
    let today: CivilDate
    let dependencies: DeliveryDependencies

    /// The time after its day for which an occasion is still one.
    private static let fresh = Duration.seconds(44 * 86_400)
    private static let lateMax = 14, aheadMax = 7

    /// Returns the occasions that nobody was written for yet, at most one of each kind.
    func all(in tx: Transaction) throws -> [Occasion] {
        let campaigns = try dependencies.campaignSuccesses(tx, client.id, tx.now - Self.fresh)
        return try [
            goal(in: tx), target(of: campaigns, in: tx), completed(campaigns, in: tx), project(in: tx),
            anniversary(in: tx), deadline(in: tx),
        ].compactMap(\.self).map { try looked(back: $0, in: tx) }
    }

    /// The occasion with what came before it.
    private func looked(back occasion: Occasion, in tx: Transaction) throws -> Occasion {
        var occasion = occasion
        // An occasion ahead is nothing to give thanks for.
        if occasion.topic != .upcoming { occasion.length = try years(in: tx).map(Occasion.Length.init) }
        if [.goalReached, .projectCompleted].contains(occasion.topic) {
            occasion.achieved = try achieved(in: tx)
        }
        return occasion
    }

    /// Returns the number of goals that the client has reached and of its projects that are completed.
    private func achieved(in tx: Transaction) throws -> Int {
        let goals = try tx.int(
            """
            SELECT count(*) FROM goals
            WHERE tenant_id = \(tx.tenant) AND client_id = \(client.id) AND reached_at IS NOT NULL
            """)
        let projects = try tx.int(
            """
            SELECT count(*) FROM projects
            WHERE tenant_id = \(tx.tenant) AND client_id = \(client.id) AND status = 'completed'
            """)
        return Int((goals ?? 0) + (projects ?? 0))
    }

    /// Returns whether there is a message for an occasion.
    private func isTold(_ key: String, in tx: Transaction) throws -> Bool {
        try tx.exists(
            "SELECT 1 FROM messages WHERE tenant_id = \(tx.tenant) AND send_key = \("gratitude/" + key)")
    }

    // MARK: Goals

    private func goal(in tx: Transaction) throws -> Occasion? {
        let reached = try Goal.resource.all(
            where: "client_id = \(client.id) AND reached_at > \(tx.now - Self.fresh)",
            suffix: "ORDER BY reached_at DESC LIMIT 20", in: tx)
        // A goal that was reached from the beginning is nobody's success.
        for goal in reached where goal.baseline.map({ !goal.isReached(by: $0) }) ?? true {
            let key = "goal_reached/\(goal.id)"
            guard let value = goal.current, try !isTold(key, in: tx) else { continue }
            let sources = goal.evidence.array?.compactMap { $0["id"]?.text } ?? []
            return Occasion(
                topic: .goalReached, key: key,
                sources: sources.map { Subject(type: MetricValue.noun, id: $0) } + [goal.subject],
                say: { words, locale in
                    (
                        words("gratitude.goal_reached_subject", ["metric": .text(goal.called)]),
                        words(
                            "gratitude.goal_reached",
                            [
                                "metric": .text(goal.called),
                                "value": .text(locale.shown(value)),
                                "target": .text(locale.shown(goal.target)),
                                "has_baseline": .flag(goal.measure == .latest && goal.baseline != nil),
                                "baseline": .text(goal.baseline.map { locale.shown($0) } ?? ""),
                            ])
                    )
                }, next: try nextOrNew(in: tx))
        }
        return nil
    }

    // MARK: Campaigns

    private func key(of target: CampaignSuccess.Target, of campaign: CampaignSuccess) -> String {
        "campaign_target/\(campaign.id)/\(target.metric)"
    }

    /// A target that a campaign under way has reached.
    private func target(of campaigns: [CampaignSuccess], in tx: Transaction) throws -> Occasion? {
        for campaign in campaigns where campaign.completedAt == nil {
            for target in campaign.targets {
                let key = key(of: target, of: campaign)
                if try isTold(key, in: tx) { continue }
                return Occasion(
                    topic: .campaignTarget, key: key,
                    sources: target.records + [Subject(campaign.id)],
                    say: { words, locale in
                        (
                            words("gratitude.campaign_target_subject", ["metric": .text(target.label)]),
                            words(
                                "gratitude.campaign_target",
                                [
                                    "campaign": .text(campaign.name), "metric": .text(target.label),
                                    "value": .text(locale.shown(target.value)),
                                    "target": .text(locale.shown(target.target)),
                                    "source": .text(target.source),
                                ])
                        )
                    }, next: try nextOrNew(in: tx))
            }
        }
        return nil
    }

    /// A campaign that is over, of which the client has not heard yet, with the targets that nobody has told.
    private func completed(_ campaigns: [CampaignSuccess], in tx: Transaction) throws -> Occasion? {
        for campaign in campaigns {
            let key = "campaign_thanks/\(campaign.id)"
            guard let at = campaign.completedAt, try !isTold(key, in: tx), try !heard(since: at, in: tx)
            else { continue }
            let targets = try campaign.targets.filter { try !isTold(self.key(of: $0, of: campaign), in: tx) }
            return Occasion(
                topic: .campaignThanks, key: key,
                sources: [Subject(campaign.id)] + targets.flatMap(\.records),
                say: { words, locale in
                    let told = targets.map { target in
                        words(
                            "gratitude.campaign_reached",
                            [
                                "metric": .text(target.label), "value": .text(locale.shown(target.value)),
                                "target": .text(locale.shown(target.target)), "source": .text(target.source),
                            ])
                    }
                    return (
                        words("gratitude.campaign_thanks_subject", ["campaign": .text(campaign.name)]),
                        words(
                            "gratitude.campaign_thanks",
                            [
                                "campaign": .text(campaign.name), "count": .number(told.count),
                                "targets": .text(told.joined(separator: "; ")),
                            ])
                    )
                }, next: try nextOrNew(in: tx))
        }
        return nil
    }

    /// Returns whether the one who looks after campaigns has told the client that one is over.
    private func heard(since moment: Instant, in tx: Transaction) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM messages
            WHERE tenant_id = \(tx.tenant) AND client_id = \(client.id) AND topic = 'campaign_completed'
                AND created_at >= \(moment)
            """)
    }

    // MARK: Projects

    private func project(in tx: Transaction) throws -> Occasion? {
        let done = try Project.resource.all(
            where: """
                client_id = \(client.id) AND status = 'completed' AND completed_at > \(tx.now - Self.fresh)
                """, suffix: "ORDER BY id DESC LIMIT 20", in: tx)
        for project in done {
            let key = "project_completed/\(project.id)"
            if try isTold(key, in: tx) { continue }
            return Occasion(
                topic: .projectCompleted, key: key, sources: [project.subject],
                say: { words, _ in
                    (
                        words("gratitude.project_completed_subject", ["project": .text(project.name)]),
                        words(
                            "gratitude.project_completed",
                            [
                                "project": .text(project.name),
                                "tasks": .number(project.tasksDone),
                                "milestones": .number(project.milestones.list.count { $0.doneAt != nil }),
                            ])
                    )
                }, next: try nextOrNew(in: tx))
        }
        return nil
    }

    // MARK: Days of the year

    private func anniversary(in tx: Transaction) throws -> Occasion? {
        guard let since = try since(in: tx) else { return nil }
        let (years, day) = fullYears(since: since)
        let late = today.daysSinceEpoch - day.daysSinceEpoch
        let key = "client_anniversary/\(client.id)/\(years)"
        guard years > 0, (0...Self.lateMax).contains(late), try !isTold(key, in: tx) else { return nil }
        let goals = try Goal.resource.all(
            where: "client_id = \(client.id) AND reached_at IS NOT NULL", suffix: "ORDER BY id LIMIT 100",
            in: tx)
        let projects = try Project.resource.all(
            where: "client_id = \(client.id) AND status = 'completed'", suffix: "ORDER BY id LIMIT 100",
            in: tx)
        return Occasion(
            topic: .anniversary, key: key,
            sources: [client.subject] + projects.map(\.subject) + goals.map(\.subject),
            say: { words, _ in
                (
                    words("gratitude.client_anniversary_subject", ["years": .number(years)]),
                    words(
                        "gratitude.client_anniversary",
                        [
                            "years": .number(years), "projects": .number(projects.count),
                            "goals": .number(goals.count),
                        ])
                )
            }, next: try next(in: tx))
    }

    /// The day from which somebody is a client: by a contract, or by being taken in here. Of others, such as those that
    /// a file brought, nobody knows.
    private func since(in tx: Transaction) throws -> CivilDate? {
        let zone = try tx.agency.tenant().zone
        let signed = try dependencies.milestones(tx, client.id).filter { $0.kind == "contract_signed" }
            .map(\.at).min()
        let begun = try Onboarding.resource.first(
            where: "client_id = \(client.id)", suffix: "ORDER BY id LIMIT 1", in: tx)?.startedAt
        return [signed, begun].compactMap(\.self).min().map { zone.local(of: $0).date }
    }

    /// For how many whole years somebody is a client; `nil`: nobody knows.
    private func years(in tx: Transaction) throws -> Int? {
        try since(in: tx).map { fullYears(since: $0).count }
    }

    /// Returns how many whole years have passed since a day, and the day on which the last of them was full: in January
    /// that may be one of December. An anniversary of a leap day is the first of March.
    private func fullYears(since: CivilDate) -> (count: Int, day: CivilDate) {
        func day(in year: Int) -> CivilDate {
            CivilDate(
                daysSinceEpoch: CivilDate(year: year, month: since.month, day: since.day).daysSinceEpoch)
        }
        let isAhead = day(in: today.year).daysSinceEpoch > today.daysSinceEpoch
        let year = isAhead ? today.year - 1 : today.year
        return (year - since.year, day(in: year))
    }

    // MARK: What is ahead

    /// The nearest deadline that nobody was told of, with what to prepare for it, and what comes after it.
    private func deadline(in tx: Transaction) throws -> Occasion? {
        let ahead = try deadlines(in: tx)
        let near = ahead.enumerated().prefix {
            $1.day.daysSinceEpoch - today.daysSinceEpoch <= Self.aheadMax
        }
        guard let (place, deadline) = try near.first(where: { try !isTold($1.key, in: tx) }) else {
            return nil
        }
        let (names, sources) = try preparation(in: tx)
        let then = self.ahead(ahead.dropFirst(place + 1), orFirst: true)
        return Occasion(
            topic: .upcoming, key: deadline.key, sources: [deadline.project.subject] + sources,
            say: { words, locale in
                let text = words(
                    "gratitude.upcoming_milestone",
                    [
                        "is_milestone": .flag(deadline.milestone != nil), "milestone": .text(deadline.name),
                        "project": .text(deadline.project.name), "day": .text(locale.shown(deadline.day)),
                        "waiting": .number(names.count), "names": .text(names.joined(separator: ", ")),
                    ])
                return (
                    words("gratitude.upcoming_milestone_subject", ["milestone": .text(deadline.name)]), text
                )
            }, next: try [then ?? nextGoal(in: tx)].compactMap(\.self))
    }
}

extension Goal {
    /// As people call it.
    var called: String { name ?? ReportCopy.readable(figure.name) }
}
