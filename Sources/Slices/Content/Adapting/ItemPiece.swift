internal import Database
package import Nouns
internal import Records
internal import Social
internal import Tenancy

extension LongPiece {
    /// A content item as its readers see it: what a message is called is for colleagues.
    init(of item: ContentItem, in reader: some Queryable) throws {
        self.init()
        title = item.format == .message || item.format == .email ? item.subject : item.title
        if title.isEmpty, item.format != .message { title = item.title }
        body = item.body
        shape = item.format == .video ? .film : item.format == .story ? .story : .words
        media = try item.media.list.map { medium in
            let file = try StoredFile.resource.find(medium.fileID, in: reader)
            return PostDraft.Medium(
                altText: medium.altText, probe: try file.map { try reader.probe(of: $0) } ?? MediaProbe())
        }
    }
}

extension ContentStore {
    /// Returns what an item says, sentence by sentence; nothing of one that nobody has agreed to.
    package func approvedSentences(of id: ContentItemID) throws -> [String] {
        guard let item = try ContentItem.resource.find(id, in: tx), item.status.isGiven else { return [] }
        return try LongPiece(of: item, in: tx).paragraphs.flatMap(\.self)
    }
}

extension Queryable {
    /// Looks at a picture or film: at its beginning, and at the whole of it only where that does not tell.
    fileprivate func probe(of file: StoredFile) throws -> MediaProbe {
        var probe = MediaProbe(try files.head(of: file))
        if probe.isVideo || probe.type == nil && file.mediaType.hasPrefix("image/") {
            probe = MediaProbe(try files.content(of: file))
        }
        probe.size = file.size
        return probe
    }
}
