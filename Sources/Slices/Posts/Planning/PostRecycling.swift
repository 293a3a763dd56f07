internal import Agents
internal import Database
internal import Intelligence
internal import JSON
internal import Jobs
internal import Lexicons
internal import Messages
internal import Nouns
package import Records
internal import Social
internal import Telemetry
internal import Tenancy

/// The rule by which a post is published again by itself.
package struct PostRecycling: Part {
    package var every = ""
    package var most = 1

    package init() {}

    package static let schema = Schema<PostRecycling>(
        "PostRecycling",
        [
            .text(
                "every", \.every, max: 40, .required, .example("P60D"),
                .about("The time from one to the next, as a duration.")),
            .integer("max", \.most, in: 1...100, .required, .about("How often it is published again.")),
        ])
}

/// Plans a post again that stands and is to come again: after its interval, in other words.
struct RecyclePostJob: JobKind {
    struct Payload: Codable, Sendable { let post: SocialPostID }

    static let kind = "social_post.recycle"
    let dependencies: PostsDependencies

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let dependencies = dependencies
        try await job.complete { tx in try tx.posts.recycle(payload.post, dependencies) }
    }
}

extension PostStore where Base == Transaction {
    /// Notes that a post stands; one that is to come again is planned by a job, in words that it chooses.
    @discardableResult
    func stands(
        _ old: SocialPost, by actor: Actor = .system, changing change: (inout SocialPost) -> Void
    ) throws -> SocialPost {
        let post = try move(old, to: .published, by: actor, changing: change)
        if let recycle = post.recycle, recycle.most > 0 {
            try tx.jobs.enqueue(
                RecyclePostJob.self, .init(post: post.id),
                JobOptions(uniqueKey: "\(post.id)", subject: post.subject))
        }
        return post
    }

    /// Plans the next of a post. Where there are no other words for it, it is a draft that says so: an account does not
    /// say the same within thirty days.
    fileprivate func recycle(_ id: SocialPostID, _ dependencies: PostsDependencies) throws {
        guard let post = try SocialPost.resource.find(id, in: tx), post.status == .published,
            let recycle = post.recycle, recycle.most > 0, let every = Duration(iso8601: recycle.every),
            let last = post.scheduledAt ?? post.publishedAt,
            let account = try SocialAccount.resource.find(post.accountID, in: tx)
        else { return }
        // A campaign's recycled posts end with it.
        if let id = post.campaignID, try dependencies.campaign(tx, id) == .over { return }
        var next = post.again(id: tx.nextID(), now: tx.now)
        if recycle.most > 1 {
            var rest = recycle
            rest.most -= 1
            next.recycle = rest
        }
        let moment = try max(account.zone(in: tx).moment(every, after: last), tx.now)
        let others = try post.itemID.map { try dependencies.sentences(tx, $0) } ?? []
        let turning = PostTurning(
            post.text, others: others, words: .in(TurnLanguage.of(post)), on: account.network)
        var faults: [Fault] = []
        // A text may return after long enough, where no other wording is left.
        for text in turning.turns + [post.text] {
            next.text = text
            next.textHash = SocialPost.hash(of: next.text, next.thread)
            faults = try self.faults(of: next, on: account, at: moment)
            if faults.isEmpty { break }
        }
        if faults.isEmpty {
            schedule(&next, at: moment)
            next.costEstimate = try tx.postBudgets.costEstimate(of: next, on: account)
        } else {
            next.text = post.text
            next.reasons = Parts(faults.prefix(3).map { Reason($0.code, $0.detail) })
        }
        try tx.create(&next, by: .system)
        try wake(next)
        try tell(next)
    }
}

extension SocialPost {
    /// A post that says and shows the same, and is not planned yet.
    fileprivate func again(id: UniqueID, now: Instant) -> SocialPost {
        var next = SocialPost.new(id: id, now: now)
        (next.accountID, next.text, next.format, next.thread) = (accountID, text, format, thread)
        (next.media, next.firstComment, next.link) = (media, firstComment, link)
        (next.itemID, next.campaignID, next.clientID) = (itemID, campaignID, clientID)
        (next.options, next.handWork) = (options, handWork)
        // Readers are told of a model, and of whoever pays, each time.
        (next.isMadeWithAI, next.isPaid) = (isMadeWithAI, isPaid)
        return next
    }
}

extension TimeZoneRules {
    /// Whole days are days of the calendar: a post of nine o'clock comes again at nine, also where the clocks have been
    /// put forward or back meanwhile.
    fileprivate func moment(_ every: Duration, after last: Instant) -> Instant {
        let day: Int64 = 86_400
        guard every.components.attoseconds == 0, every.components.seconds % day == 0 else {
            return last + every
        }
        var time = local(of: last)
        time.date = time.date.adding(days: Int(every.components.seconds / day))
        return firstInstant(atOrAfter: time)
    }
}

/// The language that a post is in, as it reads.
private enum TurnLanguage {
    static func of(_ post: SocialPost) -> String {
        LanguageGuess.of(post.text).language ?? Lexicon.standard
    }
}

extension PostTurning.Words {
    private static let lexicon = Lexicon("turns", in: ResourceTable.texts)

    /// A language that nothing is known of has no words to begin with.
    static func `in`(_ language: String) -> PostTurning.Words {
        PostTurning.Words(
            openings: lexicon.lines("openings", in: language),
            leaning: Set(lexicon.words("leaning", in: language)))
    }
}
