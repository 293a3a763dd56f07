internal import Glibc
package import Telemetry

/// A folder as it was when it was opened.
package struct IMAPFolderState: Hashable, Sendable {
    /// The folder's UIDVALIDITY. When it changes, the numbers of the mails change, too (RFC 3501 §2.3.1.1).
    package var validity: UInt32
    /// The least UID that the next mail will have, where the server says so.
    package var nextUID: UInt32?
    package var count: UInt32
    package var isReadOnly: Bool
}

/// A mail as it lies in a folder.
package struct IMAPMail: Sendable {
    package var uid: UInt32
    /// `\Seen`, `\Answered`, …
    package var flags: Set<String>
    /// The time at which the mail came into the folder.
    package var receivedAt: Instant?
    /// Headers and body, as they came.
    package var bytes: [UInt8]
}

/// The facts about a mail that are told without fetching it.
package struct IMAPEnvelope: Sendable {
    /// The size in bytes, as the server counts them.
    package var size: Int
    /// The time at which the mail came into its folder.
    package var receivedAt: Instant?
    /// The lines of its headers that name it.
    package var names: [UInt8]
}

/// A folder that has been opened. Calls at once wait for one another; after a fault (not after a refusal) the
/// connection is gone, and the folder has to be opened again.
package final class IMAPMailbox: Sendable {
    package let state: IMAPFolderState
    private let line: IMAPLine

    init(_ line: IMAPLine, _ state: IMAPFolderState) { (self.line, self.state) = (line, state) }

    /// Signs out.
    package func close() { line.end() }

    /// The numbers of mails that came after one, from the oldest.
    package func uids(above last: UInt32) async throws(IMAPError) -> [UInt32] {
        guard last < .max else { return [] }
        return try await line.run { session, connection throws(IMAPError) in
            // Servers tell of what has come since when a command ends.
            try session.run("NOOP", connection)
            let answer = try session.run("UID SEARCH UID \(last + 1):*", connection)
            let found = answer.data.filter { $0.first?.atom?.uppercased() == "SEARCH" }.joined()
            // A star is the last mail, and a range has no direction: where nothing is new that one is found.
            return Set(found.compactMap(\.number)).filter { $0 > last }.sorted()
        }
    }

    /// Returns the size of a mail in bytes, as the server counts them; `nil` where there is no such mail any more.
    package func size(of uid: UInt32) async throws(IMAPError) -> Int? {
        try await line.run { session, connection throws(IMAPError) in try session.size(of: uid, connection) }
    }

    /// Its size, its age and its `Message-ID` line; `nil` where there is no such mail any more.
    package func glance(at uid: UInt32) async throws(IMAPError) -> IMAPEnvelope? {
        try await line.run { session, connection throws(IMAPError) in
            let answer = try session.run(
                "UID FETCH \(uid) (UID RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])",
                connection)
            guard let values = answer.fetched(uid), let size = values["RFC822.SIZE"]?.number else {
                return nil
            }
            let names = values.first { $0.key.hasPrefix("BODY[HEADER.FIELDS") }?.value.bytes
            return IMAPEnvelope(
                size: Int(size), receivedAt: values["INTERNALDATE"]?.string.flatMap(internalDate),
                names: names ?? [])
        }
    }

    /// A whole mail, which is not marked as read by that; `nil` where there is no such mail any more. One of more
    /// than `sizeMax` bytes is not fetched: `MailFault.tooLarge`, and the connection remains.
    package func fetch(_ uid: UInt32, sizeMax: Int) async throws(IMAPError) -> IMAPMail? {
        try await line.run { session, connection throws(IMAPError) in
            guard let size = try session.size(of: uid, connection) else { return nil }
            guard size <= sizeMax else { throw .fault(.tooLarge(limit: sizeMax)) }
            // Some count their line ends as one byte.
            let answer = try session.run(
                "UID FETCH \(uid) (UID FLAGS INTERNALDATE BODY.PEEK[])", connection,
                literalMax: max(IMAPSession.literalMax, 2 * sizeMax))
            return answer.fetched(uid).flatMap { values in
                values["BODY[]"]?.bytes.map { bytes in
                    IMAPMail(
                        uid: uid, flags: Set((values["FLAGS"]?.list ?? []).compactMap(\.atom)),
                        receivedAt: values["INTERNALDATE"]?.string.flatMap(internalDate), bytes: bytes)
                }
            }
        }
    }

    package func markSeen(_ uid: UInt32) async throws(IMAPError) {
        try needWritable()
        try await line.run { session, connection throws(IMAPError) in
            _ = try session.run("UID STORE \(uid) +FLAGS.SILENT (\\Seen)", connection)
        }
    }

    // Not all servers refuse it: some say yes and do nothing.
    private func needWritable() throws(IMAPError) {
        if state.isReadOnly { throw .fault(.invalid("the folder was opened for reading only")) }
    }

    /// Into another folder, which is there. Where the server has no MOVE (RFC 6851) the mail is copied, and what is
    /// left of it deleted.
    package func move(_ uid: UInt32, to folder: String) async throws(IMAPError) {
        try needWritable()
        let name = try imapName(folder)
        try await line.run { session, connection throws(IMAPError) in
            if session.abilities.contains("MOVE") {
                try session.run("UID MOVE \(uid) \(name)", connection)
                return
            }
            try session.run("UID COPY \(uid) \(name)", connection)
            try session.run("UID STORE \(uid) +FLAGS.SILENT (\\Deleted)", connection)
            // Without UIDPLUS (RFC 4315) others' deleted mails would go, too.
            if session.abilities.contains("UIDPLUS") { try session.run("UID EXPUNGE \(uid)", connection) }
        }
    }

    /// Puts a mail into a folder, such as a copy of what was sent. Its number there, where the server tells.
    @discardableResult package func append(
        _ message: [UInt8], to folder: String, isSeen: Bool = true
    ) async throws(IMAPError) -> UInt32? {
        let name = try imapName(folder)
        return try await line.run { session, connection throws(IMAPError) in
            let parts: [IMAPSession.Part] = [
                .text("APPEND \(name) \(isSeen ? "(\\Seen) " : "")"),
                .literal(mailLines(message, stuffed: false)),
            ]
            return try session.run(parts, connection).code("APPENDUID")?.last?.number
        }
    }

    /// One that is there already is refused as `ALREADYEXISTS`.
    package func create(_ folder: String) async throws(IMAPError) {
        let name = try imapName(folder)
        try await line.run { session, connection throws(IMAPError) in
            _ = try session.run("CREATE \(name)", connection)
        }
    }

    /// All folders, and what each is for where the server says so: `\Sent`, `\Drafts`, `\Junk`, … (RFC 6154).
    package func folders() async throws(IMAPError) -> [(name: String, attributes: Set<String>)] {
        try await line.run { session, connection throws(IMAPError) in
            try session.run("LIST \"\" \"*\"", connection).data.compactMap { values in
                guard values.count == 4, values[0].atom?.uppercased() == "LIST", let name = values[3].string
                else {
                    return nil
                }
                return (imapFolderName(name), Set((values[1].list ?? []).compactMap(\.atom)))
            }
        }
    }
}

extension IMAPSession {
    func select(
        _ name: String, readOnly: Bool, _ connection: ServerConnection
    ) throws(IMAPError) -> IMAPFolderState {
        let answer = try run("\(readOnly ? "EXAMINE" : "SELECT") \(name)", connection)
        guard let validity = answer.code("UIDVALIDITY")?.first?.number else {
            throw .fault(.unsupported("message numbers that persist (UIDs)"))
        }
        let count = answer.data.last { $0.count == 2 && $0[1].atom?.uppercased() == "EXISTS" }?[0].number
        return IMAPFolderState(
            validity: validity, nextUID: answer.code("UIDNEXT")?.first?.number, count: count ?? 0,
            isReadOnly: readOnly)
    }

    fileprivate func size(of uid: UInt32, _ connection: ServerConnection) throws(IMAPError) -> Int? {
        try run("UID FETCH \(uid) (UID RFC822.SIZE)", connection).fetched(uid)?["RFC822.SIZE"]?.number.map(
            Int.init)
    }
}

extension IMAPSession.Answer {
    /// Returns the items that were told of one mail; servers tell of others by the way.
    fileprivate func fetched(_ uid: UInt32) -> [String: IMAPValue]? {
        var found: [String: IMAPValue]?
        for values in data {
            guard values.count == 3, values[1].atom?.uppercased() == "FETCH", let list = values[2].list else {
                continue
            }
            var items: [String: IMAPValue] = [:]
            for index in stride(from: 0, to: list.count - 1, by: 2) {
                if let name = list[index].atom { items[name.uppercased()] = list[index + 1] }
            }
            if items["UID"]?.number == uid { found = (found ?? [:]).merging(items) { $1 } }
        }
        return found
    }
}

private func imapName(_ folder: String) throws(IMAPError) -> String {
    do throws(MailFault) { return try imapQuoted(imapFolder(folder)) } catch { throw .fault(error) }
}

/// `17-Jul-1996 02:44:25 -0700`
func internalDate(_ text: String) -> Instant? {
    let parts = text.split { " -:".contains($0) }
    guard parts.count == 7, let sign = text.dropLast(4).last else { return nil }
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    guard let day = Int32(parts[0]), let month = months.firstIndex(of: String(parts[1])),
        let year = Int32(parts[2]), let hour = Int32(parts[3]), let minute = Int32(parts[4]),
        let second = Int32(parts[5]), let zone = Int64(text.suffix(4)), sign == "+" || sign == "-",
        (1970...9999).contains(year)
    else { return nil }
    var time = unsafe tm()
    unsafe (time.tm_mday, time.tm_mon, time.tm_year) = (day, Int32(month), year - 1900)
    unsafe (time.tm_hour, time.tm_min, time.tm_sec) = (hour, minute, second)
    let offset = (zone / 100 * 60 + zone % 100) * 60 * (sign == "-" ? -1 : 1)
    return Instant(seconds: Int64(unsafe timegm(&time)) - offset)
}
