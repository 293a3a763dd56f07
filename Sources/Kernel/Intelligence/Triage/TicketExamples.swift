/// Messages to the support of an agency, with what they are about: all of them invented. Triage learns from
/// them, a line each.
enum TicketExamples {
    static let all: [(text: String, label: String, weight: Float)] = [
        ([billing, moreBilling], TicketTriage.Category.billing), ([technical, moreTechnical], .technical),
        ([account, moreAccount], .account), ([content, moreContent], .content),
        ([campaign, moreCampaign], .campaign), ([complaint, moreComplaint], .complaint),
        ([featureRequest, moreFeatureRequest], .featureRequest), ([general, moreGeneral], .general),
    ].flatMap { lists, label in
        lists.flatMap { $0.split(separator: "\n") }.map { (String($0), label.rawValue, 1) }
    }
}
