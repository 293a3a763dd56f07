internal import Social

/// The parts in which TikTok takes a film: all of one size but the last, which has the rest.
struct TikTokFilm {
    private static let usual = 10_000_000
    let size: Int, partSize: Int, parts: Int

    /// A film that does not make two parts is one.
    init(_ medium: OutgoingPost.Medium) {
        size = medium.bytes.count
        partSize = size < 2 * Self.usual ? size : Self.usual
        parts = max(1, size / max(1, partSize))
    }

    func range(of part: Int) -> Range<Int> {
        let start = min(part * partSize, size)
        return start..<(part == parts - 1 ? size : min(start + partSize, size))
    }

    /// Returns the number of whole parts in so many bytes.
    func parts(in bytes: Int64) -> Int {
        bytes >= size ? parts : min(Int(max(0, bytes)) / max(1, partSize), parts - 1)
    }
}

/// The progress of a post at TikTok.
struct TikTokNotes {
    /// The name of the creator, who was asked what may be posted; `nil`: not yet.
    var creator: String?
    /// The things that the creator's account does not let be done with a post.
    var closed: Set<String>
    /// TikTok's name of this publication, which it knows it by until the end.
    var publication: String?
    /// Where the film goes, and how many of its parts are there.
    var address: String?
    var sent: Int
    /// The number of times that TikTok has been asked what has become of it.
    var looks: Int
    /// It was begun anew, after a fault of TikTok's own.
    var isSecond: Bool

    init(_ progress: PostProgress) {
        let notes = progress.notes
        func number(_ name: String) -> Int { notes[name].flatMap { Int($0) } ?? 0 }
        (creator, publication, address) = (notes["creator"], notes["publication"], notes["address"])
        closed = Set((notes["closed"] ?? "").split(separator: ",").map(String.init))
        (sent, looks, isSecond) = (number("sent"), number("looks"), notes["second"] != nil)
    }

    func noted(in known: PostProgress) -> PostProgress {
        var progress = known
        progress.notes = [:]
        progress.notes["creator"] = creator
        progress.notes["closed"] = closed.isEmpty ? nil : closed.sorted().joined(separator: ",")
        progress.notes["publication"] = publication
        progress.notes["address"] = address
        progress.notes["sent"] = sent == 0 ? nil : "\(sent)"
        progress.notes["looks"] = looks == 0 ? nil : "\(looks)"
        progress.notes["second"] = isSecond ? "1" : nil
        return progress
    }
}
