internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Media
internal import Messages
internal import Nouns
internal import Records
internal import Social
internal import Telemetry
internal import Tenancy

extension MediaPreparation {
    /// Prepares what a post shows at its account, as far as that is not done yet; `makesFilms`: films that have to be
    /// made anew, too, which takes minutes. Throws `MediaWorkerError`, too.
    func prepare(
        _ media: [PostMedium], at account: SocialAccountID, as format: PostFormat, of tenant: TenantID,
        makesFilms: Bool = false
    ) async throws {
        guard !media.isEmpty else { return }
        // A film is looked at before it is known whether it has to be made.
        while true {
            let unknown = try database.read(tenant) { reader in
                try reader.postMedia.unknown(media, at: account, as: format).filter {
                    makesFilms || !$1.isMaking
                }
            }
            guard !unknown.isEmpty else { return }
            for (file, purpose) in unknown { try await prepare(file, for: purpose, of: tenant) }
        }
    }

    func prepare(_ post: SocialPostID, of tenant: TenantID, makesFilms: Bool = false) async throws {
        let found = try database.read(tenant) { try SocialPost.resource.find(post, in: $0) }
        guard let found else { return }
        try await prepare(
            found.media.list, at: found.accountID, as: found.format, of: tenant, makesFilms: makesFilms)
    }

    /// Does something for a caller who waits for it.
    func waited(_ work: (MediaPreparation) async throws -> Void) async throws {
        do {
            try await work(self)
        } catch let error as MediaWorkerError {
            throw Problem(error)
        }
    }
}

extension PostMediaStore {
    /// The files that nobody has looked at yet, or that are not made yet, each once for what it is for.
    fileprivate func unknown(
        _ media: [PostMedium], at account: SocialAccountID, as format: PostFormat
    ) throws -> [(StoredFile, MediaPurpose)] {
        guard let account = try SocialAccount.resource.find(account, in: tx) else { return [] }
        var seen: [ID<StoredFile>: Set<MediaPurpose>] = [:]
        return try files(media, on: account.network, as: format).compactMap { file in
            guard file.isUnknown, let original = file.original, let purpose = file.purpose,
                seen[original.id, default: []].insert(purpose).inserted
            else { return nil }
            return (original, purpose)
        }
    }
}

extension Problem {
    /// Why nothing was looked at, for whoever waits for it.
    init(_ error: MediaWorkerError) {
        switch error {
        case .busy:
            self.init(.unavailable, "Too many pictures are being read: try again shortly.")
        case .unavailable:
            self.init(
                .unavailable, "Pictures and films cannot be read at the moment: bureau doctor says why.")
        }
    }
}

/// Prepares what a post shows before its hour. A post that waits for its hour, and turns out not to fit, fails at once
/// instead of then.
struct PreparePostMediaJob: JobKind {
    struct Payload: Codable, Sendable {
        let post: SocialPostID
    }

    static let kind = "social_post.media"
    /// Of its own: what leaves does not wait for pictures.
    static let queue = "media"
    static let attemptsMax = 8

    let preparation: MediaPreparation

    func timeout(_ payload: Payload) -> Duration { .seconds(3600) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        do {
            try await preparation.prepare(payload.post, of: job.tenant, makesFilms: true)
        } catch let error as MediaWorkerError {
            throw JobFailure.retryable("media_unavailable", "\(error)")
        }
        try await job.complete { tx in
            guard let post = try SocialPost.resource.find(payload.post, in: tx), post.status.isWaiting,
                let account = try SocialAccount.resource.find(post.accountID, in: tx),
                let reason = try tx.postMedia.obstacle(post, on: account)
            else { return }
            try tx.posts.move(post, to: .failed, because: [reason])
        }
    }
}
