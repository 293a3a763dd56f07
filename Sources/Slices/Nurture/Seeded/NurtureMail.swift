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

    var template: SeedTemplate {
        SeedTemplate(
            "Nurture: \(rawValue.replacing("_", with: " "))", kind: "nurture", part: rawValue)
    }
}

extension NurtureKey {
    /// The touches of the seeded sequence: the step's name, its mail, and how many days after the one before.
    var touches: [(step: String, mail: NurtureMail, days: Int)] {
        switch self {
        case .newLead:
            [
                ("welcome", .welcome, 1), ("success_story", .story, 2), ("education", .education, 4),
                ("demo", .demo, 7), ("social_proof", .proof, 7), ("invitation", .invitation, 9),
            ]
        case .warmLead:
            [
                ("show", .warmShow, 1), ("resource", .resource, 14), ("story", .warmStory, 14),
                ("insight", .warmInsight, 14), ("question", .warmQuestion, 14),
            ]
        case .coldLead:
            [
                ("tip", .tip, 1), ("resource", .resource, 14), ("news_1", .companyNews, 14),
                ("question", .coldQuestion, 14), ("news_2", .companyNews, 30), ("season_1", .season, 30),
                ("offer", .offer, 30), ("news_3", .companyNews, 30), ("season_2", .season, 30),
                ("news_4", .companyNews, 30), ("season_3", .season, 30), ("news_5", .companyNews, 30),
                ("news_6", .companyNews, 30), ("news_7", .companyNews, 30),
            ]
        case .dormantLead:
            [
                ("news_1", .whatsNew, 1), ("offer", .offer, 91), ("question", .dormantQuestion, 91),
                ("news_2", .whatsNew, 91), ("last_word", .lastWord, 91), ("news_3", .whatsNew, 365),
                ("news_4", .whatsNew, 365),
            ]
        }
    }
}
