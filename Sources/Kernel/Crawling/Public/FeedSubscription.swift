package import Markup

/// The wish to be told by a hub when a feed changes (W3C, WebSub).
package struct FeedSubscription: Sendable {
    /// The hub, and the address under which it knows the feed.
    package let hub: PageAddress, topic: PageAddress
    /// The address that the hub is to call, and the secret with which it signs what it sends there.
    package let callback: String, secret: String
    package let lease: Duration

    package init(
        _ hub: PageAddress, _ topic: PageAddress, callback: String, secret: String, lease: Duration
    ) {
        (self.hub, self.topic, self.callback, self.secret) = (hub, topic, callback, secret)
        self.lease = lease
    }

    /// The fields of the form that asks for it.
    package var fields: [(name: String, value: String)] {
        [
            ("hub.mode", "subscribe"), ("hub.topic", topic.description), ("hub.callback", callback),
            ("hub.secret", secret), ("hub.lease_seconds", "\(lease.components.seconds)"),
        ]
    }
}
