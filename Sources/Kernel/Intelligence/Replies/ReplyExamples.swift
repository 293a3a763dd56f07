/// Replies as people and machines write them, with what they mean: all of them invented. The classifier
/// learns from them, a line each.
enum ReplyExamples {
    static let all: [(text: String, label: ReplyClass)] = [
        (interested, .interested), (question, .question), (objection, .objection), (notNow, .notNow),
        (notInterested, .notInterested), (referral, .referral), (outOfOffice, .outOfOffice),
        (unsubscribe, .unsubscribe), (bounce, .bounce), (other, .other),
    ].flatMap { lines, label in
        lines.split(separator: "\n").map { (String($0), label) }
    }
}
