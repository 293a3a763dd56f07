import Foundation
import JSON

/// One of the posts of a client's quarter.
struct QuarterPost {
    let piece: Int, network: String
    /// The name of the account.
    let account: String
    var text: String
    /// The next part of it at X.
    var thread: [String] = []
    var comment: String?
    var at: Date
}

/// A client's quarter: 25 pieces, each told by two accounts on each of six networks in the same minute, most
/// of them as parts of four campaigns.
struct QuarterPlan {
    /// A Monday. It lies before today, as what networks keep has the machine's own time.
    static let begin = Date(timeIntervalSince1970: 1_736_150_400)
    static let first = "2025-01-06", last = "2025-04-06"
    static let pieces = 25, campaigns = 4, contacts = 20_000
    static let day = 86_400.0

    /// Pieces of which something becomes other than it was planned.
    enum Turn: Int {
        /// The client wants other words, and says yes to them twenty minutes after the hour.
        case lateYes = 3
        /// The client wants other words, and says no more.
        case silence = 5
        /// The agency writes it anew when the client has agreed, and the client agrees again.
        case newWords = 8
        /// The quarter, and nobody has looked at its posts.
        case oldPosts = 10
        /// A brake is on at its hour, for twenty minutes.
        case shortBrake = 12
        /// A brake is on at its hour, for longer than posts may be late; they are planned again.
        case longBrake = 15
        /// The budget of its campaign is spent.
        case spent = 17
        /// It is moved to another day.
        case moved = 20
        case cancelled = 23
    }

    /// When a piece is to come out.
    static func moment(of piece: Int) -> Date {
        let days = 2 + piece * 88 / pieces
        return begin + Double(days) * day + Double(60 * (piece * 7 % 300))
    }

    /// The campaign of a piece; of each fifth it is none.
    static func campaign(of piece: Int) -> Int? { piece % 5 < campaigns ? piece % 5 : nil }

    static func words(_ piece: Int, _ edition: String = "") -> String {
        "Piece \(piece)\(edition): roses, water and a garden that is looked after."
    }

    static func posts(of piece: Int, _ edition: String = "") -> [QuarterPost] {
        QuarterNetworks.names.flatMap { network in
            QuarterNetworks.brands.map { brand in
                let end = "piece \(piece)\(edition) of \(brand)"
                var post = QuarterPost(
                    piece: piece, network: network, account: "\(brand) on \(network)",
                    text: "\(brand) on \(network). \(words(piece, edition))", at: moment(of: piece))
                if network == "x", piece % 6 == 1 { post.thread = ["More of \(end)", "Last of \(end)"] }
                if ["facebook", "instagram"].contains(network), piece % 4 == 0 {
                    post.comment = "Below \(end)"
                }
                return post
            }
        }
    }
}

extension QuarterPost {
    /// All that is to stand there.
    var parts: [String] { [text] + thread }
}
