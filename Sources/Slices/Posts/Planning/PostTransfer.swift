internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Lexicons
internal import Nouns
internal import Records
internal import Social
internal import Telemetry
internal import Tenancy
internal import Transfer

extension PostsDependencies {
    /// The import and export of posts as files. A row is checked as scheduling checks a post.
    var transfer: Transfer<SocialPost> {
        var transfer = Transfer(SocialPost.resource, Lexicon("social_posts", in: ResourceTable.texts)) {
            post, tx in try tx.posts.known(post)
        }
        transfer.references = [.account("account_id", by: "account")]
        transfer.companions = [
            PostRow.at, PostRow.hour, PostRow.queue, PostRow.file, PostRow.altText, PostRow.privacy,
        ]
        transfer.settle = { row in
            // A row with further parts is a thread, unless the file names another format.
            if row.values["thread"] != nil, row.values["format"] == nil {
                row.values["format"] = .string(PostFormat.thread.rawValue)
            }
            guard let level = row.given[PostRow.privacy], row.values["options"] == nil else { return }
            row.values["options"] = ["privacy_level": .string(level)]
        }
        transfer.complete = { post, row, time, tx in try tx.posts.complete(&post, from: row, time) }
        transfer.create = { post, actor, tx in
            let timing = PostTiming(at: post.scheduledAt, usesQueue: post.scheduledAt == nil)
            let isPlanned = post.status == .scheduled
            (post.status, post.scheduledAt) = (.draft, nil)
            try requireKnown(post, replacing: nil, in: tx)
            if isPlanned { try tx.posts.plan(&post, timing, by: actor, named: "/scheduled_at") }
            try tx.create(&post, by: actor)
            try tx.posts.wake(post)
            try tx.posts.tell(post)
        }
        transfer.change = { old, new, actor, tx in
            // A post that has left stays as it is.
            guard old.status.isOpen else { return false }
            try requireKnown(new, replacing: old, in: tx)
            try tx.posts.requireFitting(new, replacing: old)
            return try tx.update(old, to: &new, by: actor)
        }
        return transfer
    }
}

extension JobRegistration {
    /// Lets imports of posts be undone: one that waits goes with its hour, one that has left stays.
    mutating func undoPostImports() {
        undoImports(of: SocialPost.self) { post, actor, tx in
            guard post.status.isOpen && !post.goesOn || post.status == .cancelled else {
                throw Problem(.conflict, "The post is \(post.status.rawValue): it stays.")
            }
            var gone = post
            if post.status != .draft, post.status != .cancelled {
                gone = try tx.posts.cancel(post, by: actor)
            }
            try tx.delete(gone, by: actor)
        }
    }
}

/// The columns of a file of posts that are no fields.
private enum PostRow {
    static let at = "scheduled_at", hour = "hour", queue = "queue"
    static let file = "file", altText = "alt_text", privacy = "privacy_level"

    /// The states in which an export says that a post is to leave.
    static let waiting: Set<String> = ["scheduled", "held", "needs_approval"]
}

extension PostStore where Base == Transaction {
    /// Returns the post that says the same at the same account and hour.
    fileprivate func known(_ post: SocialPost) throws -> ID<Nouns.SocialPost>? {
        var condition: SQL = "account_id = \(post.accountID)"
        if let hash = SocialPost.hash(of: post.text, post.thread) {
            condition += " AND text_hash = \(hash)"
        } else {
            condition += " AND text_hash IS NULL"
        }
        let isPlanned = post.status == .scheduled
        if isPlanned { condition += " AND status <> 'cancelled'" }
        if let at = post.scheduledAt {
            // Files write moments to the millisecond.
            let start = Instant(microseconds: at.microseconds - at.microseconds % 1000)
            condition += " AND (scheduled_at >= \(start) AND scheduled_at < \(start + .milliseconds(1))"
            condition += isPlanned ? ")" : " OR scheduled_at IS NULL)"
        } else {
            condition += isPlanned ? " AND slot IS NOT NULL" : " AND scheduled_at IS NULL"
        }
        return try SocialPost.resource.first(where: condition, suffix: "ORDER BY row LIMIT 1", in: tx)?.id
    }

    /// Takes into a post when it leaves and what it shows. All that is wrong with the row is told at once.
    fileprivate func complete(_ post: inout SocialPost, from row: TransferRow, _ time: WrittenTime) throws {
        let account = try SocialAccount.resource.find(post.accountID, in: tx)
        var faults = Faults()
        try takeFiles(row, into: &post, &faults)
        // Exports of Bureau have their times in UTC.
        let time = try account.map { time.at(try $0.zone(in: tx)) } ?? time
        takeHour(row, time, into: &post, &faults)
        guard !faults.isEmpty else { return }
        let more = try account.map { try self.faults(of: post, on: $0, at: nil) } ?? []
        throw Problem(faults: faults.list + more.filter { $0.pointer != "/media" })
    }

    /// A post with an hour, or with a place in the queue, is `scheduled` until it is planned.
    private func takeHour(
        _ row: TransferRow, _ time: WrittenTime, into post: inout SocialPost, _ faults: inout Faults
    ) {
        let written = TextCleaning.line(row.readOnly[PostRow.at] ?? "")
        let hour = row.given[PostRow.hour] ?? ""
        let queue = (row.given[PostRow.queue] ?? "").lowercased()
        if !written.isEmpty {
            let text = hour.isEmpty ? written : "\(written) \(hour)"
            post.scheduledAt = time.instant(text)
            if post.scheduledAt == nil {
                faults.add("/scheduled_at", "invalid_date", "'\(text.prefix(100))' is not a date or time.")
            }
        } else if !hour.isEmpty {
            faults.add("/scheduled_at", "required", "The hour has no day: say when the post is to leave.")
        }
        let usesQueue = CellText.flag(queue) ?? false
        if !queue.isEmpty, CellText.flag(queue) == nil {
            faults.add("/queue", "wrong_type", "'\(queue.prefix(100))' is not yes or no.")
        } else if usesQueue, !written.isEmpty {
            faults.add(
                "/queue", "conflict", "A post leaves at an hour or by the queue: leave one of them out.")
        }
        let isWanted = row.isOwn ? PostRow.waiting.contains(row.readOnly["status"] ?? "") : true
        if isWanted, post.scheduledAt != nil || usesQueue { post.status = .scheduled }
    }

    /// Finds the files that a row names, by identifier or name, each with its description.
    private func takeFiles(_ row: TransferRow, into post: inout SocialPost, _ faults: inout Faults) throws {
        guard let named = row.given[PostRow.file] else { return }
        let names = CSVList.sentences.split(named), said = row.given[PostRow.altText] ?? ""
        let descriptions = names.count == 1 ? [said] : CSVList.sentences.split(said)
        var media: [PostMedium] = []
        for (index, name) in names.enumerated() {
            let file =
                try ID<StoredFile>(name).flatMap { try StoredFile.resource.find($0, in: tx) }
                ?? StoredFile.resource.first(
                    where: "name = \(name)", suffix: "ORDER BY row DESC LIMIT 1", in: tx)
            guard let file else {
                faults.add(
                    "/file", "unknown_reference",
                    "The file '\(name.prefix(100))' does not exist here: upload it first.")
                continue
            }
            var medium = PostMedium()
            medium.fileID = file.id
            medium.altText = descriptions.indices.contains(index) ? descriptions[index] : ""
            media.append(medium)
        }
        post.media = Parts(media)
    }
}

extension TransferReference {
    /// An account on a social network, by its name.
    fileprivate static func account(_ field: String, by column: String) -> TransferReference {
        TransferReference(
            field, by: [column],
            exists: { reader, id in
                try SocialAccountID(id).flatMap { try SocialAccount.resource.find($0, in: reader) } != nil
            },
            find: { tx, given -> SocialAccountID? in
                guard let name = given[column] else { return nil }
                return try SocialAccount.resource.first(
                    where: "name = \(name)", suffix: "ORDER BY row LIMIT 1", in: tx)?.id
            },
            keys: { reader, ids in try SocialAccount.resource.texts(\.name, of: ids, in: reader) })
    }
}
