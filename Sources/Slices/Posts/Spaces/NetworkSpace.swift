internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
package import Records
internal import Social
package import Telemetry
internal import Templates

/// A live talk of an account on its network, as that tells it: one row of `network_spaces`. People plan and hold it
/// there.
package struct NetworkSpace: ManagedRecord {
    package enum State: String, Choice { case scheduled, live, ended, cancelled }

    package var head = Head<NetworkSpace>()
    package var accountID = SocialAccountID.unset
    package var clientID: ClientID?
    package var remote = ""
    package var title = ""
    package var url = ""
    package var state = State.scheduled
    package var at = Instant(seconds: 0)
    package var endedAt: Instant?
    package var participants: Int?
    package var seenAt = Instant(seconds: 0)
    package var announcementID: ContentItemID?
    /// The title and the moment that were announced.
    package var announced: String?
    package var recapID: ContentItemID?

    package init() {}

    /// The pause between two questions to a network, and the time for which it is let alone where it refuses.
    static let pause: Duration = .seconds(1800), rest: Duration = .seconds(6 * 3600)

    package static let idPrefix = "space", noun = "network_space"
    package static let resource = Resource<NetworkSpace>(
        "network_spaces", named: "NetworkSpace",
        console: ConsoleForm(
            columns: ["title", "state", "at", "participants"], filters: ["account_id", "state"]),
        [
            .id("account_id", \.accountID, .readOnly, .filterable, .about("The account that holds it.")),
            .id("client_id", \.clientID, .readOnly, .filterable, .about("The client whose account it is.")),
            .text("remote_id", \.remote, max: 100, .readOnly, .about("Its name on the network.")),
            .text("title", \.title, max: 200, .readOnly, .searchable, .about("The subject of the space.")),
            .text("url", \.url, max: 300, .readOnly, .about("Where people listen.")),
            .choice("state", \.state, .readOnly, .filterable, .about("Whether it is planned, live or over.")),
            .instant(
                "at", \.at, .readOnly, .filterable, .sortable, .about("When it begins, or has begun.")),
            .instant("ended_at", \.endedAt, .readOnly, .about("When it was over.")),
            .integer(
                "participants", \.participants, in: 0...1_000_000_000, .readOnly,
                .about("How many listened; null: the network does not say.")),
            .instant("seen_at", \.seenAt, .readOnly, .about("When the network was last asked.")),
            .id(
                "announcement_id", \.announcementID, .readOnly,
                .about("The draft that announces it as it is planned now.")),
            .text("announced", \.announced, max: 400, .secret),
            .id("recap_id", \.recapID, .readOnly, .about("The draft that looks back on it.")),
        ])

    /// The details that an announcement tells of it.
    var announceable: String { "\(at.microseconds) \(title)" }
}

/// Live talks on networks: `tx.networkSpaces`.
package struct NetworkSpaceStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var networkSpaces: NetworkSpaceStore<Self> { NetworkSpaceStore(tx: self) }
}

extension NetworkSpaceStore {
    /// Returns live talks of some days.
    package func all(from begin: Instant, before end: Instant, limit: Int) throws -> [NetworkSpace] {
        try NetworkSpace.resource.all(
            where: "at >= \(begin) AND at < \(end)", suffix: "ORDER BY at, id LIMIT \(limit)", in: tx)
    }

    /// Those of an account that are not over.
    func open(of account: SocialAccountID) throws -> [NetworkSpace] {
        try NetworkSpace.resource.all(
            where: "account_id = \(account) AND state IN ('scheduled', 'live')",
            suffix: "ORDER BY id LIMIT 100", in: tx)
    }

    /// Returns those about which something is to be drafted: planned and not announced as they are now, or over of late
    /// and not looked back on.
    func toTell(limit: Int) throws -> [NetworkSpace] {
        let planned = try NetworkSpace.resource.all(
            where: "state = 'scheduled' AND at > \(tx.now)", suffix: "ORDER BY at, id LIMIT 200", in: tx
        ).filter { $0.announced != $0.announceable }
        let over = try NetworkSpace.resource.all(
            where: """
                state = 'ended' AND recap_id IS NULL AND at > \(tx.now - .seconds(3 * 86_400))
                """, suffix: "ORDER BY at, id LIMIT \(limit)", in: tx)
        return Array((planned + over).prefix(limit))
    }
}

extension NetworkSpaceStore where Base == Transaction {
    /// Keeps what a network has told of an account's live talks; what moved, was called off or is over is published.
    func keep(_ told: [ToldSpace], of account: SocialAccount) throws {
        let known = Dictionary(
            try NetworkSpace.resource.all(
                where: "account_id = \(account.id) AND remote_id IN \(list: told.map(\.id))", in: tx
            ).map { ($0.remote, $0) }, uniquingKeysWith: { one, _ in one })
        for space in told {
            let old = known[space.id]
            guard old != nil || space.state != .cancelled, old?.state.isOver != true else { continue }
            var new = old ?? NetworkSpace.new(id: tx.nextID(), now: tx.now)
            new.take(space, of: account, at: tx.now)
            if let old {
                new.version = old.version + 1
                new.updatedAt = tx.now
                try NetworkSpace.resource.update(old, to: new, in: tx)
            } else {
                try NetworkSpace.resource.insert(&new, in: tx)
            }
            try tell(new, replacing: old)
        }
    }

    private func tell(_ new: NetworkSpace, replacing old: NetworkSpace?) throws {
        let verb: String
        if old == nil || old?.state != new.state {
            verb = new.state.rawValue
        } else if old?.announceable != new.announceable {
            verb = "moved"
        } else {
            return
        }
        try tx.publish(
            "network_space.\(verb)", new.subject,
            [
                "account_id": JSON(new.accountID), "title": .string(new.title), "at": .string("\(new.at)"),
            ])
        guard new.state == .cancelled, new.announcementID != nil else { return }
        // The announcement may be planned, or published already: people decide what becomes of it.
        try tx.alerts.raise(
            kind: PostAlert.spaceCancelled, severity: .warning, subject: new.subject,
            title: Saying("alert.space_cancelled", ["title": .text(new.title)]),
            action: Saying("alert.space_cancelled_do"))
    }

    /// Has the live talks of an account read, now or at a later moment.
    func wake(of account: SocialAccountID, at moment: Instant? = nil) throws {
        if moment == nil, let job = try tx.jobs.live(ReadSpacesJob.self, uniqueKey: account) {
            try tx.jobs.hasten(job)
        }
        try tx.jobs.enqueue(
            ReadSpacesJob.self, .init(account: account),
            JobOptions(
                runAt: moment, uniqueKey: account, uniqueness: .untilStarted, subject: Subject(account),
                limitKey: account))
    }
}

extension NetworkSpace.State {
    var isOver: Bool { self == .ended || self == .cancelled }
}

extension NetworkSpace {
    /// Takes over what the network tells. One that it does not know any more keeps its title and its day.
    fileprivate mutating func take(_ told: ToldSpace, of account: SocialAccount, at now: Instant) {
        (accountID, clientID, remote, seenAt) = (account.id, account.clientID, told.id, now)
        url = "https://x.com/i/spaces/\(told.id.percentEncoded)"
        state = State(rawValue: told.state.rawValue) ?? state
        guard told.state != .cancelled else { return }
        if !told.title.isEmpty { title = told.title }
        at = told.startedAt ?? told.scheduledAt ?? (at == Instant(seconds: 0) ? now : at)
        endedAt = told.endedAt ?? (state == .ended ? endedAt ?? now : nil)
        participants = told.participants ?? participants
    }
}
