internal import Messages

/// The mails of a new agency's sequences that keep in touch, which the agency may change at will; their words are in
/// the catalogues. They state no figure and make no offer of their own: what they claim or offer they
/// take from evidence.
enum NurtureMail: String, CaseIterable {
    case welcome
    case story
    case education
    case demo
    case proof
    case invitation
    case warmShow = "warm_show"
    case warmStory = "warm_story"
    case warmInsight = "warm_insight"
    case warmQuestion = "warm_question"
    case tip
    case companyNews = "company_news"
    case coldQuestion = "cold_question"
    case whatsNew = "whats_new"
    case dormantQuestion = "dormant_question"
    case lastWord = "last_word"
    case resource
    case season
    case offer
    case productDemo = "product_demo"
    case trend
    case checkIn = "check_in"

    var template: SeedTemplate {
        SeedTemplate(
            "Nurture: \(rawValue.replacing("_", with: " "))", kind: "nurture", part: rawValue)
    }
}

/// A touch of a seeded sequence.
struct NurtureTouch {
    let step: String
    let mail: NurtureMail
    /// The number of days after the one before, where the stage of the lead does not say how often it is in
    /// touch.
    var days = 1
    /// The stage for which alone it is meant.
    var stage: String?

    init(_ step: String, _ mail: NurtureMail, after days: Int = 1, in stage: String? = nil) {
        (self.step, self.mail, self.days, self.stage) = (step, mail, days, stage)
    }
}

extension NurtureKey {
    /// The step that asks for the last time, and the stage in which it does.
    static let lastAttempt = "last_word", lastStage = "archived"
    /// For how many years one asks after somebody of whom nothing is heard.
    private static let years = 8

    /// The sequences whose steps of one name tell the same, which nobody gets from both.
    var together: [NurtureKey] { self == .warmLead || self == .coldLead ? [.warmLead, .coldLead] : [self] }

    /// The touches of the seeded sequence. But for the welcome, whose days are its own, the rhythm of the lead's stage
    /// says when they come; those that claim what there is no record of are passed over.
    var touches: [NurtureTouch] {
        switch self {
        case .newLead:
            [
                .init("welcome", .welcome), .init("success_story", .story, after: 2),
                .init("education", .education, after: 4), .init("demo", .demo, after: 7),
                .init("social_proof", .proof, after: 7), .init("offer", .invitation, after: 9),
            ]
        case .warmLead:
            [
                .init("show", .warmShow), .init("resource", .resource), .init("story", .warmStory),
                .init("insight", .warmInsight), .init("question", .warmQuestion),
            ]
        case .coldLead:
            [
                .init("tip", .tip, in: "warm"), .init("insight", .warmInsight, in: "warm"),
                .init("story", .warmStory, in: "warm"), .init("show", .productDemo, in: "warm"),
                .init("news_1", .companyNews), .init("resource", .resource),
                .init("question", .coldQuestion), .init("news_2", .companyNews), .init("season_1", .season),
                .init("offer", .offer), .init("news_3", .companyNews), .init("season_2", .season),
                .init("news_4", .companyNews), .init("season_3", .season), .init("news_5", .companyNews),
                .init("news_6", .companyNews), .init("news_7", .companyNews),
            ]
        case .dormantLead:
            [
                .init("news_1", .whatsNew, in: "dormant"), .init("offer", .offer, in: "dormant"),
                .init("trend_1", .trend, in: "dormant"),
                .init("question", .dormantQuestion, in: "dormant"),
                .init("news_2", .whatsNew, in: "dormant"), .init("offer_2", .offer, in: "dormant"),
                .init("trend_2", .trend, in: "dormant"), .init("news_3", .whatsNew, in: "dormant"),
                .init(Self.lastAttempt, .lastWord, in: Self.lastStage),
            ]
                + (1...Self.years).flatMap { year -> [NurtureTouch] in
                    [
                        .init("year_\(year)", .whatsNew, in: Self.lastStage),
                        .init("check_in_\(year)", .checkIn, in: Self.lastStage),
                    ]
                }
        }
    }
}
