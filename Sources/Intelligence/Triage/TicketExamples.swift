/// Messages to the support of an agency, with what they are about: all of them invented. Triage learns from
/// them, a line each.
enum TicketExamples {
    static let all: [(text: String, label: String, weight: Float)] = [
        (billing, TicketTriage.Category.billing), (technical, .technical), (account, .account),
        (content, .content), (campaign, .campaign), (complaint, .complaint),
        (featureRequest, .featureRequest), (general, .general),
    ].flatMap { lines, label in
        lines.split(separator: "\n").map { (String($0), label.rawValue, 1) }
    }
}
