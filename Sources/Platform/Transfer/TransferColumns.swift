internal import Agents
internal import JSON
internal import Lexicons
internal import Records

/// Which column of a file fills what of a record.
struct TransferColumns: Sendable {
    struct Column: Sendable {
        let header: String
        /// A field, a column of a reference, a companion, or a member such as `custom.tier`; `nil`: left out.
        let target: String?
        /// The hints of the header about the amounts below it.
        let hints: AmountHints
        /// Whether it fills anything: what an export says of read-only fields is only looked at.
        var isFilling = true
    }

    let columns: [Column]
    /// The file is an export of ours: its cells are taken to the letter.
    let isOwn: Bool

    init<R: ManagedRecord>(_ headers: [String], explicit: JSONObject, _ transfer: Transfer<R>) {
        let names = Set(headers)
        isOwn =
            names.isSuperset(of: Self.marks)
            && headers.allSatisfy { transfer.isTarget($0) || transfer.resource.schema[$0] != nil }
        let given = headers.map { Self.given($0, explicit) }
        let guesses = HeaderGuesses(transfer)
        var taken = Set(given.compactMap { $0?.text })
        let isOwn = isOwn
        columns = zip(headers, given).map { header, given in
            let target: String?
            if let given {
                target = given.text
            } else if isOwn {
                target = header
            } else {
                // Of two columns that seem to mean the same the first is meant, but lists are put together.
                target = guesses.target(of: header).flatMap { guess in
                    transfer.joins(guess) || taken.insert(guess).inserted ? guess : nil
                }
            }
            return Column(
                header: header, target: target, hints: AmountHints(header),
                isFilling: target.map(transfer.isTarget) ?? false)
        }
    }

    /// The columns that only our own exports have all of.
    static let marks: Set<String> = ["id", "version", "created_at"]

    /// Header → field or null, in the file's order; for the import's report.
    var report: JSONObject {
        var object = JSONObject()
        for column in columns where object[column.header] == nil {
            object.append(column.header, column.isFilling ? JSON(column.target) : .null)
        }
        return object
    }

    private static func given(_ header: String, _ explicit: JSONObject) -> JSON? {
        if let target = explicit[header] { return target }
        let key = TextFolding.fold(TextCleaning.line(header))
        return explicit.members.first { TextFolding.fold(TextCleaning.line($0.key)) == key }?.value
    }
}

extension Transfer {
    /// Returns whether several columns may fill a target together.
    fileprivate func joins(_ target: String) -> Bool {
        guard let field = writable(target) else { return false }
        if case .texts = field.kind { return true }
        return false
    }
}

/// The meanings of columns' names, where nobody says them.
struct HeaderGuesses {
    private var table: [String: String] = [:]

    /// A name that several targets have is that of the first.
    init<R: ManagedRecord>(_ transfer: Transfer<R>) {
        let targets = transfer.targets, lexicon = transfer.lexicon.value
        var names = targets.map { ($0, $0) }
        names += targets.flatMap { target in lexicon.phrases(target).map { ($0, target) } }
        for target in commonTargets where transfer.isTarget(target) {
            names += commonNames.phrases(target).map { ($0, target) }
        }
        let known = names.map { (HeaderName.of($0), $1) }
        for (words, target) in known { add(words, target) }
        for (words, target) in known { add(HeaderName.bare(words), target) }
    }

    private mutating func add(_ words: [String], _ target: String) {
        let key = words.joined(separator: " ")
        if !words.isEmpty, table[key] == nil { table[key] = target }
    }

    func target(of header: String) -> String? {
        let trimmed = TextCleaning.trimmed(header)
        for prefix in ["custom.", "external_ids."] where trimmed.hasPrefix(prefix) { return trimmed }
        for words in [HeaderName.of(header, splittingCase: false), HeaderName.of(header)] {
            if let target = table[words.joined(separator: " ")] { return target }
            let bare = HeaderName.bare(words)
            if !bare.isEmpty, let target = table[bare.joined(separator: " ")] { return target }
        }
        return nil
    }
}

/// Fields whose columns have the same names wherever a resource has them, in the order in which they take a name.
private let commonTargets = [
    "email", "name", "first_name", "last_name", "phone", "title", "company", "country", "location",
    "linkedin_url", "tags", "notes", "note", "time_zone", "locale", "contact_email", "owner_email",
    "currency", "channel",
]
private let commonNames = Lexicon("columns", in: ResourceTable.texts)
