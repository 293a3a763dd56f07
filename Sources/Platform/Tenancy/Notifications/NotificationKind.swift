package import Templates

/// Something that people of the agency are told of, as they choose how: a module that tells it declares it, and offers
/// it (`ModuleOffer(NotificationKind.self)`) for everybody to choose.
package struct NotificationKind: Sendable {
    /// Stored with each notification, and with what people have chosen; never renamed.
    package let name: String
    /// The name as people read it: "A contact asks for a person".
    package let title: Saying

    package init(_ name: String, _ title: Saying) { (self.name, self.title) = (name, title) }
}

extension NotificationKind {
    /// A test goes wherever everything goes, so that nobody chooses of it.
    static let test = NotificationKind("test", Saying("notification.test_title"))
}
