internal import Social

/// The progress of the pictures and films of a post to X. Nobody sees them before the post itself.
struct XUpload {
    /// The file that is under way there.
    struct Current {
        let id: String
        /// The number of its parts that X has; `nil`: all of them, and X works on it.
        var parts: Int?
    }

    /// The identifiers of those that X has whole, in their order.
    private(set) var done: [String]
    private(set) var current: Current?
    /// The number of times that X has been asked whether its work is done.
    private(set) var looks: Int
    /// They stand with the first part already.
    private let isOver: Bool

    init(_ progress: PostProgress) {
        let notes = progress.notes
        done = (notes["media"] ?? "").split(separator: ",").map(String.init)
        current = notes["upload"].map { Current(id: $0, parts: notes["parts"].flatMap { Int($0) }) }
        looks = notes["looks"].flatMap { Int($0) } ?? 0
        isOver = !progress.standing.isEmpty
    }

    /// Returns whether something of a post is still to be taken there.
    func wants(_ post: OutgoingPost) -> Bool { !isOver && done.count < post.media.count }

    /// Notes it for the step that follows.
    func noted(in known: PostProgress) -> PostProgress {
        var progress = known
        progress.notes["media"] = done.isEmpty ? nil : done.joined(separator: ",")
        progress.notes["upload"] = current?.id
        progress.notes["parts"] = current?.parts.map { "\($0)" }
        progress.notes["looks"] = looks == 0 ? nil : "\(looks)"
        return progress
    }

    mutating func begin(_ id: String) { (current, looks) = (Current(id: id, parts: 0), 0) }
    mutating func tookPart() {
        let parts = current?.parts ?? 0
        current?.parts = parts + 1
    }
    mutating func tookAll() { current?.parts = nil }
    mutating func looked() { looks += 1 }
    mutating func finish() {
        if let current { done.append(current.id) }
        (current, looks) = (nil, 0)
    }
}
