internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Social
internal import Templates

enum PostAlert {
    /// Nobody knows whether a post stands.
    static let unknown = "social_post_unknown"
    /// Nobody knows whether a network has taken a change of a post.
    static let changeUnknown = "post_change_unknown"
    /// A network does not know an account any more.
    static let reconnect = "social_account_reconnect"
    /// A network does not let us read how an account's posts do.
    static let figures = "social_figures"
    /// A network does not tell what people speak of.
    static let trends = "social_trends"
    /// Mentions of an account sound worse than they did.
    static let mood = "social_mood"
    /// A live talk was called off that was announced, or was about to be.
    static let spaceCancelled = "social_space_cancelled"
    /// Posts wait whose content says something else now.
    static let contentChanged = "social_post_changed"

    static let absent = ToolFailure(
        "not_published", "A person has seen that it does not stand there.", isRetryable: false)
}
