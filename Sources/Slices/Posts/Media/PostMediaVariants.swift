internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Media
internal import Messages
internal import Nouns
internal import Records
internal import Social
internal import Tenancy

/// A picture or film of a post, with what its network gets in its place.
struct PostFile {
    /// `nil`: it was deleted.
    let original: StoredFile?
    var probe = MediaProbe()
    var purpose: MediaPurpose?
    /// `nil` where nobody has looked yet, or there is nothing to look at.
    var verdict: MediaVerdict?
    /// The file that was made of it.
    var variant: StoredFile?

    /// Whether it has still to be looked at, or to be made.
    var isUnknown: Bool { purpose != nil && verdict == nil }
    /// The file that the network gets.
    var sent: StoredFile? { variant ?? original }
    var fault: MediaFault? { if case .refused(let fault) = verdict { fault } else { nil } }
}

/// The pictures and films of posts, as their networks get them: `tx.postMedia`.
struct PostMediaStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var postMedia: PostMediaStore<Self> { PostMediaStore(tx: self) }
}

extension PostMediaStore {
    /// Returns the files of a post, and what is known of each at a network.
    func files(
        _ media: [PostMedium], on network: SocialNetwork, as format: PostFormat
    ) throws -> [PostFile] {
        try media.map { try file($0, on: network, as: format) }
    }

    private func file(
        _ medium: PostMedium, on network: SocialNetwork, as format: PostFormat
    ) throws -> PostFile {
        guard let original = try StoredFile.resource.find(medium.fileID, in: tx) else {
            return PostFile(original: nil)
        }
        var file = PostFile(original: original)
        file.probe = MediaProbe(try tx.files.head(of: original))
        file.probe.size = original.size
        file.purpose = MediaPurpose(file.probe, on: network, as: format)
        guard let purpose = file.purpose else { return file }
        (file.verdict, file.variant) = try tx.files.found(of: medium.fileID, for: purpose)
        switch file.verdict {
        case .picture(let picture): file.probe = MediaProbe(picture)
        case .film(let film):
            file.probe = MediaProbe(film, size: original.size)
            if let recipe = network.rules.filmRecipe(of: format, part: medium.part) {
                try make(&file, of: film, by: recipe, on: network, as: format)
            }
        case .refused, nil: break
        }
        return file
    }

    /// Puts the film that is made in the place of one that the network does not take; before it is made, what it will
    /// be.
    private func make(
        _ file: inout PostFile, of film: FilmFinding, by recipe: FilmRecipe, on network: SocialNetwork,
        as format: PostFormat
    ) throws {
        guard let original = file.original else { return }
        switch recipe.plan(for: film, size: original.size) {
        case .fits: break
        case .refused(let fault): file.verdict = .refused(fault)
        case .make(let making):
            let purpose = MediaPurpose(making: recipe, on: network, as: format)
            file.purpose = purpose
            (file.verdict, file.variant) = try tx.files.found(of: original.id, for: purpose)
            if case .film(let made) = file.verdict {
                file.probe = MediaProbe(made, size: file.variant?.size ?? original.size)
            } else {
                file.probe = MediaProbe(making.outlook, size: 0)
            }
        }
    }

    /// Returns whether a file of a post has still to be looked at.
    func hasUnknown(_ post: SocialPost, on account: SocialAccount) throws -> Bool {
        try files(post.media.list, on: account.network, as: post.format).contains { $0.isUnknown }
    }

    /// Why a picture or film of a post cannot leave as it is; `nil` where nothing is in its way.
    func obstacle(_ post: SocialPost, on account: SocialAccount) throws -> Reason? {
        let files = try files(post.media.list, on: account.network, as: post.format)
        if files.contains(where: { $0.original == nil }) {
            return Reason("media_missing", "A picture or film of it was deleted: choose another.")
        }
        let faults = PostCheck(tx.posts.draft(of: post, files), on: account.network).faults
        return faults.first { fault in
            fault.pointer.hasPrefix("/media/")
                && ["/file_id", "_seconds"].contains(where: fault.pointer.hasSuffix)
        }.map { Reason($0.code, $0.detail) }
    }
}

extension PostMediaStore where Base == Transaction {
    /// Has what a post shows prepared before its hour, where that is not done yet.
    func prepare(_ post: SocialPost) throws {
        guard !post.media.list.isEmpty,
            let account = try SocialAccount.resource.find(post.accountID, in: tx),
            try hasUnknown(post, on: account)
        else { return }
        try tx.jobs.enqueue(
            PreparePostMediaJob.self, .init(post: post.id),
            JobOptions(uniqueKey: "\(post.id)/media/\(post.version)", subject: post.subject))
    }
}
