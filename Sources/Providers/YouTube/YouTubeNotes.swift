internal import Social

/// The progress of a film at YouTube.
struct YouTubeNotes {
    /// Where its bytes go; `nil`: it was not begun.
    var session: String?
    /// The number of bytes that are there.
    var sent: Int
    /// YouTube's name of the film, which has it whole.
    var film: String?
    /// The number of times that YouTube has been asked whether its work is done.
    var looks: Int
    /// The number of times that it was begun.
    var begun: Int
    /// The number of times in a row that nothing of what was sent has stayed.
    var stalls: Int

    init(_ progress: PostProgress) {
        let notes = progress.notes
        func number(_ name: String) -> Int { notes[name].flatMap { Int($0) } ?? 0 }
        (session, film) = (notes["session"], notes["film"])
        (sent, looks, begun, stalls) = (number("sent"), number("looks"), number("begun"), number("stalls"))
    }

    func noted(in known: PostProgress) -> PostProgress {
        var progress = known
        progress.notes = ["sent": "\(sent)", "looks": "\(looks)", "begun": "\(begun)", "stalls": "\(stalls)"]
        progress.notes["session"] = session
        progress.notes["film"] = film
        return progress
    }

    /// The session is gone, with what was sent there.
    mutating func forgetSession() { (session, sent, stalls) = (nil, 0, 0) }
}
