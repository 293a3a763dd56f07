package import Database
internal import Integrations
package import People
internal import Records
internal import Tenancy
internal import Wording

/// The files that a service of short messages takes, one a message.
package struct ChatFiles: Sendable {
    package struct Kind: Sendable {
        /// The service's name for the kind: `image`, `document`.
        package let name: String
        /// Media types; one that ends in `/` stands for all that begin so, an empty one for every other.
        package let types: [String]
        package let sizeMax: Int
        /// The longest text with it, in characters.
        package let captionMax: Int

        package init(_ name: String, _ types: [String], sizeMax: Int, captionMax: Int = 1024) {
            (self.name, self.types, self.sizeMax, self.captionMax) = (name, types, sizeMax, captionMax)
        }

        fileprivate func takes(_ type: String) -> Bool {
            types.contains { $0.isEmpty || $0 == type || $0.hasSuffix("/") && type.hasPrefix($0) }
        }
    }

    package let kinds: [Kind]

    package init(_ kinds: [Kind]) { self.kinds = kinds }

    /// Returns the kind as which a file is sent, by its type and size: the first that takes it, else the first of its
    /// type.
    package func kind(of type: String, _ size: Int) -> Kind? {
        let fit = kinds.filter { $0.takes(type) }
        return fit.first { size <= $0.sizeMax } ?? fit.first
    }

    /// Adds the faults of files that are to be sent with a text.
    func check(_ files: [StoredFile], with text: String, _ pointer: String, _ faults: inout Faults) {
        guard let file = files.first else { return }
        if files.count > 1 {
            faults.add(
                "/attachments/1", "too_many",
                "A message over this channel takes one file: send the others in further messages.")
        }
        guard let kind = kind(of: file.mediaType, file.size) else {
            return faults.add(
                "/attachments/0", "invalid_media_type",
                "The file is of the type \(file.mediaType), which this channel does not accept: send another type."
            )
        }
        if file.size > kind.sizeMax {
            faults.add(
                "/attachments/0", "too_large",
                "The file may have at most \(kind.sizeMax >> 20) MB as \(kind.name) on this channel.")
        }
        if text.count > kind.captionMax {
            faults.add(
                pointer, "too_long",
                kind.captionMax == 0
                    ? "The text cannot be sent with \(kind.name): send it in a message of its own."
                    : "The text may have at most \(kind.captionMax) characters beside a file on this channel."
            )
        }
    }
}

/// A file on its way with a short message.
package struct OutgoingFile: Sendable {
    package let name: String, mediaType: String
    package let bytes: [UInt8]
    /// The service's name for the kind of file.
    package let kind: String

    package init(name: String, mediaType: String, bytes: [UInt8], kind: String) {
        (self.name, self.mediaType, self.bytes, self.kind) = (name, mediaType, bytes, kind)
    }
}

extension Outbox {
    /// The service that brings short messages over a channel, where there is one.
    func service(of channel: Channel) -> (any ChatSending)? {
        integrations.providers.all.lazy.compactMap { $0 as? any ChatSending }.first { $0.channel == channel }
    }

    /// Shortens an agent's words to what their service takes, at the end of a line or a word: a person is told before
    /// anything is stored, and an agent has nobody to tell it.
    func fit(_ message: inout Message, beside wayOut: String) {
        guard let service = service(of: message.channel), message.templateID == nil else { return }
        func fits(_ text: String) -> Bool {
            service.length(of: text.ending(with: wayOut)).count <= service.textMax
        }
        guard !fits(message.text) else { return }
        let mark = " …"
        var kept = ""
        for line in message.text.split(separator: "\n", omittingEmptySubsequences: false) {
            let longer = kept.isEmpty ? String(line) : "\(kept)\n\(line)"
            guard !fits(longer + mark) else {
                kept = longer
                continue
            }
            guard kept.isEmpty else { break }
            for word in line.split(separator: " ") {
                let longer = kept.isEmpty ? String(word) : "\(kept) \(word)"
                guard fits(longer + mark) else { break }
                kept = longer
            }
            break
        }
        message.text = kept + mark
        message.body = message.text
    }

    /// Returns whether a text is short enough for a channel, with what is said below it there.
    package func fits(
        _ text: String, on channel: Channel, _ purpose: Purpose, to contact: Contact,
        in reader: some Queryable
    ) throws -> Bool {
        guard let service = service(of: channel) else { return true }
        let whole = text.ending(with: try wayOut(on: channel, purpose, to: contact, in: reader))
        return service.length(of: whole).count <= service.textMax
    }

    /// Returns the longest text that a channel takes, where a text is longer than that, and in which unit.
    package func excess(of text: String, on channel: Channel) -> (max: Int, unit: String)? {
        guard let service = service(of: channel) else { return nil }
        let length = service.length(of: text)
        return length.count > service.textMax ? (service.textMax, length.unit) : nil
    }

    /// Returns the words by which a text message is the last one, which advertising has below it; empty otherwise.
    func wayOut(
        on channel: Channel, _ purpose: Purpose, to contact: Contact, in reader: some Queryable
    ) throws -> String {
        guard channel == .sms, purpose == .marketing else { return "" }
        let words = try reader.wordings.find(contact.locale ?? reader.agency.tenant().locale)
        return "\n" + words("sms.way_out")
    }

    /// Adds the faults of a message for a channel: a text that is too long, or files that the channel does not take.
    func checkChat(
        _ text: String, _ files: [StoredFile], over channel: Channel, _ pointer: String,
        _ faults: inout Faults
    ) {
        guard let service = service(of: channel) else { return }
        if let (max, unit) = excess(of: text, on: channel) {
            faults.add(
                pointer, "too_long", max: max,
                "The text may have at most \(max) \(unit) on \(channel.rawValue).")
        }
        guard !files.isEmpty else { return }
        guard let rules = service.files else {
            return faults.add(
                "/attachments/0", "conflict",
                "Files cannot be sent over \(channel.rawValue): send a link instead.")
        }
        rules.check(files, with: text, pointer, &faults)
    }
}

extension String {
    /// Returns the text with such words below it, unless it has them.
    func ending(with wayOut: String) -> String {
        let hasIt = wayOut.isEmpty || split(whereSeparator: { !$0.isLetter }).contains("STOP")
        return hasIt ? self : self + wayOut
    }
}
